"""A peer as it comes: dlt's rest_api source with every default. A straw man, shown only when asked for."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from bench.candidates import dlt_tuned
from bench.candidates.job import Found, Job


def run(job: Job) -> None:
    """Extracts, normalizes and loads everything."""
    dlt_tuned.load(job, {}, file_format=None, nesting=None)


def found(job: Job) -> Found:
    """Returns what stands in the tables, whose charges are a child table."""
    with duckdb.connect(str(dlt_tuned.database_of(job)), read_only=True) as connection:
        rows = connection.execute("select count(*) from landed.usage").fetchall()[0][0]
        amounts = connection.execute(
            "select amount::decimal(38, 12) from landed.usage__charges where type = 'net'"
        ).fetchall()
    return Found(rows, sum((amount for (amount,) in amounts), Decimal(0)))
