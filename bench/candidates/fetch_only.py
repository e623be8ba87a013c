"""The product's fetch alone, landed and not loaded: for its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Found, Job
from usage_assets.landing.store import Landing


def run(job: Job) -> None:
    """Lands every window."""
    ours.fetch(job.url, job.home, job.days)


def found(job: Job) -> Found:
    """Returns how many rows landed."""
    landing = Landing(job.home / "landing")
    return Found(sum(one.rows for account_id in job.account_ids for one in landing.manifests(account_id)))
