"""The partition page of the UI: how long its own queries take, asked of a webserver over HTTP."""

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
from bench.comparison import emptied, say
from bench.inside.tasks import PartitionsTask
from bench.measure import product_environment
from bench.pages import Shape
from bench.parts import inside

TIMES = 3
NO_SERVER_HERE = "http://127.0.0.1:9"
# What the asset's partition page asks (read off Dagster's own bundle), and what the asset's head asks.
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
STATUS = """query Status($assetKey: AssetKeyInput!) { assetNodeOrError(assetKey: $assetKey) { ... on AssetNode {
  id partitionStats { numMaterialized numPartitions numFailed numMaterializing } } } }"""


@dataclass(frozen=True)
class PageTimes:
    """Seconds of the page's query and of the head's, the first of each without a cache."""

    accounts: int
    days: int
    page: list[float]
    status: list[float]


def page_times(accounts: int, days: int, home: Path) -> PageTimes:
    """Returns how long the UI waits with every account and day materialized."""
    start = datetime.now(UTC).date() - timedelta(days=days)
    account_ids = Shape(accounts, 1, 1).account_ids
    with emptied(home / "partitions") as folder:
        env = product_environment(NO_SERVER_HERE, folder, start)
        say(f"partition page of {accounts} accounts × {days} days")
        task = PartitionsTask(str(folder), account_ids, [start + timedelta(days=number) for number in range(days)])
        inside("partitions", task, env, int)
        with _webserver(folder, env) as url:
            asked = [(_ask(url, PAGE), _ask(url, STATUS)) for _ in range(TIMES)]
    return PageTimes(accounts, days, [page for page, _ in asked], [status for _, status in asked])


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
            _ask(url, "{ version }")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
        else:
            return


def _ask(url: str, query: str) -> float:
    body = msgspec.json.encode({"query": query, "variables": {"assetKey": {"path": ["raw_usage"]}}})
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own server
    started = time.monotonic()
    with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
        answer.read()
    return time.monotonic() - started
