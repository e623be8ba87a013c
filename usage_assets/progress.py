"""The interface through which a long command reports progress; `terminal` displays it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the phases of a command and the steps of each phase."""

    def start(self, phase: str, steps: int) -> None:
        """Begin a phase of `steps` steps; the previous phase is done."""
        ...

    def advance(self) -> None:
        """Count one more step of the phase as done."""
        ...

    def note(self, text: str) -> None:
        """Report a sentence without changing the progress."""
        ...


class NoProgress:
    """Reports nothing."""

    def start(self, phase: str, steps: int) -> None:
        """Ignore the phase."""

    def advance(self) -> None:
        """Ignore the step."""

    def note(self, text: str) -> None:
        """Ignore the sentence."""
