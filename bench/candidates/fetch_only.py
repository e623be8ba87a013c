"""Only the fetch of the product, to measure its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Job, JobResult
from usage_assets.landing.store import Landing


def run(job: Job) -> None:
    """Land every window."""
    ours.fetch(job.url, job.home, job.days)


def result(job: Job) -> JobResult:
    """Return the rows that landed."""
    landing = Landing(job.home / "landing")
    return JobResult(sum(manifest.rows for account_id in job.account_ids for manifest in landing.manifests(account_id)))
