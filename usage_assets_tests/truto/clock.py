"""A clock that stands still until it is told to go on."""


class Clock:
    """Time that passes only when somebody sleeps, or by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
