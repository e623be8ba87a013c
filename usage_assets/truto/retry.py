"""When a request is worth repeating, and after how long. Decisions only; the loop is in `client`."""

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


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently a request is repeated.

    Attributes:
        tries: Requests in all, the first one included.
        first_wait: Seconds before the second try; they double with each further one.
        longest_wait: Ceiling of any wait, also of one the server asks for.
        sleep: Waits; a test hands in one that only notes the seconds.
        now: The time that a `Retry-After` date is measured against.
        chance: A number from 0 to 1, for the jitter.
    """

    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random

    def wait_after(self, attempt: int, retry_after: str | None) -> float:
        """Seconds to wait after the given attempt (from 1), as the server asks or else ever longer."""
        asked = parse_retry_after(retry_after, self.now())
        return wait_seconds(
            attempt, asked, first_wait=self.first_wait, longest_wait=self.longest_wait, chance=self.chance()
        )


def should_retry(status: int) -> bool:
    """Whether a status may pass by itself; 503 does not, it stands for a blocked account."""
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    return (
        status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def wait_seconds(attempt: int, asked: float | None, *, first_wait: float, longest_wait: float, chance: float) -> float:
    """Seconds to wait after an attempt (from 1): what the server asks, else doubling, up to a quarter less.

    Zero is no wait to ask for: it would spend all tries at once.
    """
    if asked:
        return min(asked, longest_wait)
    doubled: float = first_wait * 2.0 ** (attempt - 1)
    return min(doubled, longest_wait) * (1 - 0.25 * chance)


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """The seconds a `Retry-After` header asks for, as a number or by an HTTP date; None if it is neither."""
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
