"""The rows of a cell, the aggregate that holds it, its sums, and the error where it has no rows."""

from decimal import Decimal

import pytest

from usage_assets.explanation.cell import Cell, NoCost
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets_tests.explanation.conftest import Derive, Lines, agreeing, contradicting_lines
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row, tokens

ANN = {"id": "u1", "email": "Ann@Acme.example", "name": "Ann"}
BOB = {"id": "u2"}
SONNET = {"id": "claude-sonnet-4-5-20250929", "provider": "Anthropic"}
GPT = {"id": "gpt-5", "provider": "openai"}


@pytest.fixture(scope="module")
def of_two(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Return a function that derives figures of two accounts on one day, with two models, surfaces and people."""
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
    ("filters", "found", "table"),
    [
        ({}, ["b1", "a3", "a2", "a1"], "cost_by_account"),
        ({"account": "acme"}, ["a3", "a2", "a1"], "cost_by_account"),
        ({"provider": "ANTHROPIC"}, ["b1", "a3", "a1"], "cost_by_provider"),
        ({"model": "claude-sonnet-4-5"}, ["b1", "a1"], "cost_by_model"),
        ({"model": "GPT-5", "account": "acme", "provider": "openai"}, ["a2"], "cost_by_model"),
        ({"model": "(none)"}, ["a3"], "cost_by_model"),
        ({"surface": "cli"}, ["b1", "a1"], "cost_by_surface"),
        ({"surface": "(none)", "account": "acme"}, ["a3"], "cost_by_surface"),
        ({"user": "ann@ACME.example"}, ["b1", "a1"], "cost_by_user"),
        ({"user": "acme:u2"}, ["a2"], "cost_by_user"),
        ({"user": "(none)"}, ["a3"], "cost_by_user"),
    ],
)
def test_filters_choose_rows_and_the_table_that_holds_the_cell(
    of_two: Lines, filters: dict[str, str], found: list[str], table: str
) -> None:
    lines = of_two(**filters)

    assert rows_of(lines) == found
    assert f"{table} holds the same sums" in lines


def test_no_aggregate_holds_a_model_and_a_user_together(of_two: Lines) -> None:
    lines = of_two(model="claude-sonnet-4-5", user="ann@acme.example")

    assert rows_of(lines) == ["b1", "a1"]
    assert "no aggregate has all these columns: the sums are those of cost" in lines


def test_a_raw_model_id_finds_rows_but_no_aggregate(of_two: Lines) -> None:
    lines = of_two(model="claude-sonnet-4-5-20250929")

    assert rows_of(lines) == ["b1", "a1"]
    assert "no aggregate holds raw model ids, cost_by_model only names: the sums are those of cost" in lines


def test_a_row_names_its_raw_model_and_its_person(of_two: Lines) -> None:
    lines = of_two(account="beta")

    assert (
        "product (none), metric (none), provider anthropic, model claude-sonnet-4-5 (raw claude-sonnet-4-5-20250929)"
        in lines
    )
    assert "surface cli, user ann@acme.example (id u1, Ann@Acme.example, Ann)" in lines


def test_rows_not_shown_are_counted_and_summed(of_two: Lines) -> None:
    lines = of_two(shown=2)

    assert rows_of(lines) == ["b1", "a3"]
    assert lines[-1] == (
        "4 cost rows, all recomputed, none with a contradiction; "
        f"2 not shown, together {2 + 1} USD: `--rows 0` shows all"
    )


def test_rows_not_shown_without_cost_have_no_sum(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "1")), row("r2"), row("r3")])
    pipeline.run()

    assert explained(shown=1)[-1].endswith("; 2 not shown, together no cost in USD: `--rows 0` shows all")


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"account": "nobody"}, "Account nobody has no cost on 2026-06-10; there is cost of acme, beta."),
        (
            {"account": "beta", "model": "gpt-5"},
            "Model gpt-5 has no cost on 2026-06-10, account beta; there is cost of claude-sonnet-4-5.",
        ),
        (
            {"provider": "openai", "surface": "CLI"},
            "Surface CLI has no cost on 2026-06-10, provider openai; there is cost of web.",
        ),
        ({"user": "eve\x1b[2J"}, "User eve[2J has no cost on 2026-06-10; see `cost_by_user` for the users who have."),
        (
            {"day": "2026-06-01"},
            "There is no cost on 2026-06-01: the warehouse holds cost from 2026-06-10 to 2026-06-10.",
        ),
        (
            {"day": "2026-06-11", "last_day": "2026-06-30"},
            "There is no cost on 2026-06-11 to 2026-06-30: the warehouse holds cost from 2026-06-10 to 2026-06-10.",
        ),
    ],
)
def test_a_cell_without_rows_names_the_filter_that_leaves_none(
    of_two: Lines, filters: dict[str, str], sentence: str
) -> None:
    with pytest.raises(NoCost) as raised:
        of_two(**filters)
    assert str(raised.value) == sentence


def test_many_values_are_cut_short(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row(f"r{i}", charge("net", "1"), surface=f"s{i:02}") for i in range(23)])
    pipeline.run()

    with pytest.raises(NoCost, match=r"s00, s01, .*, s19 and 3 more\.$"):
        explained(surface="s99")


def test_a_warehouse_without_cost_says_how_to_get_some(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.load()

    with pytest.raises(NoCost, match="holds no cost yet, run `usage-assets sync`"):
        explained()


def test_without_a_warehouse_nothing_is_loaded(pipeline: Pipeline, explained: Lines) -> None:
    with pytest.raises(NothingLoaded, match="holds no usage yet: run `usage-assets sync` first"):
        explained()
    assert list(pipeline.folder.iterdir()) == []


def test_sums_name_cost_bases_tax_provisional_part_and_contributors(pipeline: Pipeline, explained: Lines) -> None:
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

    assert explained(shown=0) == [
        "2026-06-10",
        "",
        "USD: cost 13 in 5 rows",
        "billed 10 in 1 row, estimated 3 in 1 row, included 0 in 1 row, unpriced in 1 row, none in 1 row",
        "tax, not in cost: 1.9",
        "cost_usd 13",
        "provisional: 13 in 5 rows, which the vendor may still restate",
        "largest:",
        "confluent · tenant of acme, provider anthropic, model (none): 10 in 4 rows",
        "confluent · tenant of acme, provider anthropic, model claude-sonnet-4-5: 3 in 1 row",
        "",
        "cost_by_account holds the same sums",
        "",
        "5 cost rows, all recomputed, none with a contradiction; "
        "`--rows 20` shows the costliest with the names of people, `--rows 0` all",
    ]


def test_only_the_largest_contributors_of_a_currency_are_named(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row(f"r{cost}", charge("net", str(cost)), model={"id": f"m{cost}"}) for cost in range(1, 9)])
    pipeline.run()

    [sums] = derive().sums

    assert [part.model for part in sums.contributors] == ["m8", "m7", "m6", "m5", "m4"]


def test_each_currency_has_its_own_sums(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land(
        [row("r1", charge("net", "1")), row("r2", charge("net", "2", "EUR")), row("r3", charge("net", "4", "XTS"))]
    )
    pipeline.run()

    assert [line for line in explained() if ": cost " in line and line.endswith(" in 1 row")] == [
        "USD: cost 1 in 1 row", "EUR: cost 2 in 1 row", "XTS: cost 4 in 1 row",
    ]  # fmt: skip


def test_an_aggregate_that_differs_is_a_contradiction(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost_by_account set cost = cost + 0.000000000001")

    assert contradicting_lines(derive()) == [
        f"CONTRADICTION: cost on 2026-06-10 is 1 USD in cost and {1 + Decimal('1e-12')} in cost_by_account: "
        "the program has a bug, please report it"
    ]


def test_an_aggregate_without_the_cell_is_a_contradiction(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost_by_account set currency = 'EUR'")

    assert [(found.reason, found.currency) for found in derive().contradictions] == [
        ("cost_lacks_cell", "EUR"),
        ("table_lacks_cell", "USD"),
    ]


def test_days_that_differ_in_opposite_directions_are_both_contradictions(pipeline: Pipeline, derive: Derive) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([row(f"of {day}", charge("net", "5"), day=day)], day=day)
    pipeline.run()
    pipeline.amend(f"update cost_by_account set cost = cost + if(usage_date = '{DAY}', 1, -1)")

    found = derive(DAY, NEXT_DAY).table_contradictions

    assert [(c.usage_date, c.expected, c.held) for c in found] == [
        (DAY, Decimal(5), Decimal(6)),
        (NEXT_DAY, Decimal(5), Decimal(4)),
    ]


def test_an_aggregate_that_is_not_derived_yet_is_a_contradiction(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.derive_cost()

    assert contradicting_lines(derive()) == [
        "CONTRADICTION: cost_by_account is not derived yet from the cost of 2026-06-10, run `usage-assets sync`"
    ]


def test_names_in_the_data_cannot_control_the_terminal(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "1"), surface="\x1b[31mred\x9b", metric_name="a\r\nb")])
    pipeline.run()

    lines = explained()

    assert [line for line in lines if not line.isprintable()] == []
    assert "surface [31mred, user (none)" in lines


def test_a_day_has_only_its_own_rows(pipeline: Pipeline, explained: Lines) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([row(f"of {day}", charge("net", "1"), day=day)], day=day)
    pipeline.run()

    assert rows_of(explained(NEXT_DAY)) == [f"of {NEXT_DAY}"]


@pytest.mark.parametrize(
    ("filters", "table"),
    [
        ({}, "cost_by_account"),
        ({"provider": "p", "account_id": "a"}, "cost_by_provider"),
        ({"surface": "s", "provider": "p"}, "cost_by_surface"),
        ({"surface": "s", "model": "m"}, None),
        ({"surface": "s", "user_key": "u"}, None),
    ],
)
def test_a_cell_has_the_coarsest_aggregate_with_all_its_columns(filters: dict[str, str], table: str | None) -> None:
    assert Cell(first_day=DAY, last_day=DAY, **filters).table == table
