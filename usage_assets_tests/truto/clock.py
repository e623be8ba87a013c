"""A clock for tests, which only a test moves."""


class Clock:
    """Monotonic seconds that pass only by `sleep` or by an assignment to `now`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
