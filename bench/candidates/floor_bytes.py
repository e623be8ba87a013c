"""A floor: the pages are read with httpx and thrown away, one after the other. Nothing is parsed but the cursor."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import msgspec

from bench.candidates.job import Found, Job


class Cursor(msgspec.Struct):
    """The only member of a page that is looked at."""

    next_cursor: str | None = None


def pages(job: Job) -> Iterator[bytes]:
    """Yields the body of every page."""
    with httpx.Client(trust_env=False) as client:
        for window in job.windows():
            cursor: str | None = "0"
            while cursor:
                body = client.get(job.usage_url, params={**window, "next_cursor": cursor}).content
                yield body
                cursor = msgspec.json.decode(body, type=Cursor).next_cursor


def run(job: Job) -> None:
    """Reads every page."""
    leave(job, Found(bytes=sum(map(len, pages(job)))))


def found(job: Job) -> Found:
    """Returns what the run noted."""
    return msgspec.json.decode((job.home / "found.json").read_bytes(), type=Found)


def leave(job: Job, what: Found) -> None:
    """Notes what a run brought, which has no table to look at."""
    (job.home / "found.json").write_bytes(msgspec.json.encode(what))
