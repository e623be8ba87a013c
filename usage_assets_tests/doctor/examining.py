"""Shared by the tests of `doctor`: the current time, the types of fixtures, and a filter of findings by subject."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from usage_assets.doctor.findings import Finding
from usage_assets.project import Project

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

ProjectWith: TypeAlias = Callable[..., Project]
Examine: TypeAlias = Callable[[Project], list[Finding]]


def findings_about(subject: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.subject == subject]


def finding_about(subject: str, findings: list[Finding]) -> Finding:
    (finding,) = findings_about(subject, findings)
    return finding


def listed_account(**changes: Any) -> dict[str, Any]:
    """Return an integrated account as the API lists it."""
    values = {"id": "acc-1", "status": "active", "integration": {"name": "claude"}, "tenant_id": "acme"}
    return {**values, **changes}


def write_marker(landing_dir: Path, name: str, age: timedelta) -> None:
    """Create a pending marker of the given `age` at `NOW`."""
    path = landing_dir / "pending" / name
    path.parent.mkdir(parents=True)
    path.touch()
    created = (NOW - age).timestamp()
    os.utime(path, (created, created))
