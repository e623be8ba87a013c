"""Examine the files of the landing folder: what does not belong there, what cannot be read, what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterator

from usage_assets.doctor.findings import Finding, account_name, fail, ok, warn
from usage_assets.landing.store import Landing
from usage_assets.project import Project
from usage_assets.truto.display_text import truncate

SUBJECT, LISTS = "landing files", "lists of users"
MAX_LISTED_LENGTH = 500


def landing_file_findings(landing: Landing, subject: str = SUBJECT) -> Iterator[Finding]:
    """Yield a finding for each kind of trouble, or a single one if every file is as it was written."""
    strange, broken, quarantined = landing.strange_files(), landing.broken(), landing.quarantined()
    if strange:
        names = truncate(", ".join(str(path.relative_to(landing.root)) for path in strange), MAX_LISTED_LENGTH)
        yield warn(subject, f"{len(strange)} are ignored, because no run wrote them: {names}; remove them")
    for key, reason in broken.items():
        yield fail(subject, truncate(f"account {key.account_id}, {key.window}: {reason}", MAX_LISTED_LENGTH))
    if quarantined:
        folder = landing.root / "quarantine"
        yield warn(
            subject, f"{len(quarantined)} were damaged and are in {folder}; remove them once all windows are held"
        )
    if not (strange or broken or quarantined):
        yield ok(subject, "every name and manifest is as it was written")


def user_list_findings(project: Project) -> Iterator[Finding]:
    """Yield the findings about the files of the landed lists of users, and the accounts whose vendor has no list."""
    yield from landing_file_findings(project.user_lists.landing, LISTS)
    for account in project.fetched_accounts(project.account_list.read()):
        unsupported = project.user_lists.unsupported(account.account_id)
        if unsupported is not None:
            reason = truncate(unsupported.reason, MAX_LISTED_LENGTH)
            setting = f'set seats = "none" in the profile of {account.integration} to stop asking'
            yield warn(LISTS, f"{account_name(account)} has none ({reason}), asked once a day: {setting}")
