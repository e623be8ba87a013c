"""Find the unusual days of spend: far above what is expected on that weekday, or nothing where spend is regular.

What is expected is the median of the last four days of the same weekday. How far a day is from it counts in units of
the usual distance, the median absolute deviation of 28 days. `incidents` joins the days of an incident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from usage_assets.insights.baselines import (
    MISSING,
    WEEK,
    WEEKS,
    Bools,
    Floats,
    Ints,
    baseline_days,
    expected_amounts,
    quiet_days,
    values_on,
)

SPIKE, DROP = "spike", "drop"
ACCOUNT, TEAM, SURFACE, MODEL, USER = "account", "team", "surface", "model", "user"

LEAST_EXCESS = 3.0
"""The least money, in USD a day, by which a spike is above what is expected."""

LEAST_EXPECTED = 1.0
"""The least money, in USD a day, that is expected where nothing is spent."""

LEAST_SCORE = 6.0
LEAST_DROP_SCORE = 2.0
SHARE_OF_ACCOUNT = 0.35
ENOUGH_OF_PART = 50.0
"""A part of an account is above what is expected by 35 % of the account's expected amount, or by 50 USD."""

FEWEST_DAYS = 20
"""The fewest of the 28 days that a verdict needs."""

HIGH_DAY = 4
"""The fourth highest of the 28 days stands for a high day, so an incident of three days among them does not count."""

NORMAL = 1.4826
"""The standard deviation of a normal distribution in units of its median absolute deviation."""

SMALLEST_DEVIATION = 0.05
SMALLEST_DEVIATION_USD = 0.1
SIMILAR = 0.5
NOTHING = 0.02
BLOCK = 512


@dataclass(frozen=True)
class Rule:
    """What makes a day of a scope unusual.

    Attributes:
        times_high_day: How many times a high day a spike is at least.
        fewest_days: On how many of the 28 days there must be spend. A new model has its spend from another one.
        regular: A drop needs at least this share of the expected amount on each of the four days of the weekday; None
            where a drop is no incident, because people use another model, do not work, or belong to another team.
        shows_in_account: Whether a spike counts only if the account's own total is above its expected amount too, by
            at least half as much.
    """

    times_high_day: float
    fewest_days: int = 0
    regular: float | None = None
    shows_in_account: bool = True


RULES = {
    ACCOUNT: Rule(1.7, regular=0.3, shows_in_account=False),
    TEAM: Rule(2.5, fewest_days=15),
    SURFACE: Rule(3.0, fewest_days=15, regular=0.3),
    MODEL: Rule(2.5, fewest_days=15),
    USER: Rule(3.0, shows_in_account=False),
}


@dataclass(frozen=True)
class PartSpend:
    """The daily spend of the teams, surfaces, models or users of an account.

    Attributes:
        keys: Provider and name of each part; the provider is `(none)` for a team or a user.
        amounts: Days × parts, in USD.
    """

    keys: list[tuple[str, str]]
    amounts: Floats


@dataclass(frozen=True)
class AccountSpend:
    """The daily spend of an account without fees and rows of several days.

    Attributes:
        account_id: The account.
        is_complete: Whether a day's usage is complete in the tables.
        amounts: Spend of each day, in USD.
        parts: The spend of its teams, surfaces, models and users, by scope. That of teams has fees and long rows in it;
            as a spike of a team must show in the account, they are no spike.
    """

    account_id: str
    is_complete: Bools
    amounts: Floats
    parts: dict[str, PartSpend]


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day on which the spend of an account or of a part of it is unusual.

    Attributes:
        day: The day's number.
        kind: `spike` or `drop`.
        scope: `account`, `team`, `surface`, `model` or `user`.
        account_id: The account.
        provider: The provider of a surface or model, else `(none)`.
        scope_key: The account, team, surface, model or user.
        expected: The expected amount.
        actual: The amount.
        score: How many usual deviations lie between them.
        compared: The two middle days, by amount, of the four of the same weekday; their mean is the expected amount.
    """

    day: int
    kind: str
    scope: str
    account_id: str
    provider: str
    scope_key: str
    expected: float
    actual: float
    score: float
    compared: tuple[int, ...]


def find_unusual_days(accounts: list[AccountSpend], is_wanted: Bools) -> list[UnusualDay]:
    """Return the unusual days of all accounts and their parts.

    Args:
        accounts: The spend of each account; days before the wanted ones are only compared with.
        is_wanted: Which days are judged.
    """
    if not accounts:
        return []
    amounts = np.stack([account.amounts for account in accounts], axis=1)
    is_complete = np.stack([account.is_complete for account in accounts], axis=1)
    is_quiet = quiet_days(amounts, is_complete, LEAST_EXPECTED)
    return [day for account in accounts for day in _of_account(account, is_wanted, is_quiet)]


def _of_account(account: AccountSpend, is_wanted: Bools, is_quiet: Bools) -> Iterator[UnusualDay]:
    chosen = baseline_days(account.is_complete & ~is_quiet)
    whole = account.amounts[:, None]
    expected = expected_amounts(whole, chosen)
    judged = _Judged(account, chosen, is_wanted & account.is_complete, is_quiet, expected[:, 0])
    own = PartSpend([("(none)", account.account_id)], whole)
    for scope, part in {ACCOUNT: own, **account.parts}.items():
        for start in range(0, len(part.keys), BLOCK):
            end = start + BLOCK
            yield from judged.unusual(scope, part.keys[start:end], part.amounts[:, start:end])


@dataclass(frozen=True)
class _Judged:
    """The days of an account that are judged, and what they are compared with."""

    account: AccountSpend
    chosen: Ints
    is_judged: Bools
    is_quiet: Bools
    expected_of_account: Floats

    def unusual(self, scope: str, keys: list[tuple[str, str]], amounts: Floats) -> Iterator[UnusualDay]:
        """Yield the unusual days of the series of one scope."""
        expected = expected_amounts(amounts, self.chosen)
        rule = RULES[scope]
        yield from self._listed(SPIKE, scope, keys, amounts, self._spikes(rule, scope, amounts, expected))
        if rule.regular is not None:
            yield from self._listed(DROP, scope, keys, amounts, self._drops(rule, amounts, expected))

    def _spikes(self, rule: Rule, scope: str, amounts: Floats, expected: Floats) -> _Found:
        excess = amounts - expected
        is_candidate = self.is_judged[:, None] & (excess >= self._least_excess(scope)[:, None])
        if rule.shows_in_account:
            is_candidate &= self._excess_of_account[:, None] >= excess / 2
        found = self._compared(amounts, expected, is_candidate)
        is_spike = found.score >= LEAST_SCORE
        is_spike &= found.actual >= rule.times_high_day * found.high_day
        return found.where(is_spike & (found.days_with_spend >= rule.fewest_days))

    def _drops(self, rule: Rule, amounts: Floats, expected: Floats) -> _Found:
        is_candidate = (self.is_judged & ~self.is_quiet)[:, None] & (expected >= LEAST_EXPECTED)
        is_candidate &= amounts <= NOTHING * expected
        lowest = values_on(amounts, self.chosen[:, 0]).min(axis=1)
        is_candidate &= lowest >= (rule.regular or 0.0) * expected
        found = self._compared(amounts, expected, is_candidate)
        return found.where(found.score <= -LEAST_DROP_SCORE)

    @property
    def _excess_of_account(self) -> Floats:
        return self.account.amounts - self.expected_of_account

    def _least_excess(self, scope: str) -> Floats:
        if scope == ACCOUNT:
            return np.full(len(self.chosen), LEAST_EXCESS)
        share = np.minimum(SHARE_OF_ACCOUNT * self.expected_of_account, ENOUGH_OF_PART)
        return np.maximum(share, LEAST_EXCESS)

    def _compared(self, amounts: Floats, expected: Floats, is_candidate: Bools) -> _Found:
        """Compare the candidates with the 28 days before them."""
        days, series = np.nonzero(is_candidate)
        chosen = self.chosen[days]
        values = amounts[chosen, series[:, None, None]]
        values[chosen == MISSING] = np.nan
        four = np.sort(values, axis=2)
        medians = (four[:, :, 1] + four[:, :, 2]) / 2
        own = expected[days, series]
        deviations = np.abs(values - medians[:, :, None])
        # A busy day is compared with busy days: weekends deviate less.
        deviations[medians < SIMILAR * own[:, None]] = np.nan
        flat = values.reshape(len(days), WEEK * WEEKS)
        has_days = (~np.isnan(flat)).sum(axis=1) >= FEWEST_DAYS
        smallest = np.maximum(SMALLEST_DEVIATION * own, SMALLEST_DEVIATION_USD)
        deviation = np.maximum(NORMAL * _median(deviations.reshape(flat.shape)), smallest)
        actual = amounts[days, series]
        found = _Found(
            days=days,
            series=series,
            expected=own,
            actual=actual,
            score=(actual - own) / deviation,
            high_day=-np.sort(-np.nan_to_num(flat), axis=1)[:, HIGH_DAY - 1],
            days_with_spend=(np.nan_to_num(flat) > 0).sum(axis=1),
        )
        return found.where(has_days)

    def _listed(
        self, kind: str, scope: str, keys: list[tuple[str, str]], amounts: Floats, found: _Found
    ) -> Iterator[UnusualDay]:
        rows = zip(found.days, found.series, found.expected, found.actual, found.score, strict=True)
        for day, series, expected, actual, score in rows:
            provider, key = keys[series]
            yield UnusualDay(
                day=int(day),
                kind=kind,
                scope=scope,
                account_id=self.account.account_id,
                provider=provider,
                scope_key=key,
                expected=float(expected),
                actual=float(actual),
                score=float(score),
                compared=self._middle_days(day, amounts[:, series]),
            )

    def _middle_days(self, day: int, amounts: Floats) -> tuple[int, ...]:
        four = self.chosen[day, 0]
        middle = four[np.argsort(amounts[four], kind="stable")[1:3]]
        return tuple(sorted(middle.tolist()))


@dataclass(frozen=True)
class _Found:
    """Days of series, with what they are compared with; one value of each for every day."""

    days: Ints
    series: Ints
    expected: Floats
    actual: Floats
    score: Floats
    high_day: Floats
    days_with_spend: Ints

    def where(self, is_kept: Bools) -> _Found:
        """Return those that are kept."""
        return _Found(*(getattr(self, field.name)[is_kept] for field in fields(self)))


def _median(values: Floats) -> Floats:
    """Return the median of each row without its NaN values; 0 for a row without others."""
    ordered = np.sort(values, axis=1)
    count = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(len(values))
    low, high = ordered[rows, np.maximum(count - 1, 0) // 2], ordered[rows, count // 2 % values.shape[1]]
    return np.where(count > 0, (low + high) / 2, 0.0)
