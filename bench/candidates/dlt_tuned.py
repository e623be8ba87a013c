"""A peer: dlt's rest_api source, tuned: Parquet loader, workers, large buffers, no child tables, append only."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import Any

import dlt
import duckdb
from dlt.sources.rest_api import rest_api_source

from bench.candidates.job import Found, Job

TUNED = {
    "NORMALIZE__WORKERS": "2",
    "LOAD__WORKERS": "8",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
    "NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS": "100000",
    "EXTRACT__DATA_WRITER__FILE_MAX_ITEMS": "100000",
}
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}


def run(job: Job) -> None:
    """Extracts, normalizes and loads everything."""
    load(job, TUNED, file_format="parquet", nesting=0)


def found(job: Job) -> Found:
    """Returns what stands in the table, whose charges are JSON text."""
    with duckdb.connect(str(database_of(job)), read_only=True) as connection:
        texts = connection.execute("select charges::varchar from landed.usage").fetchall()
    charges = [charge for (text,) in texts for charge in json.loads(text, parse_float=Decimal, parse_int=Decimal)]
    return Found(len(texts), sum((one["amount"] for one in charges if one["type"] == "net"), Decimal(0)))


def load(job: Job, settings: dict[str, str], *, file_format: Any, nesting: int | None) -> None:
    """Runs a pipeline of rest_api over all windows with `settings` of dlt's environment."""
    pipeline = pipeline_of(job, settings)
    source = rest_api_source(_config(job), name="truto", max_table_nesting=nesting)
    # The windows lead the usage; they are no table.
    pipeline.run(source.with_resources("usage"), loader_file_format=file_format)


def pipeline_of(job: Job, settings: dict[str, str]) -> dlt.Pipeline:
    """Returns a pipeline into a new DuckDB file of the job's folder."""
    os.environ.update({**settings, **QUIET})
    destination = dlt.destinations.duckdb(str(database_of(job)))
    return dlt.pipeline(
        "bench", destination=destination, dataset_name="landed", pipelines_dir=str(job.home / "pipelines")
    )


def database_of(job: Job) -> Any:
    """Where the DuckDB file lies."""
    return job.home / "usage.duckdb"


def _config(job: Job) -> Any:
    windows = dlt.resource([job.windows()], name="windows", selected=False)
    parameters = {name: f"{{resources.windows.{name}}}" for name in ("integrated_account_id", "date", "limit")}
    usage = {
        "path": "unified/usage-metering/usage",
        "params": parameters,
        "data_selector": "result",
        "paginator": {"type": "cursor", "cursor_path": "next_cursor", "cursor_param": "next_cursor"},
    }
    return {
        "client": {"base_url": job.url},
        "resources": [windows, {"name": "usage", "write_disposition": "append", "endpoint": usage}],
    }
