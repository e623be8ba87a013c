"""The rules of `allocation.csv`: conditions, validity, and the teams that share what a rule matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

FILE_NAME = "allocation.csv"
DIMENSIONS = (
    "account_id",
    "integration",
    "provider",
    "product_id",
    "workspace_id",
    "resource_id",
    "organization_id",
    "surface",
    "user_key",
)
"""The columns of `cost` that a rule may match."""
USER_KEY = "user_key"
"""The dimension whose values are compared trimmed and in lower case."""
PREFIX = "*"
NONE = "(none)"
"""The team and the cost centre of cost that no rule matches, and the cost centre of a line without one."""
WHOLE = 10**12
"""The weight of a share of 1."""

Outcome = tuple[tuple[str, str, Decimal], ...]
"""The team, cost centre and share of each line of a rule, in order."""
UNALLOCATED: Outcome = ((NONE, NONE, Decimal(1)),)
"""What becomes of cost that no rule matches."""


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a rule: the part of the matched cost that a team and its cost centre get."""

    line: int
    team: str
    cost_centre: str = NONE
    share: Decimal = Decimal(1)

    @property
    def weight(self) -> int:
        """The share in units of 1e-12."""
        return int(self.share * WHOLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file.

    Attributes:
        conditions: A pattern for each of `DIMENSIONS`: `""` matches every value, a pattern ending in `*` every value
            that begins with the rest, any other pattern the equal value.
        valid_from: The first day; `date.min` where the rule has none.
        valid_to: The last day, included; `date.max` where the rule has none.
        shares: The lines of the rule; their shares sum to 1.
    """

    conditions: tuple[str, ...]
    valid_from: date
    valid_to: date
    shares: tuple[Share, ...]

    @property
    def outcome(self) -> Outcome:
        """What the rule does with the cost that it matches."""
        return tuple((share.team, share.cost_centre, share.share) for share in self.shares)

    @property
    def named_conditions(self) -> dict[str, str]:
        """The patterns by dimension, without the dimensions of which every value matches."""
        return {name: pattern for name, pattern in zip(DIMENSIONS, self.conditions, strict=True) if pattern}


@dataclass(frozen=True)
class Allocation:
    """The rules of a file, in its order. The first rule that matches counts."""

    rules: tuple[Rule, ...] = ()

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """The dimensions that at least one rule has a condition for."""
        return frozenset(name for rule in self.rules for name in rule.named_conditions)

    @cached_property
    def boundaries(self) -> frozenset[date]:
        """The days on which a rule begins to count, and those after the last day on which one counts."""
        first = {rule.valid_from for rule in self.rules} - {date.min}
        after_last = {rule.valid_to + timedelta(days=1) for rule in self.rules if rule.valid_to != date.max}
        return frozenset(first | after_last)


def period_starts(boundaries: Iterable[date], days: Iterable[date]) -> dict[date, date]:
    """Return the first day of the period of each of `days`: within a period the same rules are valid on every day."""
    starts = [date.min, *sorted(boundaries)]
    return {day: starts[bisect_right(starts, day) - 1] for day in days}
