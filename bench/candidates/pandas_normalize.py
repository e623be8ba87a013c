"""A peer: requests, `pandas.json_normalize`, and delete and insert per account and day. No raw data is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import requests

from bench.candidates.job import Job, JobResult


def run(job: Job) -> None:
    """Fetch each window as a frame and replace it in the table."""
    with requests.Session() as session, duckdb.connect(str(job.home / "usage.duckdb")) as connection:
        session.trust_env = False
        for number, window in enumerate(job.windows()):
            frame = pd.json_normalize([row for page in _pages(session, job.usage_url, window) for row in page])
            frame["account_id"], frame["usage_date"] = window["integrated_account_id"], window["date"]
            connection.register("frame", frame)
            if number == 0:
                connection.execute("create table usage as select * from frame limit 0")
            _replace(connection, window)


def result(job: Job) -> JobResult:
    """Return rows and cost of the table."""
    with duckdb.connect(str(job.home / "usage.duckdb"), read_only=True) as connection:
        amounts = connection.execute(
            "select charge.amount::decimal(38, 12) from usage, unnest(charges) as u(charge) where charge.type = 'net'"
        ).fetchall()
        rows = connection.execute("select count(*) from usage").fetchall()[0][0]
    return JobResult(rows, sum((amount for (amount,) in amounts), Decimal(0)))


def _pages(session: requests.Session, url: str, window: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    cursor: str | None = "0"
    while cursor:
        page = session.get(url, params={**window, "next_cursor": cursor}, timeout=60).json()
        yield page["result"]
        cursor = page["next_cursor"]


def _replace(connection: duckdb.DuckDBPyConnection, window: dict[str, str]) -> None:
    connection.execute("begin")
    connection.execute(
        "delete from usage where account_id = ? and usage_date = ?", [window["integrated_account_id"], window["date"]]
    )
    connection.execute("insert into usage by name select * from frame")
    connection.execute("commit")
