"""Measure the partition page of the UI: the time of its own GraphQL queries, sent to a webserver over HTTP."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench.accounts import BIN
from bench.inside.tasks import PartitionsTask
from bench.measure import empty_folder, product_environment, report_progress, run_inside
from bench.pages import Shape

REPEATS = 3
UNUSED_URL = "http://127.0.0.1:9"
# The queries of the asset's partition page and of the asset's header, as in Dagster's own JavaScript.
PAGE = """query PartitionHealthQuery($assetKey: AssetKeyInput!) {
  assetNodeOrError(assetKey: $assetKey) { ... on AssetNode { id
    partitionKeysByDimension { name type partitionKeys } assetPartitionStatuses {
    ... on TimePartitionStatuses { ranges { status startTime endTime startKey endKey } }
    ... on DefaultPartitionStatuses { materializedPartitions materializingPartitions failedPartitions }
    ... on MultiPartitionStatuses { primaryDimensionName ranges {
      primaryDimStartKey primaryDimEndKey primaryDimStartTime primaryDimEndTime secondaryDim {
        ... on TimePartitionStatuses { ranges { status startTime endTime startKey endKey } }
        ... on DefaultPartitionStatuses { materializedPartitions materializingPartitions failedPartitions }
      } } } } } } }"""
HEADER = """query Header($assetKey: AssetKeyInput!) { assetNodeOrError(assetKey: $assetKey) { ... on AssetNode {
  id partitionStats { numMaterialized numPartitions numFailed numMaterializing } } } }"""


@dataclass(frozen=True)
class PageTimes:
    """Seconds of each query of the page and of the header; the first of each builds the cache."""

    accounts: int
    days: int
    page: list[float]
    header: list[float]


def measure_page(accounts: int, days: int, home: Path) -> PageTimes:
    """Measure the queries of the UI with every account and day materialized."""
    start = datetime.now(UTC).date() - timedelta(days=days)
    account_ids = Shape(accounts, 1, 1).account_ids
    with empty_folder(home / "partitions") as folder:
        env = product_environment(UNUSED_URL, folder, start)
        report_progress(f"partition page of {accounts} accounts × {days} days")
        task = PartitionsTask(str(folder), account_ids, [start + timedelta(days=number) for number in range(days)])
        run_inside("partitions", task, env, int)
        with _webserver(folder, env) as url:
            seconds = [(_query(url, PAGE), _query(url, HEADER)) for _ in range(REPEATS)]
    return PageTimes(accounts, days, [page for page, _ in seconds], [header for _, header in seconds])


@contextmanager
def _webserver(folder: Path, env: dict[str, str]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(BIN / "dagster-webserver"), "-m", "usage_assets.definitions", "-p", str(port)]
    with (folder / "log.txt").open("wb") as log, subprocess.Popen(
        command, stdout=log, stderr=log, cwd=folder, env=env
    ) as process:  # fmt: skip
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/graphql")
            yield f"http://127.0.0.1:{port}/graphql"
        finally:
            process.terminate()


def _wait_until_up(url: str) -> None:
    for _ in range(120):
        try:
            _query(url, "{ version }")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
        else:
            return


def _query(url: str, query: str) -> float:
    body = msgspec.json.encode({"query": query, "variables": {"assetKey": {"path": ["raw_usage"]}}})
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own server
    started = time.monotonic()
    with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
        answer.read()
    return time.monotonic() - started
