"""How many requests are under way side by side: as many as waiting for answers calls for, and no more.

Where the API takes its time, threads wait and many requests overlap. Where answers are there at once, as through a
cache or on loopback, more requests only get into each other's way: then each page costs a fifth more CPU.
What the API itself allows is kept in `limits`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PLACES_AT_FIRST = 3
SLOW_AFTER_SECONDS = 0.1


class SideBySide:
    """Places for requests: few at first, one more for each answer that had to be waited for; threads share it.

    A slow API doubles the places with each round of answers; how many are used is up to the threads there are.

    Args:
        places: How many requests at first.
        slow_after: Seconds until an answer is there, from which on it was waited for.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        places: int = PLACES_AT_FIRST,
        slow_after: float = SLOW_AFTER_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = threading.Semaphore(places)
        self._slow_after = slow_after
        self._clock = clock

    @contextmanager
    def place(self) -> Iterator[None]:
        """Waits for a place and holds it during the block, which is one request and its answer."""
        with self._free:
            asked = self._clock()
            yield
            if self._clock() - asked > self._slow_after:
                self._free.release()
