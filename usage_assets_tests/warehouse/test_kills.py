"""A sync that is killed before any of its file operations is made up for by the next one; nothing is lost."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

ACCOUNTS = ["a-1", "a-2"]
ROWS = 3


class UsageServer(ThreadingHTTPServer):
    """Lists two accounts, and for each the same rows of the requested month with the present `amount`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.amount = 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def body(self, path: str) -> dict[str, Any]:
        if path.startswith("/integrated-account"):
            datadog = {"integration": {"name": "datadog"}, "status": "active"}
            return {"result": [{"id": name, **datadog} for name in ACCOUNTS]}
        charges = [{"amount": self.amount, "currency": "USD", "type": "net"}]
        day = dict(parse_qsl(urlsplit(path).query))["start_date"]
        dates = {"start_date": f"{day}T00:00:00Z", "end_date": f"{day}T01:00:00Z"}
        return {"result": [{"id": f"r{number}", "charges": charges, **dates} for number in range(ROWS)]}


class _Handler(BaseHTTPRequestHandler):
    server: UsageServer

    def do_GET(self) -> None:
        body = json.dumps(self.server.body(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


@pytest.fixture
def server() -> Iterator[UsageServer]:
    with UsageServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def killed_syncs(server: UsageServer, base: Path, work: Path, kind: str, number: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "usage_assets_tests.warehouse.killed_syncs", server.url, str(base), str(work)]
    done = subprocess.run([*command, kind, str(number)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_nothing_is_lost(outcomes: list[dict[str, Any]], amount: int) -> None:
    expected = [[name, ROWS, ROWS * amount] for name in ACCOUNTS]
    wrong = [outcome for outcome in outcomes if outcome["failed"] or outcome["figures"] != expected]
    assert wrong == []
    assert any(outcome["killed"] for outcome in outcomes)


MANY_KILLS = [
    pytest.param("operations", 5, marks=pytest.mark.long),
    pytest.param("moments", 20, marks=pytest.mark.long),
]
"""Every fifth operation, and twenty moments; `killed_syncs` tries any number of them."""


@pytest.mark.parametrize(("kind", "number"), MANY_KILLS)
def test_a_kill_during_the_first_sync_loses_nothing(
    server: UsageServer, tmp_path: Path, kind: str, number: int
) -> None:
    (tmp_path / "base").mkdir()

    outcomes = killed_syncs(server, tmp_path / "base", tmp_path / "work", kind, number)

    assert_nothing_is_lost(outcomes, amount=1)


@pytest.mark.parametrize(("kind", "number"), [("operations", 60), *MANY_KILLS])
def test_a_kill_while_a_restatement_is_fetched_loaded_and_published_loses_nothing(
    server: UsageServer, tmp_path: Path, kind: str, number: int
) -> None:
    (tmp_path / "empty").mkdir()
    killed_syncs(server, tmp_path / "empty", tmp_path / "work", "operations", 100_000)
    shutil.copytree(tmp_path / "work" / "data", tmp_path / "base", symlinks=True)
    server.amount = 2

    outcomes = killed_syncs(server, tmp_path / "base", tmp_path / "work", kind, number)

    assert_nothing_is_lost(outcomes, amount=2)
