"""Check whether the rows of a response overlap the requested window, by the days of their start and end alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from usage_assets.integrations.windows import Window


class RowSpan(msgspec.Struct):
    """The members of a row that the fetch reads."""

    start_date: Any = None
    end_date: Any = None


class WindowCheck:
    """Checks the rows of one response until a row overlaps the window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._overlaps: bool | None = None

    def add(self, rows: Iterable[msgspec.Raw]) -> None:
        """Check `rows`; rows after the first that overlaps are not read."""
        for row in rows:
            if self._overlaps:
                return
            row_overlaps = _row_overlaps(row, self._window)
            self._overlaps = self._overlaps if row_overlaps is None else row_overlaps

    @property
    def is_mismatch(self) -> bool:
        """Whether there were rows with a readable start, and none of them overlaps the window."""
        return self._overlaps is False


def overlaps(start: object, end: object, window: Window) -> bool | None:
    """Return whether a row from `start` to `end` touches a day of `window`; None if its start cannot be read.

    The days of a row are those that the vendor writes, each moment in its own offset: a vendor whose days begin at
    00:00+02:00 has its own days. The end is exclusive, and a row has at least the day of its start.
    """
    start_at, end_at = _parse_moment(start), _parse_moment(end)
    if start_at is None:
        return None
    last = max(start_at.date(), _last_day(end_at)) if end_at else start_at.date()
    return start_at.date() < window.end and last >= window.start


def _row_overlaps(row: msgspec.Raw, window: Window) -> bool | None:
    try:
        span = msgspec.json.decode(row, type=RowSpan)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # the load reads the row, or rejects it
    return overlaps(span.start_date, span.end_date, window)


def _last_day(end: datetime) -> date:
    """Return the last day before an exclusive end, by the clock that the end is written in."""
    is_midnight = end.time() == time() and end.date() > date.min
    return end.date() - timedelta(days=1) if is_midnight else end.date()


def _parse_moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
