"""Truto's rate limits, kept on our side: so many requests per ten seconds for an account, and for the token.

A request occupies its place while it is under way and until the window after its answer has passed, because
the server may have counted it at any moment in between. One object serves all threads. A 429 is for `retry`.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PER_ACCOUNT = 50
PER_TOKEN = 500
WINDOW_SECONDS = 10.1
IN_FLIGHT_POLL_SECONDS = 0.02


@dataclass
class Lane:
    """The requests that count against one limit: those under way, and when the others were answered."""

    limit: int
    in_flight: int = 0
    answered: deque[float] = field(default_factory=deque)

    def seconds_until_free(self, now: float, window: float) -> float:
        """How long until one more request is allowed; 0 means now."""
        while self.answered and self.answered[0] + window <= now:
            self.answered.popleft()
        if self.in_flight + len(self.answered) < self.limit:
            return 0.0
        if self.answered:
            return self.answered[0] + window - now
        return IN_FLIGHT_POLL_SECONDS


class RequestLimits:
    """Keeps requests under the limits, over all threads that share it.

    Args:
        per_account: Requests of one integrated account in a window.
        per_token: Requests of the token in a window, over all accounts.
        window: Seconds; a little more than the server's ten, for clocks that differ.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        *,
        per_account: int = PER_ACCOUNT,
        per_token: int = PER_TOKEN,
        window: float = WINDOW_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._window = window
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._token = Lane(per_token)
        self._accounts: defaultdict[str, Lane] = defaultdict(lambda: Lane(per_account))

    @contextmanager
    def request(self, account_id: str | None) -> Iterator[None]:
        """Waits for a free place, holds it during the block, and lets it count on from the block's end."""
        lanes = self._lanes(account_id)
        while wait := self._enter(lanes):
            self._sleep(wait)
        try:
            yield
        finally:
            self._leave(lanes)

    def _lanes(self, account_id: str | None) -> list[Lane]:
        with self._lock:
            return [self._token] if account_id is None else [self._token, self._accounts[account_id]]

    def _enter(self, lanes: list[Lane]) -> float:
        with self._lock:
            now = self._clock()
            wait = max(lane.seconds_until_free(now, self._window) for lane in lanes)
            if wait <= 0:
                for lane in lanes:
                    lane.in_flight += 1
            return max(wait, 0.0)

    def _leave(self, lanes: list[Lane]) -> None:
        with self._lock:
            now = self._clock()
            for lane in lanes:
                lane.in_flight -= 1
                lane.answered.append(now)
