"""Compare two files of rules: which combinations of values they allocate differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usage_assets.allocation.matching import Combination, RuleMatcher
from usage_assets.allocation.rules import UNALLOCATED, Allocation, Outcome


def changed_combinations(
    before: Allocation, after: Allocation, dimensions: Sequence[str], combinations: Sequence[Combination]
) -> Iterator[int]:
    """Yield the places of the combinations that go to other teams, cost centres or shares by `after` than by `before`.

    Args:
        before: The earlier rules.
        after: The later rules.
        dimensions: The dimensions of the values; at least those that a rule of either has a condition for.
        combinations: The combinations, each with a day of a period within which the rules of both stay the same.
    """
    outcomes = zip(*(_outcomes(allocation, dimensions, combinations) for allocation in (before, after)), strict=True)
    yield from (place for place, (earlier, later) in enumerate(outcomes) if earlier != later)


def _outcomes(
    allocation: Allocation, dimensions: Sequence[str], combinations: Sequence[Combination]
) -> Iterator[Outcome]:
    outcomes = [rule.outcome for rule in allocation.rules]
    for number in RuleMatcher(allocation.rules, dimensions).first_rules(combinations):
        yield UNALLOCATED if number is None else outcomes[number]
