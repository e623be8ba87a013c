"""Note by which user files the published tables are derived, so that a changed file is noticed without the warehouse.

A note is written when a run has derived, and counts once that run has published.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from usage_assets.user_files.in_force import NO_CONTENT

PUBLISHED, DERIVED = ".sha256", ".loaded"


@dataclass(frozen=True)
class AppliedFiles:
    """The sha256 of each file by which the tables are derived, as small files in `folder`."""

    folder: Path

    def published_by(self, name: str) -> str:
        """Return the sha256 of the content of file `name` by which the published tables are derived."""
        note = self._note(name, PUBLISHED)
        return note.read_text(encoding="utf-8") if note.exists() else NO_CONTENT

    def note_derived(self, name: str, content_sha256: str) -> None:
        """Note by which content of file `name` a run derives; nothing is noted of a file that never existed."""
        if content_sha256 or self._note(name, PUBLISHED).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._note(name, DERIVED).write_text(content_sha256, encoding="utf-8")

    def note_published(self) -> None:
        """Note that the published tables are derived by the content of every file that was noted before."""
        for note in self.folder.glob(f"*{DERIVED}"):
            note.replace(note.with_suffix(PUBLISHED))

    def _note(self, name: str, suffix: str) -> Path:
        return self.folder / f"{name}{suffix}"
