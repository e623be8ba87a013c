"""The sandbox as a command and in a thread; its settings."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from truto_sandbox.__main__ import main
from truto_sandbox.server import PortInUse, serve
from usage_assets_tests.truto_sandbox.api import CALM, CURSOR, USAGE, sandbox

BLOCK_USAGE_ASSETS = """
import sys
sys.modules["usage_assets"] = None
import importlib, pkgutil, truto_sandbox
for module in pkgutil.walk_packages(truto_sandbox.__path__, "truto_sandbox."):
    importlib.import_module(module.name)
"""


def test_it_imports_nothing_of_the_pipeline() -> None:
    result = subprocess.run([sys.executable, "-c", BLOCK_USAGE_ASSETS], check=False, capture_output=True, text=True)

    assert (result.returncode, result.stderr) == (0, "")


def test_the_command_prints_its_address_and_serves() -> None:
    with _command("--port", "0", "--accounts", "3") as (_, line):
        url = line.split()[3]
        answer = httpx.get(f"{url}/integrated-account", headers={"Authorization": "Bearer sandbox"})

    assert line == f"sandbox listening on {url}  token: sandbox  accounts: 3\n"
    assert len(answer.json()["result"]) == 3


def test_an_interrupt_ends_the_command_silently_although_a_response_is_being_sent() -> None:
    token = {"Authorization": "Bearer sandbox"}
    with (
        _command("--port", "0", "--users", "10000") as (process, line),
        httpx.Client(base_url=line.split()[3], headers=token, timeout=30) as client,
    ):
        account_id = client.get("/integrated-account").json()["result"][CURSOR]["id"]
        query = {"integrated_account_id": account_id, "start_date": "2025-01-01", "truto_response_format": "stream"}
        with client.stream("GET", USAGE, params=query) as response:
            next(response.iter_raw())
            os.kill(process.pid, signal.SIGINT)
            output, errors = process.communicate(timeout=10)

    assert (process.returncode, output, errors) == (0, "", "")


def test_a_port_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUse):
        serve(CALM, taken.getsockname()[1])


def test_the_command_names_a_port_in_use_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        exit_code = main(["--port", str(port)])

    expected = f"Port {port} is in use by another program: choose another one with --port.\n"
    assert (exit_code, capsys.readouterr().err) == (1, expected)


def test_the_command_refuses_settings_out_of_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--accounts", "501"])

    assert "accounts must be between 1 and 500, not 501" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [{"accounts": 0}, {"accounts": 501}, {"users": 0}, {"users": 10_001}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be between 1 and"):
        replace(CALM, **wrong)


def test_a_page_of_a_large_company_takes_less_than_a_second() -> None:
    query: dict[str, Any] = {"start_date": "2026-10-05", "end_date": "2026-10-05", "limit": 1000}
    with sandbox(replace(CALM, users=10_000)) as api:
        api.get(CURSOR, **query)
        started = time.perf_counter()
        answer = api.get(CURSOR, **query)
        seconds = time.perf_counter() - started

    assert len(answer.json()["result"]) == 1000
    assert seconds < 1


@contextmanager
def _command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `python -m truto_sandbox` inside the block; yield the process and the line with its address."""
    command = [sys.executable, "-m", "truto_sandbox", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()
