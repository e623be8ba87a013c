"""What the rules of a file do with the loaded cost: the cost of each rule, and the cost that no rule matches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from usage_assets.allocation.rules import Rule, Share
from usage_assets.allocation.shadowing import shadowing_rules

Money = dict[str, Decimal]
"""Amounts by currency."""


class State(StrEnum):
    """Whether a rule gets cost, and why it gets none."""

    matches = "matches"
    shadowed = "shadowed"
    taken = "taken"
    unmatched = "unmatched"
    begins_later = "begins_later"


@dataclass(frozen=True)
class CostSums:
    """A number of cost rows, and their cost by currency; a currency without any cost is left out."""

    rows: int = 0
    cost: Money = field(default_factory=dict)


@dataclass(frozen=True)
class ShareSums:
    """A line of a rule with what it gets."""

    share: Share
    sums: CostSums


@dataclass(frozen=True)
class RulePreview:
    """A rule with what its lines get.

    Attributes:
        rule: The rule.
        shares: Its lines.
        state: `shadowed` if an earlier rule matches all that it matches, `taken` if earlier rules match all the loaded
            cost that it matches, `begins_later` if it begins after the last day with cost, `unmatched` if it matches no
            loaded cost.
        shadowed_by: The first line of the rule that shadows it.
    """

    rule: Rule
    shares: tuple[ShareSums, ...]
    state: State
    shadowed_by: int | None = None


@dataclass(frozen=True)
class CombinationSums:
    """A combination of values that no rule matches, by dimension, and its cost."""

    values: dict[str, str]
    sums: CostSums


@dataclass(frozen=True)
class Preview:
    """What the rules of a file do with the loaded cost.

    Attributes:
        first_day: The first day with cost, None without cost.
        last_day: The last day with cost.
        rules: The rules.
        unallocated: The cost that no rule matches.
        combinations: The costliest combinations of it.
        combination_count: The number of all its combinations.
        with_rules: The cost of all teams together.
        without_rules: The cost itself.
        changed_days: The days that these rules allocate differently than those that are in force now.
    """

    first_day: date | None
    last_day: date | None
    rules: tuple[RulePreview, ...]
    unallocated: CostSums
    combinations: tuple[CombinationSums, ...]
    combination_count: int
    with_rules: Money
    without_rules: Money
    changed_days: tuple[date, ...]


def rule_previews(
    rules: Sequence[Rule],
    sums_by_line: Mapping[int, CostSums],
    matching: Collection[int],
    last_day: date | None,
) -> tuple[RulePreview, ...]:
    """Return the rules with what they get, and why some get nothing.

    Args:
        rules: The rules.
        sums_by_line: What each line of the file gets; lines that get nothing are left out.
        matching: The numbers of the rules that match loaded cost, be they the first or not.
        last_day: The last day with cost, if there is any.
    """
    idle = [number for number, rule in enumerate(rules) if rule.shares[0].line not in sums_by_line]
    shadowed = shadowing_rules(rules, idle)
    return tuple(
        RulePreview(
            rule,
            tuple(ShareSums(share, sums_by_line.get(share.line, CostSums())) for share in rule.shares),
            _state(number, rule, sums_by_line, shadowed, matching, last_day),
            rules[shadowed[number]].shares[0].line if number in shadowed else None,
        )
        for number, rule in enumerate(rules)
    )


def _state(
    number: int,
    rule: Rule,
    sums_by_line: Mapping[int, CostSums],
    shadowed: Collection[int],
    matching: Collection[int],
    last_day: date | None,
) -> State:
    if rule.shares[0].line in sums_by_line:
        return State.matches
    if number in shadowed:
        return State.shadowed
    if number in matching:
        return State.taken
    is_later = last_day is not None and rule.valid_from > last_day
    return State.begins_later if is_later else State.unmatched
