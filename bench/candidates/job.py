"""What a candidate is asked to do, and what it is asked afterwards. No measuring here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import msgspec


class Job(msgspec.Struct, frozen=True):
    """Where the API is, which days of which accounts are wanted, and a folder that is the candidate's own."""

    url: str
    account_ids: list[str]
    days: list[date]
    folder: str

    @property
    def home(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def usage_url(self) -> str:
        """Where usage is listed."""
        return f"{self.url}/unified/usage-metering/usage"

    def windows(self) -> list[dict[str, str]]:
        """The query of every window's first page."""
        return [
            {"integrated_account_id": account_id, "date": str(day), "limit": "1000"}
            for account_id in self.account_ids
            for day in self.days
        ]


class Found(msgspec.Struct, frozen=True):
    """What a candidate arrived at, None where that is no part of its job.

    `cpu_seconds` is its own clock around the one thing it stands for; without, its whole process counts.
    """

    rows: int | None = None
    cost: Decimal | None = None
    bytes: int | None = None
    cpu_seconds: float | None = None


class Candidate(Protocol):
    """A module of this folder."""

    def run(self, job: Job) -> None:
        """Does the job; this is what is measured."""
        ...

    def found(self, job: Job) -> Found:
        """Looks at what the job left in its folder; not measured."""
        ...
