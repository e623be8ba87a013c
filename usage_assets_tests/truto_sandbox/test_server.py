"""The sandbox as a process and as a thread; its settings."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest

from truto_sandbox.server import serve
from usage_assets_tests.truto_sandbox.api import CALM, CURSOR, sandbox

SERVE = "from truto_sandbox.server import serve; from truto_sandbox.settings import *; serve({}, 0)"


def test_it_prints_where_it_listens_and_ends_at_an_interrupt() -> None:
    command = [sys.executable, "-c", SERVE.format("SandboxSettings()")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[3]
        status = httpx.get(f"{url}/integrated-account", headers={"Authorization": "Bearer sandbox"}).status_code
        os.kill(process.pid, signal.SIGINT)

    assert line == f"sandbox listening on {url}  token: sandbox  accounts: 12\n"
    assert (status, process.returncode) == (200, 0)


def test_a_taken_port_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(CALM, taken.getsockname()[1])


@pytest.mark.parametrize("wrong", [{"accounts": 0}, {"accounts": 501}, {"users": 0}, {"users": 10_001}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be between 1 and"):
        replace(CALM, **wrong)


def test_a_page_of_a_great_company_is_quick() -> None:
    query: dict[str, Any] = {"start_date": "2026-10-05", "end_date": "2026-10-05", "limit": 1000}
    with sandbox(replace(CALM, users=10_000)) as api:
        api.get(CURSOR, **query)
        started = time.perf_counter()
        answer = api.get(CURSOR, **query)
        seconds = time.perf_counter() - started

    assert len(answer.json()["result"]) == 1000
    assert seconds < 1
