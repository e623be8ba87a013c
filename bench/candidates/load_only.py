"""The load of the product alone, after `fetch_only` in the same folder, to measure its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Job, JobResult
from usage_assets.landing.accounts import AccountList
from usage_assets.landing.store import Landing


def run(job: Job) -> None:
    """Load every pending window."""
    ours.load_landed(job.home, AccountList(Landing(job.home / "landing")).read())


def result(job: Job) -> JobResult:
    """Return rows and cost of `usage`."""
    return ours.result(job)
