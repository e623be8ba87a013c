"""Examine the exchange rates and prices in use: how new they are, and how the last downloads ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from usage_assets.doctor.findings import Finding, ok, warn
from usage_assets.lasting_trouble import failed_downloads, old_reference
from usage_assets.project import Project
from usage_assets.reference.sources import SOURCES

SUBJECT = "reference"


def reference_findings(project: Project, now: datetime) -> Iterator[Finding]:
    """Yield a finding for the rates and one for the prices, then one for each that is old or failed to download."""
    reference = project.reference
    for source in SOURCES:
        newest = reference.newest_day(source, now.date())
        off = f" ({source.variable} is off)" if reference.is_off(source) else ""
        yield ok(SUBJECT, f"the {source.subject} in use are {reference.in_use(source)}, as of {newest}{off}")
    for trouble in (*old_reference(project, now), *failed_downloads(project)):
        yield warn(SUBJECT, trouble.sentence)
