"""Check whether the rows of a response overlap the requested window, by their start and end alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
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
    """Return whether a row from `start` to `end` overlaps `window`; None if its start cannot be read."""
    start_at, end_at = _parse_moment(start), _parse_moment(end)
    window_start, window_end = _midnight(window.start), _midnight(window.end)
    if start_at is None:
        return None
    return start_at < window_end and (start_at >= window_start or (end_at is not None and end_at > window_start))


def _row_overlaps(row: msgspec.Raw, window: Window) -> bool | None:
    try:
        span = msgspec.json.decode(row, type=RowSpan)
    except msgspec.ValidationError:
        return None  # a row that is not an object is rejected by the load
    return overlaps(span.start_date, span.end_date, window)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _parse_moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
