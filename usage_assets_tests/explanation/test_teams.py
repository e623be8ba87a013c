"""The money of a team, back to cost rows and to the line of `allocation.csv` that gave it."""

from decimal import Decimal

import pytest

from usage_assets.explanation.cell import Cell, NoCost
from usage_assets.explanation.exact import share_by_rule
from usage_assets.explanation.teams import RulesUnreadable
from usage_assets_tests.explanation.conftest import Derive, Lines, contradicting_lines
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, money, row

ANN, BOB = ({"id": name, "email": f"{name}@acme.example"} for name in ("ann", "bob"))
RULES = ("user_key,team,cost_centre,share", "ann@*,Research,4711,", ",Research,,0.3", ",Platform,,0.7")


@pytest.fixture
def shared(pipeline: Pipeline) -> Pipeline:
    """Ann's 10 are Research's; of Bob's 0.000000000015 and 4 EUR it gets three tenths."""
    pipeline.land(
        [
            row("a", charge("net", "10"), user=ANN),
            row("b", charge("net", "0.000000000015"), charge("tax", "2"), user=BOB),
            row("c", charge("net", "4", "EUR"), user=BOB),
        ]
    )
    pipeline.allocate(*RULES)
    pipeline.run()
    return pipeline


def test_the_sums_of_a_team_are_its_parts_and_those_of_the_table(shared: Pipeline, derive: Derive) -> None:
    derivation = derive(team="research")

    assert derivation.cost == {"USD": money("10") + money("0.000000000004"), "EUR": money("1.2")}
    assert (derivation.table, derivation.contradictions) == ("cost_by_team", ())


def test_every_row_says_which_line_gave_which_part(shared: Pipeline, explained: Lines) -> None:
    lines = [line for line in explained(team="Research") if line.startswith("the team's part")]

    assert lines == [
        "the team's part by line 2 of allocation.csv (user_key ann@*), cost centre 4711: 10 USD",
        "the team's part by line 3 of allocation.csv (everything): 4 × 0.3 = 1.2 EUR",
        "the team's part by line 3 of allocation.csv (everything): "
        "0.000000000015 × 0.3 = 0.0000000000045, truncated to 12 decimals = 0.000000000004 USD",
    ]


def test_the_last_line_of_a_rule_gets_what_the_others_leave(shared: Pipeline, explained: Lines) -> None:
    lines = [line for line in explained(team="Platform") if line.startswith("the team's part")]

    assert lines[1].endswith(": 0.000000000015 - 0.000000000004 = 0.000000000011 USD")


def test_a_row_of_no_team_says_that_no_rule_matches(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("a", charge("net", "1"))])
    pipeline.run()

    assert "no rule of allocation.csv matches: the part of no team is 1 USD" in explained(team="(none)")


def test_a_row_without_cost_has_no_part(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("a")])
    pipeline.allocate("team,share", "A,0.5", "B,0.5")
    pipeline.run()

    assert "the team's part by line 2 of allocation.csv (everything): none, because the row has no cost" in (
        explained(team="A")
    )


def test_a_team_twice_in_one_rule_gets_both_parts(pipeline: Pipeline, explained: Lines, derive: Derive) -> None:
    pipeline.land([row("a", charge("net", "1")), row("b", charge("net", "8"))])
    pipeline.allocate("team,cost_centre,share", "A,1,0.25", "B,,0.5", "A,2,0.25")
    pipeline.run()

    assert derive(team="A").cost == {"USD": (1 + 8) * money("0.5")}
    assert explained(team="A", shown=1)[-1].endswith("; 1 not shown, together 0.5 USD: `--rows 0` shows all")


def test_other_filters_apply_too(shared: Pipeline, derive: Derive) -> None:
    derivation = derive(team="Research", user="bob@acme.example")

    assert (derivation.cost["USD"], derivation.table) == (money("0.000000000004"), None)


def test_a_table_that_differs_is_a_contradiction(shared: Pipeline, derive: Derive) -> None:
    shared.amend("update cost_by_team set cost = cost + 1 where team = 'Platform' and currency = 'EUR'")

    assert contradicting_lines(derive(team="Platform")) == [
        "CONTRADICTION: cost on 2026-06-10 is 2.8 EUR in cost and 3.8 in cost_by_team: the program has a bug, please "
        "report it"
    ]


def test_rules_that_are_not_derived_yet_explain_nothing(shared: Pipeline, derive: Derive) -> None:
    shared.allocate("team", "New")

    assert derive(team="Platform").contradictions == ()


def test_a_team_without_cost_is_named_with_the_table_to_look_at(shared: Pipeline, derive: Derive) -> None:
    with pytest.raises(
        NoCost, match=r"^Team Sales has no cost on 2026-06-10; see `cost_by_team` for the teams that have"
    ):
        derive(team="Sales")


def test_rules_that_this_version_refuses_cannot_be_explained(shared: Pipeline, derive: Derive) -> None:
    shared.amend("update bookkeeping.applied_files set content = 'no rules'::blob")

    with pytest.raises(RulesUnreadable, match="run `usage-assets sync`"):
        derive(team="Research")


@pytest.mark.parametrize(
    ("filters", "table"),
    [({"team": "A"}, "cost_by_team"), ({"team": "A", "provider": "p", "account_id": "a"}, "cost_by_team"),
     ({"team": "A", "model": "m"}, None)],
)  # fmt: skip
def test_a_cell_of_a_team_is_in_the_table_of_teams(filters: dict[str, str], table: str | None) -> None:
    assert Cell(first_day=DAY, last_day=DAY, **filters).table == table


@pytest.mark.parametrize(
    ("whole", "share", "others", "text", "value"),
    [
        ("1.5", "1", [], "1.5", "1.5"),
        ("1.5", "0.5", [], "1.5 × 0.5", "0.75"),
        ("-0.3", "0.000000000001", [], "-0.3 × 0.000000000001 = -0.0000000000003, truncated to 12 decimals", "0"),
        ("0.000000000003", "0.5", ["0.25", "0.25"], "0.000000000003 - 0 - 0", "0.000000000003"),
    ],
)  # fmt: skip
def test_a_share_is_truncated_toward_zero(whole: str, share: str, others: list[str], text: str, value: str) -> None:
    formula = share_by_rule(Decimal(whole), Decimal(share), [Decimal(other) for other in others])

    assert (formula.text, formula.value) == (text, Decimal(value))
