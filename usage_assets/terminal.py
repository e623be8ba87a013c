"""Display a command's progress: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from usage_assets.progress import Progress


class PlainProgress:
    """Prints a line at the start of a phase and after each tenth of its steps."""

    def __init__(self) -> None:
        self._phase, self._steps, self._done = "", 0, 0

    def start(self, phase: str, steps: int) -> None:
        """Begin a phase."""
        self._phase, self._steps, self._done = phase, steps, 0
        self.note(f"{phase}: 0 of {steps}" if steps > 1 else phase)

    def advance(self) -> None:
        """Count one more step as done."""
        self._done += 1
        tenths = (self._done - 1) * 10 // self._steps, self._done * 10 // self._steps
        if self._steps > 1 and tenths[0] != tenths[1]:
            self.note(f"{self._phase}: {self._done} of {self._steps}")

    def note(self, text: str) -> None:
        """Print a sentence."""
        typer.echo(text, err=True)


class BarProgress:
    """Shows a bar with the time left of the current phase."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, phase: str, steps: int) -> None:
        """Begin a phase; fill the bar of the previous phase."""
        if self._task is not None:
            self._bars.update(self._task, completed=self._bars.tasks[self._task].total)
        self._task = self._bars.add_task(phase, total=steps)

    def advance(self) -> None:
        """Count one more step as done."""
        if self._task is not None:
            self._bars.advance(self._task)

    def note(self, text: str) -> None:
        """Print a sentence above the bar."""
        self._bars.console.print(text, markup=False, highlight=False)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show the progress of a command on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield PlainProgress()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as bars:
        yield BarProgress(bars)


def counted(number: int, noun: str) -> str:
    """Return `1 window`, `2 windows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
