"""Request windows: the days that a request covers, and when these days are ready, read again and final.

Pure functions over days in UTC; today is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from usage_assets.integrations.profiles import Profile, Report

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Window:
    """The days from `start` to the day before `end`: the period of one request."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day of the window."""
        return self.end - ONE_DAY

    @property
    def days(self) -> list[date]:
        """Every day of the window."""
        return days_between(self.start, self.last)

    def __str__(self) -> str:
        return f"{self.start}" if self.start == self.last else f"{self.start} to {self.last}"


def days_between(first: date, last: date) -> list[date]:
    """Return every day from `first` to `last`, both included; none if `last` is earlier."""
    return [first + ONE_DAY * i for i in range((last - first).days + 1)]


def window_of(day: date, profile: Profile) -> Window:
    """Return the request window of `day`."""
    return day_window(day) if profile.window == "day" else month_window(day)


def day_window(day: date) -> Window:
    """Return the window of `day` alone."""
    return Window(day, day + ONE_DAY)


def month_window(day: date) -> Window:
    """Return the window of the calendar month of `day`."""
    first = day.replace(day=1)
    return Window(first, _next_month(first))


def windows_of(days: Iterable[date], profile: Profile) -> list[Window]:
    """Return the request windows that cover `days`, each once; newest first, because recent days matter most."""
    return sorted({window_of(day, profile) for day in days}, reverse=True)


def parameters_of(report: Report, window: Window) -> dict[str, str]:
    """Return the query parameters that request `report` for `window`."""
    placeholders = {"start": window.start, "last": window.last, "end": window.end}
    return {name: text.format(**placeholders) for name, text in report.parameters.items()}


def last_ready_day(profile: Profile, today: date) -> date:
    """Return the newest day whose usage is complete at the vendor."""
    return today - ONE_DAY * profile.lag


def reread_days(profile: Profile, today: date) -> list[date]:
    """Return the days to read again today, because the vendor may still restate them."""
    last = last_ready_day(profile, today)
    if profile.restated_until is None:
        return days_between(last - ONE_DAY * profile.reread, last)
    month = today.replace(day=1)
    still_open = today.day <= profile.restated_until
    return days_between((month - ONE_DAY).replace(day=1) if still_open else month, last)


def history_days(profile: Profile, today: date, *, backfill_days: int, start: date) -> list[date]:
    """Return the ready days of a new account's backfill, none before `start` or before the vendor's history."""
    reach = min(backfill_days, profile.history or backfill_days, (today - start).days)
    return days_between(today - ONE_DAY * reach, last_ready_day(profile, today))


def final_from(window: Window, profile: Profile) -> date:
    """Return the first day on which a fetch of `window` is final: the day of its last re-read."""
    if profile.restated_until is None:
        return window.last + ONE_DAY * (profile.lag + profile.reread)
    return window.end.replace(day=profile.restated_until)


def is_final(window: Window, profile: Profile, fetched_at: datetime) -> bool:
    """Return whether a response fetched at `fetched_at` (UTC) is final for `window`."""
    return fetched_at.date() >= final_from(window, profile)


def elapsed_days(window: Window, fetched_at: datetime) -> int:
    """Return the number of days of `window` that had begun when it was fetched."""
    return max(0, min((fetched_at.date() - window.start).days + 1, (window.end - window.start).days))


def contiguous(days: Iterable[date], *, longest: int | None = None) -> list[Window]:
    """Return `days` as contiguous windows, newest first, none longer than `longest` days."""
    spans: list[Window] = []
    for day in sorted(set(days), reverse=True):
        joins = bool(spans) and spans[-1].start == day + ONE_DAY
        if joins and (longest is None or len(spans[-1].days) < longest):
            spans[-1] = Window(day, spans[-1].end)
        else:
            spans.append(Window(day, day + ONE_DAY))
    return spans


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
