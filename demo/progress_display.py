"""Show the progress of the demo: bars on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars

from demo.waiting import Progress, derive_seconds_left, fetch_seconds_left

Show = Callable[[Progress, float], None]
_LINE_SECONDS = 5.0


@contextmanager
def progress_display(console: Console) -> Iterator[Show]:
    """Yield a function that shows a progress at a time in seconds."""
    phases = Phases()
    if not console.is_terminal:
        yield _Lines(console, phases).show
        return
    columns = (TextColumn("{task.description:6}"), BarColumn(), TextColumn("{task.fields[text]}"))
    with Bars(*columns, console=console) as bars:
        fetch, derive = (bars.add_task(name, total=None, text="") for name in ("fetch", "derive"))

        def show(progress: Progress, now: float) -> None:
            fetch_text, derive_text = phases.texts(progress, now)
            total = progress.expected or None
            bars.update(fetch, completed=progress.landed, total=total, text=fetch_text)
            bars.update(derive, completed=progress.derived, total=total, text=derive_text)

        yield show


@dataclass
class Phases:
    """Describes fetch and derive with the time left, from the times at which the first and the last window landed."""

    _first: tuple[float, int] | None = None
    _last_landed: tuple[float, int] = (0.0, -1)

    def texts(self, progress: Progress, now: float) -> tuple[str, str]:
        """Return the texts for fetch and for derive."""
        if not progress.expected:
            return "waiting for the account list", "waiting for the first windows"
        if self._first is None and progress.landed:
            self._first = now, progress.landed
        if progress.landed != self._last_landed[1]:
            self._last_landed = now, progress.landed
        started, landed_before = self._first or (now, 0)
        fetch_left = fetch_seconds_left(progress, landed_before, now - started)
        derive_left = derive_seconds_left(progress, now - self._last_landed[0]) if progress.missing else None
        fetch = f"{progress.landed} of {progress.expected} windows{_left(fetch_left)}"
        return fetch, f"{progress.accounts_text}{_left(derive_left)}"


@dataclass
class _Lines:
    """Prints a line when the progress has changed, at most every five seconds until it is complete."""

    console: Console
    phases: Phases
    _shown: Progress | None = field(default=None, init=False)
    _next_at: float = field(default=0.0, init=False)

    def show(self, progress: Progress, now: float) -> None:
        texts = self.phases.texts(progress, now)
        if progress != self._shown and (now >= self._next_at or not progress.missing):
            self.console.print("fetch: {}; derive: {}".format(*texts))
            self._shown, self._next_at = progress, now + _LINE_SECONDS


def _left(seconds: float | None) -> str:
    if not seconds:
        return ""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f", about {minutes} min {rest} s left" if minutes else f", about {rest} s left"
