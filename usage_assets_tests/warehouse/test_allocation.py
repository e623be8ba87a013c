"""Cost by team: exact shares, the rule that counts, and the days that a changed `allocation.csv` changes."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from usage_assets.allocation.rules import DIMENSIONS, Allocation, Rule
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.aggregates import COUNTS, MONEY
from usage_assets.warehouse.allocation import apply_allocation, create_team_lines
from usage_assets.warehouse.cost_lines import create_cost_lines
from usage_assets.warehouse.stale_days import create_days, stale_days
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row, tokens

ANN, BOB = ({"id": name, "email": f"{name}@acme.example"} for name in ("Ann", "Bob"))
BEFORE = DAY - timedelta(days=1)
NO_RULES = FileInForce(Allocation())
UNIT = Decimal("0.000000000001")


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path)


@pytest.fixture
def three_days(pipeline: Pipeline) -> Pipeline:
    """Ann costs 1 and Bob 2 on each of three days."""
    for day in (BEFORE, DAY, NEXT_DAY):
        rows = [row("a", charge("net", "1"), day=day, user=ANN), row("b", charge("net", "2"), day=day, user=BOB)]
        pipeline.land(rows, day=day)
    pipeline.run()
    return pipeline


@pytest.fixture(scope="module")
def of_one_row(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """One row that has a value in every dimension."""
    pipeline = Pipeline(tmp_path_factory.mktemp("one"))
    named = {"product": {"id": "p-1"}, "organization": {"id": "o-1"}, "surface": "cli", "user": ANN}
    resources = [{"id": "r-1", "workspace": {"id": "w-1"}}]
    model = {"id": "gpt-5", "provider": "openai"}
    pipeline.land([row("r1", charge("net", "1"), model=model, resources=resources, **named)])
    pipeline.derive_cost()
    return pipeline


def team_lines(pipeline: Pipeline, columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the cost lines of `DAY` by the rules of the file."""
    with pipeline.warehouse.reading() as connection:
        days = create_days(connection, [DAY])
        create_team_lines(connection, days, create_cost_lines(connection, days), pipeline.allocation.value)
        return connection.execute(f"select {columns} from team_lines group by all order by all").fetchall()


def costs(pipeline: Pipeline) -> dict[str, Decimal]:
    return dict(pipeline.query("select team, sum(cost) from cost_by_team group by all order by all"))


def costs_by_day(pipeline: Pipeline) -> dict[tuple[date, str], Decimal]:
    query = "select usage_date, team, sum(cost) from cost_by_team group by all order by all"
    return {(day, team): cost for day, team, cost in pipeline.query(query)}


def days_to_derive(pipeline: Pipeline, *lines: str) -> set[date]:
    """Return the days on which the table becomes stale when the file has these lines."""
    pipeline.allocate(*lines)
    with pipeline.warehouse.transaction() as connection:
        apply_allocation(connection, pipeline.allocation)
        return stale_days(connection, "cost_by_team")


# Rules


def test_without_rules_all_cost_is_of_no_team(three_days: Pipeline) -> None:
    assert three_days.query("select distinct team, cost_centre from cost_by_team") == [("(none)", "(none)")]
    assert costs(three_days) == {"(none)": 3 * money("3")}


def test_the_first_rule_in_the_order_of_the_file_counts(three_days: Pipeline) -> None:
    three_days.allocate("user_key,team", "ann@*,First", "ann@acme.example,Second", "bob@acme.example,Third", ",Last")
    three_days.run()

    assert costs(three_days) == {"First": 3 * money("1"), "Third": 3 * money("2")}


def test_a_rule_counts_on_its_first_and_last_day(three_days: Pipeline) -> None:
    three_days.allocate("valid_from,valid_to,team", f"{DAY},{DAY},A")
    three_days.run()

    assert costs_by_day(three_days) == {
        (BEFORE, "(none)"): money("3"), (DAY, "A"): money("3"), (NEXT_DAY, "(none)"): money("3"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("account_id", "acme"),
        ("integration", "confluent"),
        ("provider", "openai"),
        ("product_id", "p-1"),
        ("workspace_id", "w-1"),
        ("resource_id", "r-1"),
        ("organization_id", "o-1"),
        ("surface", "cli"),
        ("user_key", "ann@acme.example"),
    ],
)
def test_every_dimension_matches_a_value_and_a_prefix_and_no_other_value(
    of_one_row: Pipeline, dimension: str, value: str
) -> None:
    assert of_one_row.one(f"select {dimension} from cost") == value

    for pattern, team in [(f"{value}-other", "(none)"), (f"{value[:-1]}*", "Prefix"), (value, "Value")]:
        of_one_row.allocate(f"{dimension},team", f"{pattern},{team}")
        assert team_lines(of_one_row, "team, cost") == [(team, money("1"))]


# Shares


def test_shares_are_truncated_and_the_last_line_gets_the_rest(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "0.000000000010")), row("r2", charge("net", "-0.000000000010"))])
    pipeline.derive_cost()
    pipeline.allocate("team,share", "A,0.333333", "B,0.333333", "C,0.333334")

    assert team_lines(pipeline, "team, max(cost), min(cost)") == [
        ("A", 3 * UNIT, -3 * UNIT), ("B", 3 * UNIT, -3 * UNIT), ("C", 4 * UNIT, -4 * UNIT),
    ]  # fmt: skip


def test_the_lines_of_a_day_sum_to_the_table(pipeline: Pipeline) -> None:
    pipeline.land([row(f"r{number}", charge("net", f"0.00000000000{number}")) for number in range(1, 9)])
    pipeline.allocate("team,share,cost_centre", "A,0.3,1", "B,0.3,", "A,0.4,2")
    pipeline.run()

    sums = "team, cost_centre, sum(cost), sum(list_cost), count(*) filter (where counts_row)"
    held = "team, cost_centre, cost, list_cost, usage_rows"
    assert team_lines(pipeline, sums) == pipeline.query(f"select {held} from cost_by_team order by all")


def test_counts_are_parted_in_whole_numbers_and_rows_count_on_the_first_line(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), usage={"requests": {"total": 5}}), row("r2", usage=tokens(output=3))])
    pipeline.allocate("team,share", "A,0.5", "B,0.5")
    pipeline.run()

    assert pipeline.query(
        "select team, requests, output_tokens, usage_rows, unpriced_rows from cost_by_team order by team"
    ) == [("A", 2, 1, 2, 1), ("B", 3, 2, 0, 0)]


def test_a_row_without_a_rate_counts_on_the_first_line(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1", "XTS"))])
    pipeline.allocate("team,share", "A,0.5", "B,0.5")
    pipeline.run()

    assert pipeline.query("select team, cost, cost_usd, unconverted_rows from cost_by_team order by team") == [
        ("A", money("0.5"), None, 1),
        ("B", money("0.5"), None, 0),
    ]


def test_two_lines_of_one_rule_may_give_to_one_team(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.allocate("team,cost_centre,share", "A,1,0.25", "A,2,0.5", "A,1,0.25")
    pipeline.run()

    assert pipeline.query("select cost_centre, cost from cost_by_team order by 1") == [
        ("1", money("0.25") + money("0.25")),
        ("2", money("0.5")),
    ]


def test_the_largest_amounts_are_shared_exactly(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "9" * 20 + ".123456789012"))])
    pipeline.allocate("team,share", "A,0.123456789012", "B,0.876543210988")
    pipeline.run()

    units = int("9" * 20 + "123456789012")
    part = units * 123456789012 // 10**12
    assert {team: units_of(cost) for team, cost in costs(pipeline).items()} == {"A": part, "B": units - part}


# Changes of the file


def test_a_changed_file_derives_the_days_it_changes(three_days: Pipeline) -> None:
    header = "valid_from,valid_to,user_key,team"

    assert days_to_derive(three_days, header, f"{DAY},,ann@acme.example,A") == {DAY, NEXT_DAY}


def test_a_reorganisation_changes_no_past_figure(three_days: Pipeline) -> None:
    header = "valid_from,valid_to,user_key,team"
    three_days.allocate(header, ",,ann@acme.example,A", ",,bob@acme.example,B")
    three_days.run()

    closed = [f",{DAY},ann@acme.example,A", f"{NEXT_DAY},,ann@acme.example,C"]
    assert days_to_derive(three_days, header, *closed, ",,bob@acme.example,B") == {NEXT_DAY}
    three_days.derive()

    assert costs_by_day(three_days) == {
        (BEFORE, "A"): money("1"), (BEFORE, "B"): money("2"),
        (DAY, "A"): money("1"), (DAY, "B"): money("2"),
        (NEXT_DAY, "C"): money("1"), (NEXT_DAY, "B"): money("2"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["team,user_key", "A,ann@*", "B,bob@acme.example"],
        ["user_key,team", "bob@acme.example,B", "ann@acme.example,A"],
        ["user_key,team,share", "ann@acme.example,A,1.0", "bob@acme.example,B,", "carl@acme.example,C,"],
    ],
)
def test_a_file_that_says_the_same_in_other_words_derives_nothing(three_days: Pipeline, lines: list[str]) -> None:
    three_days.allocate("user_key,team", "ann@acme.example,A", "bob@acme.example,B")
    three_days.run()

    assert days_to_derive(three_days, *lines) == set()


@pytest.mark.parametrize(
    "lines",
    [
        ["user_key,team", "ann@acme.example,C"],
        ["user_key,team,cost_centre", "ann@acme.example,A,1"],
        ["user_key,team,share", "ann@acme.example,A,0.5", "ann@acme.example,A,0.5"],
        ["user_key,team"],
    ],
    ids=["team", "cost centre", "shares", "no rule"],
)
def test_another_team_cost_centre_or_share_derives_the_days(three_days: Pipeline, lines: list[str]) -> None:
    three_days.allocate("user_key,team", "ann@acme.example,A")
    three_days.run()

    assert days_to_derive(three_days, *lines) == {BEFORE, DAY, NEXT_DAY}


def test_a_removed_file_takes_its_rules_back(three_days: Pipeline) -> None:
    three_days.allocate("team", "A")
    three_days.run()

    three_days.allocation = NO_RULES
    three_days.run()

    assert costs(three_days) == {"(none)": 3 * money("3")}


def test_rules_that_this_version_refuses_derive_every_day(three_days: Pipeline) -> None:
    three_days.allocate("team", "A")
    three_days.run()
    three_days.amend("update bookkeeping.applied_files set content = 'no rules'::blob, sha256 = 'x'")

    assert days_to_derive(three_days, "team", "A") == {BEFORE, DAY, NEXT_DAY}


def test_a_restated_day_is_allocated_again(three_days: Pipeline) -> None:
    three_days.allocate("user_key,team", "ann@acme.example,A")
    three_days.run()

    three_days.land([row("a", charge("net", "7"), user=ANN)], day=DAY)
    three_days.run()

    assert costs_by_day(three_days)[DAY, "A"] == money("7")
    assert (DAY, "(none)") not in costs_by_day(three_days)


def test_a_new_file_gets_the_same_table_from_landing(three_days: Pipeline) -> None:
    three_days.allocate("valid_from,user_key,team,share", f"{DAY},ann@*,A,0.3", f"{DAY},ann@*,B,0.7", ",,C,")
    three_days.run()
    before = three_days.query("from cost_by_team order by all")

    three_days.warehouse.set_aside()
    three_days.run()

    assert three_days.query("from cost_by_team order by all") == before


# Against plain Python


def expected_sums(cost_rows: Iterable[dict[str, Any]], rules: Iterable[Rule]) -> dict[tuple[Any, ...], list[Any]]:
    """Return money and counts by day, account, provider, team, cost centre and currency, computed row by row."""
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [None] * len((*MONEY, *COUNTS)))
    for cost in cost_rows:
        for team, cost_centre, parts in parts_of(cost, rules):
            key = (cost["usage_date"], cost["account_id"], cost["provider"], team, cost_centre, cost["currency"])
            for place, part in enumerate(parts):
                if part is not None:
                    sums[key][place] = part + (sums[key][place] or 0)
    return dict(sums)


def parts_of(cost: dict[str, Any], rules: Iterable[Rule]) -> Iterable[tuple[str, str, list[int | None]]]:
    whole = [units_of(cost[name]) for name in (*MONEY, *COUNTS)]
    rule = next((rule for rule in rules if matches(rule, cost)), None)
    if rule is None:
        yield "(none)", "(none)", whole
        return
    left = list(whole)
    for share in rule.shares[:-1]:
        parts = [None if units is None else int(units * Fraction(share.share)) for units in whole]
        left = [
            None if units is None or part is None else units - part for units, part in zip(left, parts, strict=True)
        ]
        yield share.team, share.cost_centre, parts
    yield rule.shares[-1].team, rule.shares[-1].cost_centre, left


def units_of(value: Decimal | int | None) -> int | None:
    return int(Fraction(value) * 10**12) if isinstance(value, Decimal) else value


def matches(rule: Rule, cost: dict[str, Any]) -> bool:
    return rule.valid_from <= cost["usage_date"] <= rule.valid_to and all(
        cost[name].startswith(pattern[:-1]) if pattern.endswith("*") else cost[name] == pattern
        for name, pattern in rule.named_conditions.items()
    )


def random_file(draw: random.Random) -> list[str]:
    """Return the lines of a file with dated rules of one to three shares."""
    lines, used = ["valid_from,valid_to,provider,surface,user_key,team,cost_centre,share"], set[tuple[str, ...]]()
    for _ in range(draw.randrange(12)):
        conditions = (
            draw.choice(["", "openai", "anth*", "confluent"]),
            draw.choice(["", "s1", "s*", "(none)"]),
            draw.choice(["", "ann@acme.example", "b*"]),
        )
        if conditions not in used:
            used.add(conditions)
            dates = (draw.choice(["", str(DAY)]), draw.choice(["", str(NEXT_DAY), "2026-06-12"]))
            shares = draw.choice([[""], ["0.5", "0.5"], ["0.333", "0.333", "0.334"], ["0", "1"]])
            lines += [",".join([*dates, *conditions, draw.choice("XYZ"), draw.choice(["", "1"]), s]) for s in shares]
    return lines


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_that_of_a_calculation_row_by_row(pipeline: Pipeline, seed: int) -> None:
    draw = random.Random(seed)
    for day in (BEFORE, DAY, NEXT_DAY):
        pipeline.land([any_row(draw, number, day) for number in range(30)], day=day)
    pipeline.land([row("long", charge("net", "10"), start_date="2026-06-01", end_date="2026-07-01", user=ANN)],
                  account="monthly", integration="datadog", day=date(2026, 6, 1))  # fmt: skip
    for _ in range(3):
        pipeline.allocate(*random_file(draw))
        pipeline.run()

        names = ("usage_date", "currency", *DIMENSIONS, *MONEY, *COUNTS)
        cost_rows = [
            dict(zip(names, found, strict=True)) for found in pipeline.query(f"select {', '.join(names)} from cost")
        ]
        key = "usage_date, account_id, provider, team, cost_centre, currency"
        measures = ", ".join((*MONEY, *COUNTS))
        held = {
            found[:6]: [units_of(value) for value in found[6:]]
            for found in pipeline.query(f"select {key}, {measures} from cost_by_team")
        }
        assert held == expected_sums(cost_rows, pipeline.allocation.value.rules)
        assert pipeline.query(
            "select sum(usage_rows), sum(unpriced_rows), sum(unconverted_rows) from cost_by_team"
        ) == (pipeline.query("select sum(usage_rows), sum(unpriced_rows), sum(unconverted_rows) from cost_by_provider"))


def any_row(draw: random.Random, number: int, day: date) -> dict[str, Any]:
    charges = [
        charge("net", str(Decimal(draw.randrange(-(10**9), 10**14)).scaleb(-12)), draw.choice(["USD", "EUR", "XTS"]))
    ]
    return row(
        f"r{number}",
        *draw.choice([charges, []]),
        day=day,
        user=draw.choice([ANN, BOB, None]),
        surface=draw.choice(["s1", "s2", None]),
        model=draw.choice(
            [{"id": "gpt-5", "provider": "openai"}, {"id": "claude-sonnet-4-5", "provider": "anthropic"}, None]
        ),
        usage={"requests": {"total": draw.randrange(9)}, **tokens(output=draw.randrange(99))},
    )
