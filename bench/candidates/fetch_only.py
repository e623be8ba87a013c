"""The product's fetch alone, landed and not loaded: for its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Found, Job
from usage_assets.landing.manifest import read_manifest


def run(job: Job) -> None:
    """Lands every window."""
    ours.fetch(job.url, job.home, job.days)


def found(job: Job) -> Found:
    """Returns how many rows landed."""
    paths = (job.home / "landing" / "windows").glob("*/*/*.json")
    return Found(sum(manifest.rows for path in paths if (manifest := read_manifest(path)) is not None))
