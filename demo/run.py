"""Run the demo: start the processes, wait until all accounts are derived, show the cost tables and the UI.

The sensors fetch and derive; the demo only starts the processes and reads their data.
"""

import argparse
import os
import shlex
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from demo.processes import DemoError, Processes, stop_leftovers
from demo.progress_display import progress_display
from demo.tables import NONE_TEXT, VIEWS, cost_table, total_text
from demo.waiting import is_published, progress_of
from usage_assets.completeness_report import completeness_lines
from usage_assets.errors import UsageAssetsError
from usage_assets.locks import LockHeld, file_lock
from usage_assets.project import Project, utc_now
from usage_assets.published import current_generation, published_currency
from usage_assets.reading import read
from usage_assets.settings import OFF, Settings
from usage_assets.shown_currency import USD

CHECKOUT = Path(__file__).resolve().parent.parent
ACCOUNTS = 12
BACKFILL_DAYS = 60
WAIT_SECONDS = 400.0
POLL_SECONDS = 0.5
SHOWN_DAYS = 30
OWN_VARIABLES = ("TRUTO_", "USAGE_", "DAGSTER_HOME")


def run(arguments: Sequence[str], checkout: Path = CHECKOUT) -> int:
    """Run the demo.

    Args:
        arguments: The command line without the program's name.
        checkout: The folder that holds `dagster.yaml` and `workspace.yaml`, and `.demo/` with the files of the demo.

    Returns:
        The exit code: 0, or 1 if the demo cannot run or an account with data is not derived in time.
    """
    parser = argparse.ArgumentParser(prog="python -m demo", description="The whole pipeline against a local sandbox.")
    parser.add_argument("--once", action="store_true", help="end when every account is derived")
    once = parser.parse_args(arguments).once
    console = Console()
    console = console if console.is_terminal else Console(width=110)
    home, lock = checkout / ".demo", checkout / ".demo.lock"
    try:
        with file_lock(lock, what="The demo", wait_seconds=0):
            return _run(console, checkout, once=once)
    except LockHeld:
        sentence = (
            f"A demo is already running in {checkout} (process {lock.read_text() or 'unknown'}): "
            "use that one, or end it with Ctrl-C first."
        )
    except UsageAssetsError as error:
        sentence = str(error)
    except OSError as error:
        sentence = (
            f"The demo cannot use {error.filename or home}: {error.strerror}. "
            f"It needs space and write access in {home}."
        )
    Console(stderr=True, soft_wrap=True, highlight=False).print(sentence, markup=False)
    return 1


def demo_variables(home: Path, sandbox: str, today: date, currency: str = USD) -> dict[str, str]:
    """Return the environment variables that configure the pipeline and the commands for the demo.

    The demo downloads nothing: rates and prices are those of the packages.

    Args:
        home: The folder of the demo.
        sandbox: The address of its sandbox.
        today: The present day, in UTC; the partitions start with the first day of the history.
        currency: The currency in which totals are shown.
    """
    return {
        "TRUTO_API_TOKEN": "sandbox",
        "TRUTO_BASE_URL": sandbox,
        "USAGE_DATA_DIR": str(home / "data"),
        "USAGE_START_DATE": str(today - timedelta(days=BACKFILL_DAYS)),
        "USAGE_BACKFILL_DAYS": str(BACKFILL_DAYS),
        "USAGE_CURRENCY": currency,
        "USAGE_RATES_URL": OFF,
        "USAGE_PRICES_URL": OFF,
        "DAGSTER_HOME": str(home / "dagster"),
    }


def demo_settings(variables: Mapping[str, str]) -> Settings:
    """Return the settings that `variables` describe."""
    values: dict[str, Any] = {
        "token": variables["TRUTO_API_TOKEN"],
        "base_url": variables["TRUTO_BASE_URL"],
        "data_dir": Path(variables["USAGE_DATA_DIR"]),
        "start_date": date.fromisoformat(variables["USAGE_START_DATE"]),
        "backfill_days": int(variables["USAGE_BACKFILL_DAYS"]),
        "include_sandbox": False,
        "currency": variables["USAGE_CURRENCY"],
        "rates_url": variables["USAGE_RATES_URL"],
        "prices_url": variables["USAGE_PRICES_URL"],
    }
    return Settings(**values)


def export_line(variables: Mapping[str, str]) -> str:
    """Return the shell command that exports `variables`."""
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def _run(console: Console, checkout: Path, *, once: bool) -> int:
    home, today = checkout / ".demo", _today()  # kept until the end, even past midnight
    stop_leftovers(home)
    _create_home(home, checkout)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)}
    with Processes(home) as processes:
        console.print("Starting the sandbox and Dagster (about 10 s) …")
        sandbox = processes.start_sandbox(inherited, ACCOUNTS)
        variables = demo_variables(home, sandbox, today, os.environ.get("USAGE_CURRENCY") or USD)
        (home / "env").write_text(export_line(variables) + "\n")
        ui = processes.start_dagster({**inherited, **variables}, checkout / "workspace.yaml")
        console.print(f"Sandbox: {variables['TRUTO_BASE_URL']}  UI: {ui}  (files of this demo: .demo/)")
        settings = demo_settings(variables)
        missing = _wait(console, settings, today, processes.check)
        if is_published(settings):
            _show(console, settings, today)
        if missing:
            raise DemoError(
                f"Not derived after {WAIT_SECONDS:.0f} s: {', '.join(missing)}. See {home / 'dagster.log'}."
            )
        _show_addresses(console, variables, None if once else ui)
        if not once:
            _stay(processes.check)
    return 0


def _create_home(home: Path, checkout: Path) -> None:
    """Replace the folder of the previous demo with an empty folder that has its own Dagster home."""
    shutil.rmtree(home, ignore_errors=True)
    dagster_home = home / "dagster"
    dagster_home.mkdir(parents=True)
    configuration = (checkout / "dagster.yaml").read_text()
    (dagster_home / "dagster.yaml").write_text(configuration.replace("base_dir: .dagster", f"base_dir: {dagster_home}"))


def _wait(console: Console, settings: Settings, today: date, check: Callable[[], None]) -> list[str]:
    """Show the progress until every account is derived; return the accounts that are not derived in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    with progress_display(console) as show:
        while True:
            check()
            progress = progress_of(settings, ACCOUNTS, today)
            show(progress, time.monotonic())
            if not progress.missing or time.monotonic() > deadline:
                return progress.missing
            time.sleep(POLL_SECONDS)


def _show(console: Console, settings: Settings, today: date) -> None:
    last = today - timedelta(days=3)
    first = last - timedelta(days=SHOWN_DAYS - 1)
    console.print(f"\nCost from {first} to {last}, the last {SHOWN_DAYS} days that every vendor reports:")
    published = settings.published_dir
    shown = published_currency(current_generation(published), settings.currency)
    for view in VIEWS:
        console.print(cost_table(view, read(view.table, first, last, published), shown))
    console.print(NONE_TEXT, soft_wrap=True, highlight=False)
    by_account, cost = (read(table, first, last, published) for table in ("cost_by_account", "cost"))
    console.print(f"[bold]{total_text(by_account, cost, shown)}[/bold]", soft_wrap=True, highlight=False)
    project = Project(settings, utc_now)
    for line in completeness_lines(project, project.account_list.read()):
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def _show_addresses(console: Console, variables: Mapping[str, str], ui: str | None) -> None:
    lines = [
        f"\nPublished files: {Path(variables['USAGE_DATA_DIR']) / 'published' / 'current'}",
        "To point the commands and `usage_assets.read` at this demo, run `source .demo/env`, which is:",
        export_line(variables),
    ]
    if ui:
        lines += [f"\nUI: {ui}", "Ctrl-C ends the demo; its files stay until the next one."]
    console.print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)


def _stay(check: Callable[[], None]) -> None:
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
            check()


def _today() -> date:
    return datetime.now(UTC).date()
