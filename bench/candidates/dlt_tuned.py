"""A peer: dlt's rest_api source, tuned: Parquet loader, workers, large buffers, no child tables, append only."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import Any

import dlt
import duckdb
from dlt.sources.rest_api import rest_api_source

from bench.candidates.job import Job, JobResult

TUNED = {
    "NORMALIZE__WORKERS": "2",
    "LOAD__WORKERS": "8",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
    "NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS": "100000",
    "EXTRACT__DATA_WRITER__FILE_MAX_ITEMS": "100000",
}
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}


def run(job: Job) -> None:
    """Extract, normalize and load everything."""
    load(job, TUNED, file_format="parquet", nesting=0)


def result(job: Job) -> JobResult:
    """Return rows and cost; charges are JSON text."""
    with duckdb.connect(str(database_of(job)), read_only=True) as connection:
        texts = connection.execute("select charges::varchar from landed.usage").fetchall()
    charges = [charge for (text,) in texts for charge in json.loads(text, parse_float=Decimal, parse_int=Decimal)]
    return JobResult(len(texts), sum((charge["amount"] for charge in charges if charge["type"] == "net"), Decimal(0)))


def load(job: Job, settings: dict[str, str], *, file_format: Any, nesting: int | None) -> None:
    """Run a rest_api pipeline over all windows; `settings` are dlt's environment variables."""
    pipeline = pipeline_of(job, settings)
    source = rest_api_source(_config(job), name="truto", max_table_nesting=nesting)
    # The windows only parametrize the requests for usage; they are not loaded.
    pipeline.run(source.with_resources("usage"), loader_file_format=file_format)


def pipeline_of(job: Job, settings: dict[str, str]) -> dlt.Pipeline:
    """Return a pipeline into a new DuckDB file in the job's folder."""
    os.environ.update({**settings, **QUIET})
    destination = dlt.destinations.duckdb(str(database_of(job)))
    return dlt.pipeline(
        "bench", destination=destination, dataset_name="landed", pipelines_dir=str(job.home / "pipelines")
    )


def database_of(job: Job) -> Any:
    """Return the path of the DuckDB file."""
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
