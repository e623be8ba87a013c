"""Where a row stands in time, as the design's section "Money" says it: instants, exclusive ends, days."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
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
    """A date that is none."""


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def start_of(text: Any) -> datetime:
    """The instant a row starts."""
    return _instant(_parsed(text))


def end_of(text: Any, *, row_end_inclusive: bool) -> datetime:
    """The instant a row has ended: exclusive, however it was said."""
    said = _parsed(text)
    at = _instant(said)
    if said["clock"] is None:
        return at + ONE_DAY if row_end_inclusive else at
    is_last_second = said["minute"] == "59" and said["second"] == "59"
    return at + INCLUSIVE_BY.get(at.microsecond, timedelta()) if is_last_second else at


def days_of(start: datetime, end: datetime, fetched_at: datetime) -> list[date]:
    """The UTC days a row stands on: one up to 24 hours, else those it touches up to the fetch, at least one."""
    first = start.date()
    if end - start <= ONE_DAY:
        return [first]
    last = (end - timedelta(microseconds=1)).date()
    if end > fetched_at:
        last = max(first, min(last, fetched_at.date()))
    return [first + ONE_DAY * i for i in range((last - first).days + 1)]


def _parsed(text: Any) -> re.Match[str]:
    match = INSTANT.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise UnreadableDateError(text)
    return match


def _instant(said: re.Match[str]) -> datetime:
    try:
        day = date.fromisoformat(said["day"])
        clock = time(int(said["hour"] or 0), int(said["minute"] or 0), int(said["second"] or 0), _micros(said))
        return datetime.combine(day, clock, _zone(said)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableDateError(said.string) from error


def _micros(said: re.Match[str]) -> int:
    return int((said["fraction"] or "0").ljust(6, "0")[:6])


def _zone(said: re.Match[str]) -> timezone:
    if said["sign"] is None:
        return UTC
    ahead = timedelta(hours=int(said["zone_hour"]), minutes=int(said["zone_minute"]))
    return timezone(ahead if said["sign"] == "+" else -ahead)
