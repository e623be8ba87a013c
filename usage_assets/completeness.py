"""Say through which day figures are complete, and which days of two periods are compared. Pure.

This is the only rule for comparisons: two periods are compared over the days that are complete, account by account,
each day against the same day of the period before. An account takes part on the days that both periods hold of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from usage_assets.integrations.windows import ONE_DAY, Window, day_window, days_between

if TYPE_CHECKING:
    from usage_assets.account_histories import AccountHistory

FINAL, PROVISIONAL, NOT_READY, MISSING, FAILED = "final", "provisional", "not_ready", "missing", "failed"
COMPLETE = frozenset({FINAL, PROVISIONAL})
LACKING = frozenset({MISSING, FAILED})
NOT_DERIVED = "it has landed and is not derived yet"
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class CoverageSpan:
    """Days of one account that follow each other and have one state and reason, as in the table `coverage`."""

    window: Window
    state: str
    reason: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the figures of these days are complete."""
        return self.state in COMPLETE


Coverage: TypeAlias = Mapping[str, Sequence[CoverageSpan]]
"""The history of each account, by account id, in the order of days. Days without a span do not count."""


@dataclass(frozen=True, order=True)
class DayPair:
    """A day, and the same day of the period before."""

    day: date
    earlier: date


@dataclass(frozen=True)
class IncompleteAccount:
    """An account that is not compared over all days: its first such day, with the state and the reason."""

    account_id: str
    since: date
    state: str
    reason: str | None


@dataclass(frozen=True)
class Comparison:
    """The days to compare.

    Attributes:
        days: The pairs of days of each account of which both are complete, by account id, in the order of days. An
            account of which no pair is complete has none.
        incomplete: The accounts with a day that is not complete, in one of the two periods. An account that began or
            ended within them is not incomplete; it has fewer pairs.
    """

    days: Mapping[str, tuple[DayPair, ...]]
    incomplete: tuple[IncompleteAccount, ...]


def complete_through(spans: Sequence[CoverageSpan]) -> date | None:
    """Return the last day of an account up to which every day is complete, None if its first day is not."""
    if not spans or not spans[0].is_complete:
        return None
    first_open = next((span.window.start for span in spans if not span.is_complete), None)
    return spans[-1].window.last if first_open is None else first_open - ONE_DAY


def first_lack(spans: Iterable[CoverageSpan]) -> CoverageSpan | None:
    """Return the first days of an account that are ready and missing or failed, None if it lacks no day."""
    return next((span for span in spans if span.state in LACKING), None)


def last_complete_day(coverage: Coverage, active: Collection[str]) -> date | None:
    """Return the last day that is complete for every active account: the "yesterday" of the company.

    An account of which no day is complete yet, and the days before an account began, hold no day back.

    Args:
        coverage: The history of each account.
        active: The ids of the active accounts.
    """
    begun = [spans for name, spans in coverage.items() if name in active and any(span.is_complete for span in spans)]
    complete = {day for spans in begun for span in spans if span.is_complete for day in span.window.days}
    lacking = {day for spans in begun for span in spans if not span.is_complete for day in span.window.days}
    return max(complete - lacking, default=None)


def month_to_date(last_day: date) -> list[DayPair]:
    """Return the days from the first of the month to `last_day`, each with the same day of the month before.

    A day that the month before does not have, such as the 31st, has no pair.
    """
    first = last_day.replace(day=1)
    last_before = first - ONE_DAY
    days = days_between(first, min(last_day, first + timedelta(days=last_before.day - 1)))
    return [DayPair(day, last_before.replace(day=day.day)) for day in days]


def week_to_date(last_day: date) -> list[DayPair]:
    """Return the days from Monday to `last_day`, each with the same weekday of the week before."""
    monday = last_day - ONE_DAY * last_day.weekday()
    return [DayPair(day, day - ONE_WEEK) for day in days_between(monday, last_day)]


def compare(coverage: Coverage, pairs: Sequence[DayPair]) -> Comparison:
    """Return the days to compare, account by account.

    Args:
        coverage: The history of each account that the figures are of.
        pairs: The days of the two periods, as of `month_to_date` or `week_to_date`.
    """
    wanted = {day for pair in pairs for day in (pair.day, pair.earlier)}
    days, incomplete = dict[str, tuple[DayPair, ...]](), list[IncompleteAccount]()
    for account_id, spans in coverage.items():
        by_day = {day: span for span in spans for day in _days_within(span.window, wanted)}
        complete = {day for day, span in by_day.items() if span.is_complete}
        days[account_id] = tuple(pair for pair in pairs if pair.day in complete and pair.earlier in complete)
        if others := sorted(by_day.keys() - complete):
            span = by_day[others[0]]
            incomplete.append(IncompleteAccount(account_id, others[0], span.state, span.reason))
    return Comparison(days, tuple(incomplete))


def brought_up_to_date(
    spans: Sequence[CoverageSpan], history: AccountHistory, landed: Collection[date]
) -> list[CoverageSpan]:
    """Return the spans of an account as they are today, of spans that were derived on an earlier day.

    Time makes days ready, and failures are known before they are derived. A day that landed since is complete only
    when it is derived, because no figure holds it before.

    Args:
        spans: The derived history.
        history: The history that the account should have today.
        landed: The days of the account that landed and are not derived yet.
    """
    days = [
        (day, _state_today(day, span, history, landed))
        for span in spans
        if not span.is_complete
        for day in span.window.days
    ]
    first = spans[-1].window.end if spans else history.first_asked_day
    if history.last_day is not None and (spans or history.first_wanted_day is not None):
        days += [(day, _state_today(day, None, history, landed)) for day in days_between(first, history.last_day)]
    complete = [span for span in spans if span.is_complete]
    return sorted([*complete, *_spans_of(days)], key=lambda span: span.window)


def without_days(spans: Iterable[CoverageSpan], ignored: Collection[tuple[date, date]]) -> list[CoverageSpan]:
    """Return the spans without the ignored days, which are given by the first and the last of each range."""
    if not ignored:
        return list(spans)
    return _spans_of(
        (day, (span.state, span.reason))
        for span in spans
        for day in span.window.days
        if not any(first <= day <= last for first, last in ignored)
    )


def _state_today(
    day: date, derived: CoverageSpan | None, history: AccountHistory, landed: Collection[date]
) -> tuple[str, str | None]:
    if day > history.last_ready_day:
        return NOT_READY, None
    if day in landed:
        return MISSING, NOT_DERIVED
    if derived is not None and derived.state in LACKING:
        return derived.state, derived.reason
    if day in history.failed_days:
        return FAILED, history.failure
    return MISSING, history.not_fetched


def _spans_of(days: Iterable[tuple[date, tuple[str, str | None]]]) -> list[CoverageSpan]:
    """Return days in their order, each with state and reason, as spans."""
    spans = list[CoverageSpan]()
    for day, (state, reason) in days:
        window = day_window(day)
        if spans and (spans[-1].window.end, spans[-1].state, spans[-1].reason) == (day, state, reason):
            window = Window(spans.pop().window.start, window.end)
        spans.append(CoverageSpan(window, state, reason))
    return spans


def _days_within(window: Window, wanted: Collection[date]) -> list[date]:
    return [day for day in wanted if window.start <= day < window.end]
