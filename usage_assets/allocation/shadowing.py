"""Find rules that can never match, because one earlier rule matches everything that they match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from usage_assets.allocation.matching import RuleMatcher
from usage_assets.allocation.rules import PREFIX, Rule

ANY_OTHER = "\0"
"""A value that only patterns match that match every value, and after a prefix, only shorter prefixes of it."""


def shadowing_rules(rules: Sequence[Rule], numbers: Iterable[int]) -> dict[int, int]:
    """Return the first earlier rule that includes a rule of `numbers`, by the number of the rule that it includes.

    A rule includes another if each of its conditions matches every value that the other's condition matches, and it is
    valid on every day of the other. A rule that only several earlier rules together include is not found.
    """
    matcher, found = RuleMatcher(rules), dict[int, int]()
    for number in numbers:
        rule = rules[number]
        values = [_typical_value(pattern) for pattern in rule.conditions]
        for earlier in matcher.rules_meeting(values):
            if earlier >= number:
                break
            if rules[earlier].valid_from <= rule.valid_from and rule.valid_to <= rules[earlier].valid_to:
                found[number] = earlier
                break
    return found


def _typical_value(pattern: str) -> str:
    """Return a value that another pattern matches only if it matches every value that `pattern` matches."""
    if not pattern or pattern.endswith(PREFIX):
        return pattern.removesuffix(PREFIX) + ANY_OTHER
    return pattern
