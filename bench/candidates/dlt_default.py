"""A peer: dlt's rest_api source with its default settings. It is slow, so it is measured only on request."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from bench.candidates import dlt_tuned
from bench.candidates.job import Job, JobResult


def run(job: Job) -> None:
    """Extract, normalize and load everything."""
    dlt_tuned.load(job, {}, file_format=None, nesting=None)


def result(job: Job) -> JobResult:
    """Return rows and cost; charges are a child table."""
    with duckdb.connect(str(dlt_tuned.database_of(job)), read_only=True) as connection:
        rows = connection.execute("select count(*) from landed.usage").fetchall()[0][0]
        amounts = connection.execute(
            "select amount::decimal(38, 12) from landed.usage__charges where type = 'net'"
        ).fetchall()
    return JobResult(rows, sum((amount for (amount,) in amounts), Decimal(0)))
