"""Truto's request limits per integrated account and per API token."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from truto_sandbox.errors import rate_limited

WINDOW_SECONDS = 10
PER_ACCOUNT = 50
PER_TOKEN = 500

# Requests may arrive closer together than the client sent them.
_LEEWAY_SECONDS = 0.25


@dataclass(slots=True)
class _Window:
    opened_at: float
    requests: int = 0


@dataclass(slots=True)
class RateLimiter:
    """Counts requests in windows of ten seconds; a window opens with the first request of a key.

    Attributes:
        scope: What the limit applies to, for the message.
        most: Requests allowed in a window.
        enabled: Whether requests are refused.
        clock: Monotonic time in seconds.
    """

    scope: str
    most: int
    enabled: bool = True
    clock: Callable[[], float] = time.monotonic
    _windows: dict[str, _Window] = field(default_factory=dict)

    def admit(self, key: str) -> dict[str, str]:
        """Count a request and return the rate limit headers of its response.

        Raises:
            ApiError: 429 with `Retry-After`, if the window has no request left.
        """
        if not self.enabled:
            return {}
        window = self._window(key)
        if window.requests >= self.most:
            message = f"Rate limit exceeded: {self.most} requests per {WINDOW_SECONDS} seconds per {self.scope}"
            raise rate_limited(message, WINDOW_SECONDS)
        window.requests += 1
        return self._headers(window)

    def _window(self, key: str) -> _Window:
        window, now = self._windows.get(key), self.clock()
        if window is None or now - window.opened_at >= WINDOW_SECONDS - _LEEWAY_SECONDS:
            window = self._windows[key] = _Window(now)
        return window

    def _headers(self, window: _Window) -> dict[str, str]:
        left = WINDOW_SECONDS - (self.clock() - window.opened_at)
        return {
            "ratelimit-limit": f"{self.most};w={WINDOW_SECONDS}",
            "ratelimit-remaining": str(self.most - window.requests),
            "ratelimit-reset": str(max(1, round(left))),
        }
