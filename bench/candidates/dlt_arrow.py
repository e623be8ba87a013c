"""A peer: dlt with a handwritten Arrow resource for this API: 29 columns, append only, no raw data kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import dlt
import duckdb
import orjson
import pyarrow as pa

from bench.candidates import dlt_tuned
from bench.candidates.floor_bytes import pages
from bench.candidates.job import Job, JobResult

TEXT, COUNT = pa.string(), pa.int64()
COLUMNS = pa.schema(
    [(name, TEXT) for name in (
        "id", "metric_name", "surface", "start_date", "end_date", "created_at", "updated_at",
        "product_id", "product_name", "organization_id", "organization_name", "user_id", "user_email", "user_name",
        "model_id", "model_provider", "currency", "charge_type", "actor_id", "vendor_model",
    )]
    + [(name, COUNT) for name in (
        "input", "cached_input", "cache_write", "output", "requests", "sessions", "vendor_input", "vendor_output",
    )]
    + [("amount", pa.float64())]
)  # fmt: skip


def run(job: Job) -> None:
    """Load one Arrow table per page."""
    tables = dlt.resource((_table(body) for body in pages(job)), name="usage", write_disposition="append")
    dlt_tuned.pipeline_of(job, dlt_tuned.TUNED).run(tables, loader_file_format="parquet")


def result(job: Job) -> JobResult:
    """Return rows and cost of the table."""
    with duckdb.connect(str(dlt_tuned.database_of(job)), read_only=True) as connection:
        amounts = connection.execute("select amount::decimal(38, 12) from landed.usage").fetchall()
    return JobResult(len(amounts), sum((amount for (amount,) in amounts), Decimal(0)))


def _table(body: bytes) -> pa.Table:
    return pa.Table.from_pylist([_flat(row) for row in orjson.loads(body)["result"]], schema=COLUMNS)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    product, organization, user, model = row["product"], row["organization"], row["user"], row["model"]
    charge, usage, vendor = row["charges"][0], row["usage"], row["remote_data"]
    tokens = usage["tokens"]
    return {
        "id": row["id"],
        "metric_name": row["metric_name"],
        "surface": row["surface"],
        "start_date": row["start_date"],
        "end_date": row["end_date"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "product_id": product["id"],
        "product_name": product["name"],
        "organization_id": organization["id"],
        "organization_name": organization["name"],
        "user_id": user["id"],
        "user_email": user["email"],
        "user_name": user["name"],
        "model_id": model["id"],
        "model_provider": model["provider"],
        "amount": charge["amount"],
        "currency": charge["currency"],
        "charge_type": charge["type"],
        "actor_id": vendor["actor"]["user_id"],
        "vendor_model": vendor["model"],
        "input": tokens["input"],
        "cached_input": tokens["cached_input"],
        "cache_write": tokens["cache_write"],
        "output": tokens["output"],
        "requests": usage["requests"]["total"],
        "sessions": usage["sessions"]["distinct"],
        "vendor_input": vendor["uncached_input_tokens"],
        "vendor_output": vendor["output_tokens"],
    }
