"""The product's load alone, of what `ours` landed before in the same folder: for its memory."""

from __future__ import annotations

from bench.candidates import ours
from bench.candidates.job import Found, Job
from usage_assets.landing.accounts import AccountList
from usage_assets.landing.store import Landing


def run(job: Job) -> None:
    """Loads what is pending."""
    ours.load_landed(job.home, AccountList(Landing(job.home / "landing")).read())


def found(job: Job) -> Found:
    """Returns what stands in `usage`."""
    return ours.found(job)
