"""Which rows a cell has, which table holds it too, and what is said where it has none."""

from datetime import date
from decimal import Decimal

import pytest

from usage_assets.explain.cell import Cell, NoCostThere
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets_tests.explain.conftest import Explain, SayAll, agreeing
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row, tokens

ANN = {"id": "u1", "email": "Ann@Acme.example", "name": "Ann"}
BOB = {"id": "u2"}
SONNET = {"id": "claude-sonnet-4-5-20250929", "provider": "Anthropic"}
GPT = {"id": "gpt-5", "provider": "openai"}


@pytest.fixture(scope="module")
def of_two(tmp_path_factory: pytest.TempPathFactory) -> Explain:
    """Explains pipeline of two accounts on one day, with two models, two surfaces, two people."""
    pipeline = Pipeline(tmp_path_factory.mktemp("two"))
    pipeline.land(
        [
            row("a1", charge("net", "1"), model=SONNET, surface="cli", user=ANN),
            row("a2", charge("net", "2"), model=GPT, surface="web", user=BOB),
            row("a3", charge("net", "4")),
        ],
        integration="claude",
    )
    pipeline.land([row("b1", charge("net", "8"), model=SONNET, surface="cli", user=ANN)], account="beta")
    pipeline.run()
    return agreeing(pipeline)


def rows_of(lines: list[str]) -> list[str]:
    return [line.partition("row id ")[2] for line in lines if ", row id " in line]


@pytest.mark.parametrize(
    ("asked", "found", "table"),
    [
        ({}, ["b1", "a3", "a2", "a1"], "cost_by_account"),
        ({"account_id": "acme"}, ["a3", "a2", "a1"], "cost_by_account"),
        ({"provider": "ANTHROPIC"}, ["b1", "a3", "a1"], "cost_by_provider"),
        ({"model": "claude-sonnet-4-5"}, ["b1", "a1"], "cost_by_model"),
        ({"model": "GPT-5", "account_id": "acme", "provider": "openai"}, ["a2"], "cost_by_model"),
        ({"model": "(none)"}, ["a3"], "cost_by_model"),
        ({"surface": "cli"}, ["b1", "a1"], "cost_by_surface"),
        ({"surface": "(none)", "account_id": "acme"}, ["a3"], "cost_by_surface"),
        ({"user_key": "ann@ACME.example"}, ["b1", "a1"], "cost_by_user"),
        ({"user_key": "acme:u2"}, ["a2"], "cost_by_user"),
        ({"user_key": "(none)"}, ["a3"], "cost_by_user"),
    ],
)
def test_filters_choose_rows_and_the_table_that_holds_the_cell(
    of_two: Explain, asked: dict[str, str], found: list[str], table: str
) -> None:
    lines = of_two(**asked)

    assert rows_of(lines) == found
    assert [line.split()[0] for line in lines if " holds the same figure: " in line] == [table]


def test_no_table_holds_a_model_and_a_user_together(of_two: Explain) -> None:
    lines = of_two(model="claude-sonnet-4-5", user_key="ann@acme.example")

    assert rows_of(lines) == ["b1", "a1"]
    assert "no table holds this cell: it is summed from cost" in lines


def test_a_raw_model_id_finds_rows_but_no_table(of_two: Explain) -> None:
    lines = of_two(model="claude-sonnet-4-5-20250929")

    assert rows_of(lines) == ["b1", "a1"]
    assert (
        "no table holds this cell, of which cost_by_model would know only the model's name: it is summed from cost"
        in lines
    )


def test_a_row_names_its_raw_model_and_its_person(of_two: Explain) -> None:
    lines = of_two(account_id="beta")

    assert (
        "product (none), metric (none), provider anthropic, model claude-sonnet-4-5 (raw claude-sonnet-4-5-20250929)"
        in lines
    )
    assert "surface cli, user ann@acme.example (id u1, Ann@Acme.example, Ann)" in lines


def test_rows_left_out_are_counted_and_summed(of_two: Explain) -> None:
    lines = of_two(2)

    assert rows_of(lines) == ["b1", "a3"]
    assert lines[-1] == f"and 2 more rows, together {2 + 1} USD: `--rows 0` shows all"


def test_rows_left_out_that_have_no_cost_do_not_come_to_zero(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row("r1", charge("net", "1")), row("r2"), row("r3")])
    pipeline.run()

    assert explain(1)[-1] == "and 2 more rows, together no cost in USD: `--rows 0` shows all"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"account_id": "nobody"}, "No cost on 2026-06-10 is of account nobody; there it is of: acme, beta."),
        (
            {"account_id": "beta", "model": "gpt-5"},
            "No cost on 2026-06-10, account beta is of model gpt-5; there it is of: claude-sonnet-4-5.",
        ),
        (
            {"provider": "openai", "surface": "CLI"},
            "No cost on 2026-06-10, provider openai is of surface CLI; there it is of: web.",
        ),
        (
            {"user_key": "eve\x1b[2J"},
            "No cost on 2026-06-10 is of user eve[2J; there it is of: (none), acme:u2, ann@acme.example.",
        ),
        (
            {"usage_date": date(2026, 6, 1)},
            "No cost on 2026-06-01: the warehouse holds cost from 2026-06-10 to 2026-06-10.",
        ),
    ],
)
def test_a_cell_without_rows_says_which_filter_leaves_none(of_two: Explain, asked: dict[str, str], says: str) -> None:
    with pytest.raises(NoCostThere) as raised:
        of_two(**asked)
    assert str(raised.value) == says


def test_many_values_are_cut_short(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row(f"r{i}", charge("net", "1"), surface=f"s{i:02}") for i in range(23)])
    pipeline.run()

    with pytest.raises(NoCostThere, match=r"s00, s01, .*, s19 and 3 more\.$"):
        explain(surface="s99")


def test_a_warehouse_without_cost_says_how_to_get_some(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.load()

    with pytest.raises(NoCostThere, match="holds no cost yet, run `usage-assets sync`"):
        explain()


def test_without_a_warehouse_nothing_is_loaded(pipeline: Pipeline, explain: Explain) -> None:
    with pytest.raises(NothingLoaded, match="holds no usage yet: run `usage-assets sync` first"):
        explain()
    assert list(pipeline.folder.iterdir()) == []


def test_the_head_tells_bases_tax_and_what_is_provisional_apart(pipeline: Pipeline, explain: Explain) -> None:
    sonnet = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
    pipeline.land(
        [
            row("billed", charge("net", "10"), charge("tax", "1.9")),
            row("included", charge("included", "5")),
            row("estimated", model=sonnet, usage=tokens(uncached=1_000_000)),
            row("unpriced", usage=tokens(uncached=1)),
            row("nothing"),
        ],
        integration="claude",
    )
    pipeline.run()

    head = explain()[: explain().index("", 2)]

    assert head == [
        "2026-06-10",
        "",
        "USD: cost 13 in 5 rows",
        "billed 10 in 1 row, estimated 3 in 1 row, included 0 in 1 row, unpriced in 1 row, none in 1 row",
        "tax, apart: 1.9",
        "cost_usd 13",
        "provisional: 13 in 5 rows, which the vendor may still restate",
        "cost_by_account holds the same figure: cost 13, cost_usd 13",
    ]


def test_currencies_are_summed_each_by_itself(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land(
        [row("r1", charge("net", "1")), row("r2", charge("net", "2", "EUR")), row("r3", charge("net", "4", "XTS"))]
    )
    pipeline.run()

    lines = explain()

    assert [line for line in lines if ": cost " in line and " in 1 row" in line] == [
        "USD: cost 1 in 1 row", "EUR: cost 2 in 1 row", "XTS: cost 4 in 1 row",
    ]  # fmt: skip


def test_a_table_that_disagrees_is_a_contradiction(pipeline: Pipeline, said: SayAll) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost_by_account set cost = cost + 0.000000000001")

    assert [line.text.strip() for line in said() if line.contradicts] == [
        f"CONTRADICTION: cost_by_account holds cost {1 + Decimal('1e-12')}: this must never be, please report it"
    ]


def test_a_table_without_the_cell_is_a_contradiction(pipeline: Pipeline, said: SayAll) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost_by_account set currency = 'EUR'")

    assert [line.text.strip() for line in said() if line.contradicts] == [
        "CONTRADICTION: cost_by_account does not hold this cell: this must never be, please report it",
        "CONTRADICTION: cost_by_account also holds EUR, of which cost has no row",
    ]


def test_a_table_that_is_behind_is_said_to_be_behind(pipeline: Pipeline, said: SayAll) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.derive_cost()

    assert [line.text.strip() for line in said() if line.contradicts] == [
        "CONTRADICTION: cost_by_account does not hold this cell: it is not derived yet from the cost of this day, "
        "run `usage-assets sync`"
    ]


def test_names_out_of_the_data_cannot_steer_the_terminal(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row("r1", charge("net", "1"), surface="\x1b[31mred", metric_name="a\r\nb")])
    pipeline.run()

    lines = explain()

    assert [line for line in lines if "\x1b" in line or "\n" in line] == []
    assert "surface [31mred, user (none)" in lines


def test_days_are_apart(pipeline: Pipeline, explain: Explain) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([row(f"of {day}", charge("net", "1"), day=day)], day=day)
    pipeline.run()

    assert rows_of(explain(usage_date=NEXT_DAY)) == [f"of {NEXT_DAY}"]


@pytest.mark.parametrize(
    ("cell", "table"),
    [
        (Cell(DAY), "cost_by_account"),
        (Cell(DAY, provider="p", account_id="a"), "cost_by_provider"),
        (Cell(DAY, surface="s", provider="p"), "cost_by_surface"),
        (Cell(DAY, surface="s", model="m"), None),
        (Cell(DAY, surface="s", user_key="u"), None),
    ],
)
def test_a_cell_knows_its_table(cell: Cell, table: str | None) -> None:
    assert cell.table == table
