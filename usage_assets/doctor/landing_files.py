"""Examine the files of the landing folder: what does not belong there, what cannot be read, what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterator

from usage_assets.doctor.findings import Finding, fail, ok, warn
from usage_assets.landing.store import Landing
from usage_assets.truto.display_text import truncate

SUBJECT = "landing files"
MAX_LISTED_LENGTH = 500


def landing_file_findings(landing: Landing) -> Iterator[Finding]:
    """Yield a finding for each kind of trouble, or a single one if every file is as it was written."""
    strange, broken, quarantined = landing.strange_files(), landing.broken(), landing.quarantined()
    if strange:
        names = truncate(", ".join(str(path.relative_to(landing.root)) for path in strange), MAX_LISTED_LENGTH)
        yield warn(SUBJECT, f"{len(strange)} are ignored, because no run wrote them: {names}; remove them")
    for key, reason in broken.items():
        yield fail(SUBJECT, truncate(f"account {key.account_id}, {key.window}: {reason}", MAX_LISTED_LENGTH))
    if quarantined:
        folder = landing.root / "quarantine"
        yield warn(
            SUBJECT, f"{len(quarantined)} were damaged and are in {folder}; remove them once all windows are held"
        )
    if not (strange or broken or quarantined):
        yield ok(SUBJECT, "every name and manifest is as it was written")
