"""Decide whether to retry a request, and after how many seconds. `transport` has the retry loop."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite

SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
JITTER = 0.25


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """The number of attempts at a request, and the delays between them.

    Attributes:
        max_attempts: Number of attempts, including the first.
        base_delay: Seconds before the second attempt; the delay doubles with each further attempt.
        max_delay: Longest delay in seconds, even if the server asks for more.
        sleep: Waits the given seconds.
        now: Returns the current time, to compare a `Retry-After` date with.
        chance: Returns a number from 0 to 1, for the jitter.
    """

    max_attempts: int = 5
    base_delay: float = 0.5
    max_delay: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random

    def delay_after(self, attempt: int, retry_after: str | None) -> float:
        """Return the seconds to wait after `attempt`, counted from 1, given the server's `Retry-After` header."""
        requested = parse_retry_after(retry_after, self.now())
        return delay_seconds(
            attempt, requested, base_delay=self.base_delay, max_delay=self.max_delay, chance=self.chance()
        )


def is_retryable_status(status: int) -> bool:
    """Return whether a retry may get another status.

    503 means a blocked account, which stays blocked, and 501 a resource that the vendor does not have.
    """
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.NOT_IMPLEMENTED):
        return False
    return (
        status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def delay_seconds(
    attempt: int, requested: float | None, *, base_delay: float, max_delay: float, chance: float
) -> float:
    """Return the seconds to wait after `attempt`: the server's delay, else a doubling delay less a jitter.

    A server's delay of zero is ignored, because it would use up all attempts at once.
    """
    if requested:
        return min(requested, max_delay)
    doubled: float = base_delay * 2.0 ** (attempt - 1)
    return min(doubled, max_delay) * (1 - JITTER * chance)


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds of a `Retry-After` header, a number or an HTTP date; None if it is neither."""
    stripped = (text or "").strip()
    if SECONDS.fullmatch(stripped):
        seconds = float(stripped)
        return seconds if isfinite(seconds) else None
    return _seconds_until(stripped, now)


def _seconds_until(http_date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())
    except (ValueError, OverflowError):
        return None
