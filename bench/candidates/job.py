"""The job of every candidate, and its result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import msgspec


class Job(msgspec.Struct, frozen=True):
    """Fetch `days` of the accounts from the API at `url` into a table below `folder`."""

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
        """The address of the usage list."""
        return f"{self.url}/unified/usage-metering/usage"

    def windows(self) -> list[dict[str, str]]:
        """Return the query of the first page of every window."""
        return [
            {"integrated_account_id": account_id, "date": str(day), "limit": "1000"}
            for account_id in self.account_ids
            for day in self.days
        ]


class JobResult(msgspec.Struct, frozen=True):
    """The result of a candidate; None for figures that it does not produce.

    `cpu_seconds` is the candidate's own measurement of its main call; without it, the whole process counts.
    """

    rows: int | None = None
    cost: Decimal | None = None
    bytes: int | None = None
    cpu_seconds: float | None = None


class Candidate(Protocol):
    """The functions that every candidate module has."""

    def run(self, job: Job) -> None:
        """Do the job. This call is measured."""
        ...

    def result(self, job: Job) -> JobResult:
        """Return the result that the job left in its folder. This call is not measured."""
        ...
