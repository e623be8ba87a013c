"""The fetch of the product alone, to measure its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Job, JobResult
from usage_assets.landing.manifest import read_manifest


def run(job: Job) -> None:
    """Land every window."""
    ours.fetch(job.url, job.home, job.days)


def result(job: Job) -> JobResult:
    """Return the number of landed rows."""
    paths = (job.home / "landing" / "windows").glob("*/*/*.json")
    return JobResult(sum(manifest.rows for path in paths if (manifest := read_manifest(path)) is not None))
