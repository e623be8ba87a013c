"""`make demo`: the sandbox, the real daemon and UI against it, and the cost tables they arrive at.

Nothing here fetches or derives: the sensors do, with no hand on them.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from usage_assets.integrations.profiles import load_profiles
from usage_assets.integrations.windows import history_days, window_of
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.store import Landing
from usage_assets.published import NothingPublished
from usage_assets.reading import read
from usage_assets.settings import CHECKOUT, Settings, settings_from

HOME = CHECKOUT / ".demo"
ACCOUNTS = 12
WAIT_SECONDS = 400.0
POLL_SECONDS = 1.0
SHOWN_DAYS = 30
TOP = 8
VIEWS = {
    "model": ("cost_by_model", ["provider", "model"]),
    "provider": ("cost_by_provider", ["provider"]),
    "surface": ("cost_by_surface", ["provider", "surface"]),
    "user": ("cost_by_user", ["user_key"]),
}

console = Console(width=None if sys.stdout.isatty() else 110)


def main() -> int:
    """Runs the demo; returns 0, or 1 when an account that should have data has none derived in time."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--once", action="store_true", help="end when every account is derived")
    once = arguments.parse_args().once
    with ExitStack() as stack:
        environment = _environment(stack)
        settings = settings_from(environment, CHECKOUT)
        ui = stack.enter_context(_pipeline(environment))
        console.print(f"Sandbox: {settings.base_url}  UI: {ui}  (files of this demo: .demo/)")
        missing = _wait(settings)
        _show(settings)
        if missing:
            console.print(f"Not derived after {WAIT_SECONDS:.0f} s: {', '.join(missing)}; see .demo/dagster.log.")
            return 1
        if not once:
            _stay(settings, ui)
    return 0


def underived(accounts: list[Account], landing: Landing, settings: Settings, today: date) -> list[str]:
    """Returns the accounts that should have data and do not have all of it derived and published."""
    profiles, published, pending = load_profiles(), _published_accounts(settings), landing.pending()
    behind = {key.account_id for key in pending}
    for account in accounts:
        profile = profiles.of(account.integration)
        held = landing.held_windows(account.account_id, [report.name for report in profile.reports])
        wanted = history_days(profile, today, backfill_days=settings.backfill_days, start=settings.start_date)
        if account.account_id not in published or not {window_of(day, profile) for day in wanted} <= held:
            behind.add(account.account_id)
    return sorted(behind)


def _environment(stack: ExitStack) -> dict[str, str]:
    shutil.rmtree(HOME, ignore_errors=True)
    (HOME / "dagster").mkdir(parents=True)
    configuration = (CHECKOUT / "dagster.yaml").read_text()
    (HOME / "dagster" / "dagster.yaml").write_text(configuration.replace(".dagster", str(HOME / "dagster")))
    port = _free_port()
    sandbox = [sys.executable, "-m", "usage_assets", "sandbox", "--port", str(port), "--accounts", str(ACCOUNTS)]
    stack.enter_context(_running(sandbox, dict(os.environ), HOME / "sandbox.log"))
    return {
        **os.environ,
        "TRUTO_API_TOKEN": "sandbox",
        "TRUTO_BASE_URL": f"http://127.0.0.1:{port}",
        "USAGE_DATA_DIR": str(HOME / "data"),
        "USAGE_START_DATE": "2026-01-01",
        "USAGE_BACKFILL_DAYS": "60",
        "USAGE_INCLUDE_SANDBOX": "0",
        "DAGSTER_HOME": str(HOME / "dagster"),
    }


@contextmanager
def _pipeline(environment: dict[str, str]) -> Iterator[str]:
    dagster = Path(sys.executable).parent / "dagster"
    # Two processes that make the same new home at once can collide; one look at it makes it first.
    subprocess.run([dagster, "instance", "info"], env=environment, check=True, capture_output=True, cwd=CHECKOUT)
    port = _free_port()
    command = [str(dagster), "dev", "-w", "workspace.yaml", "--port", str(port)]
    with _running(command, environment, HOME / "dagster.log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, cwd=CHECKOUT, start_new_session=True
        ) as process,
    ):
        try:
            yield
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, name)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait(settings: Settings) -> list[str]:
    landing = Landing(settings.landing_dir)
    deadline = time.monotonic() + WAIT_SECONDS
    said = ""
    while True:
        accounts = AccountList(landing).read()
        wanted = [one for one in accounts if one.is_fetched(include_sandbox=False)]
        missing = underived(wanted, landing, settings, datetime.now(UTC).date())
        late = len(accounts) < ACCOUNTS
        text = f"{len(wanted) - len(missing)} of {len(wanted)} accounts derived{', one more to come' if late else ''}"
        if text != said:
            console.print(text)
            said = text
        if (not late and not missing) or time.monotonic() > deadline:
            return missing or (["the late account"] if late else [])
        time.sleep(POLL_SECONDS)


def _show(settings: Settings) -> None:
    today = datetime.now(UTC).date()
    last = today - timedelta(days=3)
    first = last - timedelta(days=SHOWN_DAYS - 1)
    console.print(f"\nCost from {first} to {last}, the last {SHOWN_DAYS} days that are ready at every vendor:")
    for name, (table, columns) in VIEWS.items():
        try:
            frame = read(table, first, last, settings.published_dir)
        except NothingPublished:
            console.print(f"{table} is not published yet.")
            continue
        console.print(_table(name, frame, columns))


def _table(name: str, frame: pd.DataFrame, columns: list[str]) -> Table:
    sums = frame.groupby([*columns, "currency"], dropna=False)[["cost", "provisional_cost"]].sum().reset_index()
    top = sums.sort_values("cost", ascending=False, na_position="last").head(TOP)
    table = Table(*columns, title=f"by {name}: the {len(top)} largest of {len(sums)}", title_justify="left")
    for heading in ("cost", "currency", "of it provisional"):
        table.add_column(heading, justify="left" if heading == "currency" else "right")
    money = top[["cost", "provisional_cost"]].map("{:,.2f}".format)
    for names, amounts, currency in zip(
        top[columns].values.tolist(), money.values.tolist(), top["currency"].tolist(), strict=True
    ):
        table.add_row(*names, amounts[0], currency, amounts[1])
    return table


def _stay(settings: Settings, ui: str) -> None:
    console.print(f"\nUI: {ui}\nPublished files: {settings.published_dir / 'current'}\nCtrl-C ends both.")
    with suppress(KeyboardInterrupt):
        signal.pause()


def _published_accounts(settings: Settings) -> set[str]:
    try:
        return set(read("cost_by_account", published=settings.published_dir)["account_id"])
    except (NothingPublished, FileNotFoundError):
        return set()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
