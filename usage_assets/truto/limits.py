"""Keep requests under Truto's rate limits: a number of requests per ten seconds for each account and for the token.

A request counts until ten seconds after its response, because the server may have counted it at any moment before.
`retry` handles a 429 that occurs nevertheless.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

REQUESTS_PER_ACCOUNT = 50
REQUESTS_PER_TOKEN = 500
WINDOW_SECONDS = 10.1
IN_FLIGHT_POLL_SECONDS = 0.02


@dataclass
class SlidingWindow:
    """The requests that count against one limit: the number in flight, and the times of recent responses."""

    limit: int
    seconds: float
    in_flight: int = 0
    response_times: deque[float] = field(default_factory=deque)

    def seconds_until_free(self, now: float) -> float:
        """Return the seconds until another request is allowed, 0 if it is allowed now."""
        while self.response_times and self.response_times[0] + self.seconds <= now:
            self.response_times.popleft()
        if self.in_flight + len(self.response_times) < self.limit:
            return 0.0
        if self.response_times:
            return self.response_times[0] + self.seconds - now
        return IN_FLIGHT_POLL_SECONDS


class RequestLimits:
    """Delays the requests of all threads that share it to stay under the limits.

    Args:
        per_account: Requests of one integrated account in a window.
        per_token: Requests of the token in a window, over all accounts.
        window: Length of a window in seconds; a little more than the server's ten, because clocks differ.
        clock: Returns monotonic seconds.
        sleep: Waits the given seconds.
    """

    def __init__(
        self,
        *,
        per_account: int = REQUESTS_PER_ACCOUNT,
        per_token: int = REQUESTS_PER_TOKEN,
        window: float = WINDOW_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._token = SlidingWindow(per_token, window)
        self._accounts: defaultdict[str, SlidingWindow] = defaultdict(lambda: SlidingWindow(per_account, window))

    @contextmanager
    def request(self, account_id: str | None) -> Iterator[None]:
        """Wait until a request of the account is allowed; count it during the block and for one window afterwards."""
        windows = self._windows(account_id)
        while wait := self._try_acquire(windows):
            self._sleep(wait)
        try:
            yield
        finally:
            self._release(windows)

    def _windows(self, account_id: str | None) -> list[SlidingWindow]:
        with self._lock:
            return [self._token] if account_id is None else [self._token, self._accounts[account_id]]

    def _try_acquire(self, windows: list[SlidingWindow]) -> float:
        """Count a request in all `windows` if each has room; return the seconds to wait otherwise."""
        with self._lock:
            now = self._clock()
            wait = max(window.seconds_until_free(now) for window in windows)
            if wait <= 0:
                for window in windows:
                    window.in_flight += 1
            return max(wait, 0.0)

    def _release(self, windows: list[SlidingWindow]) -> None:
        with self._lock:
            now = self._clock()
            for window in windows:
                window.in_flight -= 1
                window.response_times.append(now)
