"""The user's `allocation.csv`: its rules, and each mistake that is named with line and column."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.allocation.reading import parse_allocation
from usage_assets.allocation.rules import Rule, Share
from usage_assets.user_files.csv_lines import UserFileError

FILE = Path("allocation.csv")
ANY = ("",) * 9
DATED = "valid_from,valid_to,provider,team,share"


def rules_of(*lines: str) -> tuple[Rule, ...]:
    return parse_allocation(FILE, "\n".join([*lines, ""]).encode()).rules


def mistakes_of(*lines: str) -> list[str]:
    with pytest.raises(UserFileError) as refused:
        rules_of(*lines)
    return [sentence.removeprefix("allocation.csv, ") for sentence in refused.value.sentences]


def places_of(*lines: str) -> list[str]:
    return [sentence.split(":")[0] for sentence in mistakes_of(*lines)]


def test_a_file_of_teams_alone_gives_everything_to_the_first() -> None:
    assert rules_of("team", "Research") == (
        Rule(ANY, date.min, date.max, (Share(2, "Research", "(none)", Decimal(1)),)),
    )


def test_a_rule_has_conditions_validity_cost_centre_and_share() -> None:
    [rule] = rules_of(
        "cost_centre,team,surface,valid_to,valid_from,user_key,share", "4711,Research,cli,2026-06-30,2026-01-01,ann@*,1"
    )

    assert rule.named_conditions == {"surface": "cli", "user_key": "ann@*"}
    assert (rule.valid_from, rule.valid_to) == (date(2026, 1, 1), date(2026, 6, 30))
    assert rule.outcome == (("Research", "4711", Decimal(1)),)


def test_a_star_alone_is_no_condition() -> None:
    assert rules_of("provider,team", "*,A")[0].conditions == ANY


def test_a_user_is_trimmed_and_in_lower_case_and_other_values_are_not() -> None:
    [rule] = rules_of("user_key,surface,team", " Ann@Acme.example ,CLI,A")

    assert rule.named_conditions == {"user_key": "ann@acme.example", "surface": "CLI"}


def test_lines_below_each_other_with_the_same_conditions_and_dates_are_one_rule() -> None:
    rules = rules_of("provider,team,share", "openai,A,0.3", "openai,B,0.7", "cursor,C,")

    assert [[(share.line, share.team, share.weight) for share in rule.shares] for rule in rules] == [
        [(2, "A", 300_000_000_000), (3, "B", 700_000_000_000)],
        [(4, "C", 1_000_000_000_000)],
    ]


def test_the_same_conditions_may_count_one_after_the_other() -> None:
    rules = rules_of(DATED, ",2026-06-30,openai,A,", "2026-07-01,,openai,B,")

    assert [(rule.valid_from, rule.valid_to) for rule in rules] == [
        (date.min, date(2026, 6, 30)),
        (date(2026, 7, 1), date.max),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'team,user_key\n"Research, ""Labs""",ann\n',
        b'\xef\xbb\xbfteam,user_key\r\n"Research, ""Labs""",ann\r\n',
        b'team;user_key\n"Research, ""Labs""";ann\n',
    ],
    ids=["quotes", "byte order mark and crlf", "semicolons"],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    [rule] = parse_allocation(FILE, content).rules

    assert rule.shares[0].team == 'Research, "Labs"'


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        (["team,colour", "A,red"], "line 1: column 'colour' is unknown or doubled"),
        (["provider", "openai"], "line 1: column team is missing"),
        (["team,provider", ",openai"], "line 2, column team: '' is empty"),
        ([DATED, "soon,,,A,"], "line 2, column valid_from: 'soon' is not a date"),
        ([DATED, ",2026-02-30,,A,"], "line 2, column valid_to: '2026-02-30' is not a date"),
        ([DATED, "2026-07-01,2026-06-30,,A,"], "line 2, column valid_to: '2026-06-30' is before valid_from"),
        ([DATED, ",,,A,half"], "line 2, column share: 'half' is not a number of zero or more"),
        ([DATED, ',,,A,"0,5"'], "line 2, column share: '0,5' is not a number of zero or more"),
        ([DATED, ",,,A,-1"], "line 2, column share: '-1' is not a number of zero or more"),
        ([DATED, ",,,A,1.5"], "line 2, column share: '1.5' is more than 1"),
        ([DATED, ",,,A,0.1234567890123"], "line 2, column share: '0.1234567890123' has more than 12 decimals"),
        ([DATED, ",,,A,0.5"], "line 2, column share: '0.5' is the only share of this rule and is not 1"),
        (
            [DATED, ",,,A,0.3", ",,,B,0.3", ",,,C,0.3"],
            "line 2, column share: '0.3' is the first of the shares of lines 2 to 4, which are one rule and sum to 0.9",
        ),
        (
            [DATED, ",,,A,", ",,,B,"],
            "line 2, column share: '1' is the first of the shares of lines 2 to 3, which are one rule and sum to 2",
        ),
        (
            [DATED, ",2026-06-30,openai,A,", "2026-06-30,,openai,B,"],
            "line 3, column valid_from: '2026-06-30' begins a rule with the conditions of line 2",
        ),
        (
            [DATED, ",,openai,A,", ",,,B,", ",,openai,C,"],
            "line 4, column valid_from: '' begins a rule with the conditions of line 2",
        ),
        (["team,provider", "A,openai,x"], "line 2: 3 values for 2 columns"),
        (["team,provider", 'A,"openai'], "line 2: not readable as CSV"),
    ],
)
def test_a_mistake_is_named_with_its_place(lines: list[str], mistake: str) -> None:
    [named] = mistakes_of(*lines)

    assert named.startswith(mistake)


def test_mistakes_of_values_and_of_several_lines_are_named_together_in_order() -> None:
    assert places_of(
        DATED, ",,a,A,0.5", ",,b,B,", ",,c,C,", "soon,,d,D,", ",,e,E,", ",,b,F,", ",,f,G,0.5", ",,f,H,0.4"
    ) == [
        "line 2, column share",
        "line 5, column valid_from",
        "line 7, column valid_from",
        "line 8, column share",
    ]


def test_a_wrong_share_is_no_reason_to_name_the_sum_of_its_rule() -> None:
    assert places_of(DATED, ",,a,A,0.5", ",,a,B,half", ",,a,C,0.5") == ["line 3, column share"]


def test_three_rules_that_overlap_are_compared_with_those_that_came_first() -> None:
    assert places_of(
        DATED,
        "2026-01-01,2026-03-31,a,A,",
        "2026-06-01,2026-06-30,a,B,",
        "2026-04-01,2026-06-01,a,C,",
        "2026-04-01,2026-05-31,a,D,",
        "2026-03-31,2026-03-31,a,E,",
    ) == ["line 4, column valid_from", "line 6, column valid_from"]


def test_of_many_mistakes_twenty_are_named_and_the_others_counted() -> None:
    named = mistakes_of("team,share", *(["A,x"] * 25))

    assert (len(named), named[-1]) == (21, "allocation.csv has 5 more mistakes: mend the first 20.")


def test_a_hundred_thousand_rules_are_read() -> None:
    lines = [f"person-{number}@acme.example,Team {number % 50}" for number in range(100_000)]

    assert len(rules_of("user_key,team", *lines)) == 100_000
