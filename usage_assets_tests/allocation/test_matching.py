"""The first rule that matches: against a matcher that tries every rule in turn."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.allocation import matching
from usage_assets.allocation.changes import changed_combinations
from usage_assets.allocation.matching import Combination, RuleMatcher
from usage_assets.allocation.rules import DIMENSIONS, Allocation, Rule, Share, period_starts
from usage_assets.allocation.shadowing import shadowing_rules

DAY = date(2026, 6, 10)
DAYS = [DAY + timedelta(days=number) for number in range(6)]
USED = ("provider", "surface", "user_key")

values = st.text(alphabet="ab", max_size=3)
patterns = st.one_of(st.just(""), values, values.map(lambda text: f"{text}*" if text else ""))
days = st.sampled_from(DAYS)
validity = st.tuples(st.one_of(st.just(date.min), days), st.one_of(st.just(date.max), days))
rules = st.lists(
    st.builds(
        lambda conditions, dates, team: rule(conditions, *dates, team=team),
        st.fixed_dictionaries(dict.fromkeys(USED, patterns)),
        validity,
        st.sampled_from("XYZ"),
    ),
    max_size=8,
)
combinations = st.lists(st.tuples(values, values, values, days), min_size=1, max_size=12)


def rule(
    conditions: dict[str, str], valid_from: date = date.min, valid_to: date = date.max, *, team: str = "Team"
) -> Rule:
    return Rule(tuple(conditions.get(name, "") for name in DIMENSIONS), valid_from, valid_to, (Share(2, team),))


def matches(rule: Rule, combination: Combination) -> bool:
    """Decide by the words of the documents."""
    *given, day = combination
    return rule.valid_from <= day <= rule.valid_to and all(
        value.startswith(pattern[:-1]) if pattern.endswith("*") else pattern in {"", value}
        for value, pattern in zip(given, (rule.named_conditions.get(name, "") for name in USED), strict=True)
    )


def all_matching(given: Sequence[Rule], combination: Combination) -> list[int]:
    return [number for number, rule in enumerate(given) if matches(rule, combination)]


@given(rules, combinations)
def test_the_first_rule_that_matches_counts(given: list[Rule], found: list[Combination]) -> None:
    expected = [next(iter(all_matching(given, combination)), None) for combination in found]

    assert RuleMatcher(given, USED).first_rules(found) == expected


@given(rules, combinations)
def test_all_rules_that_match_any_combination_are_found(given: list[Rule], found: list[Combination]) -> None:
    expected = {number for combination in found for number in all_matching(given, combination)}

    assert RuleMatcher(given, USED).rules_matching_any(found) == expected


@given(rules, combinations)
def test_blocks_of_rules_match_like_one(given: list[Rule], found: list[Combination]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "RULES_PER_BLOCK", 3)
        in_blocks = RuleMatcher(given, USED).first_rules(found)

    assert in_blocks == RuleMatcher(given, USED).first_rules(found)


@given(rules, combinations)
def test_a_rule_that_another_includes_never_counts(given: list[Rule], found: list[Combination]) -> None:
    shadowed = shadowing_rules(given, range(len(given)))

    assert shadowed.keys().isdisjoint(RuleMatcher(given, USED).first_rules(found))
    assert all(earlier < number for number, earlier in shadowed.items())


@given(rules, rules, combinations)
def test_a_combination_changes_if_its_first_rule_gives_it_to_another_team(
    before: list[Rule], after: list[Rule], found: list[Combination]
) -> None:
    def team(given: list[Rule], combination: Combination) -> str:
        return next((given[number].shares[0].team for number in all_matching(given, combination)), "(none)")

    expected = [place for place, one in enumerate(found) if team(before, one) != team(after, one)]

    assert list(changed_combinations(Allocation(tuple(before)), Allocation(tuple(after)), USED, found)) == expected


@given(rules)
def test_within_a_period_the_same_rules_are_valid(given: list[Rule]) -> None:
    starts = period_starts(Allocation(tuple(given)).boundaries, DAYS)

    def valid(day: date) -> list[bool]:
        return [rule.valid_from <= day <= rule.valid_to for rule in given]

    assert [valid(starts[day]) for day in DAYS] == [valid(day) for day in DAYS]


def test_a_user_matches_trimmed_and_in_lower_case() -> None:
    matcher = RuleMatcher([rule({"user_key": "ann@*"})])

    assert matcher.first_rules([(*[""] * 8, " Ann@Acme.example ", DAY)]) == [0]


@pytest.mark.parametrize(
    ("first", "second", "is_shadowed"),
    [
        ({}, {"provider": "a"}, True),
        ({"provider": "a*"}, {"provider": "ab"}, True),
        ({"provider": "a*"}, {"provider": "ab*"}, True),
        ({"provider": "ab*"}, {"provider": "a*"}, False),
        ({"provider": "ab"}, {"provider": "ab*"}, False),
        ({"provider": "a"}, {}, False),
        ({"provider": "a"}, {"provider": "a", "surface": "b"}, True),
        ({"provider": "a", "surface": "b"}, {"provider": "a"}, False),
    ],
)
def test_a_rule_is_shadowed_if_an_earlier_one_includes_its_conditions(
    first: dict[str, str], second: dict[str, str], *, is_shadowed: bool
) -> None:
    assert shadowing_rules([rule(first), rule(second)], [0, 1]) == ({1: 0} if is_shadowed else {})


def test_a_rule_is_not_shadowed_by_one_that_is_valid_for_a_shorter_time() -> None:
    given = [rule({}, valid_to=DAYS[2]), rule({}, valid_from=DAYS[1]), rule({}, DAYS[0], DAYS[1])]

    assert shadowing_rules(given, range(3)) == {2: 0}


def test_a_hundred_thousand_rules_are_matched() -> None:
    many = [rule({"user_key": f"person-{number}@acme.example"}) for number in range(100_000)]

    found = RuleMatcher(many, ["user_key"]).first_rules([("person-99999@acme.example", DAY), ("nobody", DAY)])

    assert found == [99_999, None]


def test_a_share_has_its_weight_in_units() -> None:
    assert Share(2, "A", share=Decimal("0.000000000001")).weight == 1
