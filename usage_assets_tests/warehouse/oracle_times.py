"""Compute the time of a row as the design defines it: instants in the vendor's own offset, exclusive ends, days."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

ONE_DAY = timedelta(days=1)
INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?P<clock>[T ](?P<hour>\d{2}):(?P<minute>\d{2})(:(?P<second>\d{2})(\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<zone_hour>\d{2}):?(?P<zone_minute>\d{2}))?)?",
    re.ASCII,
)
INCLUSIVE_BY = {0: timedelta(seconds=1), 999_000: timedelta(milliseconds=1), 999_999: timedelta(microseconds=1)}


class UnreadableDateError(ValueError):
    """A text is no date."""


def midnight(day: date, zone: tzinfo | None = UTC) -> datetime:
    return datetime.combine(day, time(), zone)


def start_of(text: Any) -> datetime:
    """Return the instant at which a row starts, in the offset that the vendor writes."""
    return _instant(_parsed(text))


def end_of(text: Any, *, row_end_inclusive: bool) -> datetime:
    """Return the instant at which a row ends: exclusive, for every way to write an end."""
    match = _parsed(text)
    at = _instant(match)
    if match["clock"] is None:
        return at + ONE_DAY if row_end_inclusive else at
    is_last_second = match["minute"] == "59" and match["second"] == "59"
    return at + INCLUSIVE_BY.get(at.microsecond, timedelta()) if is_last_second else at


def days_of(start: datetime, end: datetime, fetched_at: datetime) -> list[date]:
    """Return the days of a row, as the vendor writes them: those it touches up to the fetch, at least one.

    A row of at most 24 hours stands on the day of its start.
    """
    first, last = start.date(), start.date()
    if end - start > ONE_DAY:
        last_moment = min(end, fetched_at).astimezone(end.tzinfo) - timedelta(microseconds=1)
        last = max(first, last_moment.date())
    return [first + ONE_DAY * i for i in range((last - first).days + 1)]


def _parsed(text: Any) -> re.Match[str]:
    match = INSTANT.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise UnreadableDateError(text)
    return match


def _instant(match: re.Match[str]) -> datetime:
    try:
        day = date.fromisoformat(match["day"])
        clock = time(int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0), _micros(match))
        return datetime.combine(day, clock, _zone(match))
    except (ValueError, OverflowError) as error:
        raise UnreadableDateError(match.string) from error


def _micros(match: re.Match[str]) -> int:
    return int((match["fraction"] or "0").ljust(6, "0")[:6])


def _zone(match: re.Match[str]) -> timezone:
    if match["sign"] is None:
        return UTC
    ahead = timedelta(hours=int(match["zone_hour"]), minutes=int(match["zone_minute"]))
    return timezone(ahead if match["sign"] == "+" else -ahead)
