"""Looks at everything `doctor` reports on, one thing after the other; a failed look is a finding, not the end.

It only reads: no folder is made, no list taken in, no lock kept. What a finding says is decided in `findings`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from usage_assets.doctor.findings import (
    Finding,
    HeldLock,
    account_finding,
    disk_finding,
    fail,
    lock_findings,
    ok,
    pending_finding,
    shown_address,
    warn,
)
from usage_assets.doctor.token_mapping import SUBJECT as TOKEN_FIELDS
from usage_assets.doctor.token_mapping import mapping_findings
from usage_assets.integrations.profiles import ProfileError, Profiles, load_profiles
from usage_assets.landing.accounts import Account, AccountList, merge_accounts
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.pricing.csv_lines import UserFileError
from usage_assets.pricing.price_overrides import read_price_overrides
from usage_assets.pricing.rates import read_rate_overrides
from usage_assets.settings import CHECKOUT, Settings, SettingsError
from usage_assets.truto import IntegratedAccount, RetryPolicy, TrutoClient, TrutoError

IMPATIENT = RetryPolicy(max_attempts=2, max_delay=5.0)
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
ACCOUNTS_ASKED = 3  # of one integration, until one gives its schema

EXPECTED = (SettingsError, ProfileError, LandingError, UserFileError, OSError, UnicodeError)
NOT_EXAMINED = warn("account", "neither accounts nor token fields were examined, because the API gave no list")


@dataclass(frozen=True)
class Surroundings:
    """What there is besides the settings: where they were read, Dagster's folder, the present."""

    env_file: Path
    dagster_home: Path
    now: datetime


def current_surroundings() -> Surroundings:
    """Returns those of this process; Dagster's folder is found as the commands that start runs find it."""
    home = Path(os.environ.get("DAGSTER_HOME", str(CHECKOUT))).resolve()
    return Surroundings(env_file=CHECKOUT / ".env", dagster_home=home, now=datetime.now(UTC))


def examine(settings: Settings, surroundings: Surroundings) -> Iterator[Finding]:
    """Gives every finding as soon as it is made; what does not need the API comes before it."""
    landing = Landing(settings.landing_dir)
    looks: list[tuple[str, Iterable[Finding]]] = [
        ("settings", _settings(settings, surroundings.env_file)),
        ("token", _token(settings)),
        ("Dagster", _dagster(surroundings.dagster_home)),
        ("data folder", _data_folder(settings.data_dir)),
        ("disk", _disk(settings.data_dir)),
        ("landing", _landing(settings, landing)),
        ("profiles", _profiles(settings.profiles_path)),
        ("prices", _own_file("prices", settings.prices_path, read_price_overrides, "the price book's")),
        ("exchange rates", _own_file("exchange rates", settings.rates_path, read_rate_overrides, "the ECB's")),
        ("lock", _locks(settings)),
        ("pending", _pending(landing, surroundings.now)),
        ("API", _api(settings, surroundings.now)),
    ]
    for subject, findings in looks:
        yield from _guarded(subject, findings)


def _guarded(subject: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except EXPECTED as error:
        yield fail(subject, _sentence(error))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename} cannot be read ({error.strerror}): mend its kind or its permissions"
    if isinstance(error, UnicodeError):
        return f"a file of it is not UTF-8 text ({error}): restore or remove it"
    return str(error).rstrip(".")


def _settings(settings: Settings, env_file: Path) -> Iterator[Finding]:
    source = f"the environment and {env_file}" if env_file.is_file() else f"the environment; there is no {env_file}"
    yield ok("settings", f"read from {source}")
    yield ok("settings", f"the API is {shown_address(settings.base_url)}, the data folder {settings.data_dir}")


def _token(settings: Settings) -> Iterator[Finding]:
    settings.required_token()
    yield ok("token", "TRUTO_API_TOKEN is set")


def _dagster(home: Path) -> Iterator[Finding]:
    if (home / "dagster.yaml").exists():
        yield ok("Dagster", f"{home} holds dagster.yaml")
    else:
        yield fail("Dagster", f"{home} holds no dagster.yaml: unset DAGSTER_HOME, or copy the project's file there")


def _data_folder(folder: Path) -> Iterator[Finding]:
    there = _existing(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        says = f"{folder} cannot be written to, because of {there}"
        yield fail("data folder", f"{says}: mend its permissions, or set USAGE_DATA_DIR to a folder of your own")
    elif there != folder:
        yield ok("data folder", f"{folder} does not exist yet; the first fetch makes it")
    else:
        yield ok("data folder", f"{folder} can be written to")


def _disk(folder: Path) -> Iterator[Finding]:
    yield disk_finding(shutil.disk_usage(_existing(folder)).free, folder)


def _landing(settings: Settings, landing: Landing) -> Iterator[Finding]:
    # The client refuses such an address before it is ever noted, and its parts must not be shown.
    if shown_address(settings.base_url) != settings.base_url:
        yield warn("landing", "was not compared with TRUTO_BASE_URL, which cannot be used: see the line of the API")
        return
    landing.check_origin(settings.base_url)
    AccountList(landing).read()
    held = f"its data is of {settings.base_url}" if (landing.root / "origin").exists() else "nothing has landed yet"
    yield ok("landing", held)


def _profiles(path: Path) -> Iterator[Finding]:
    load_profiles(path)
    if path.exists():
        yield ok("profiles", f"{path} is read and laid over the shipped profiles")
    else:
        yield ok("profiles", f"the shipped ones; there is no {path}")


def _own_file(subject: str, path: Path, read: Callable[[Path], object], instead: str) -> Iterator[Finding]:
    if path.exists():
        read(path)
        yield ok(subject, f"{path} is read and leads over {instead}")
    else:
        yield ok(subject, f"{instead} only; there is no {path}")


def _locks(settings: Settings) -> Iterator[Finding]:
    folder = settings.landing_dir / "locks"
    named = [(settings.data_dir / "warehouse" / "lock", "the warehouse"), (folder / "accounts", "the account list")]
    named += [(path, f"the landing of account {path.stem}") for path in sorted(folder.glob("*.lock"))]
    locks = [_held_lock(path, guards) for path, guards in named]
    yield from lock_findings(lock for lock in locks if lock is not None)


def _held_lock(path: Path, guards: str) -> HeldLock | None:
    """The lock file at `path`, if somebody holds it now; it is neither written to nor kept."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            try:
                # A shared lock lets other readers in, and takes writers that come in between one more try.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                since = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                return HeldLock(guards, file.read().strip() or "(unknown)", since)
    except FileNotFoundError:
        pass
    return None


def _pending(landing: Landing, now: datetime) -> Iterator[Finding]:
    try:
        yield pending_finding(len(landing.pending()), landing.pending_since(), now)
    except FileNotFoundError:
        # A run that ends at this moment takes its markers away.
        yield pending_finding(0, None, now)


def _api(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.token is None:
        yield warn("API", "was not asked, because there is no token")
        yield NOT_EXAMINED
        return
    try:
        with TrutoClient(token=settings.token, base_url=settings.base_url, retry=IMPATIENT, timeout=TIMEOUT) as client:
            yield from _through(client, settings, now)
    except TrutoError as error:
        yield fail("API", _sentence(error))
        yield NOT_EXAMINED


def _through(client: TrutoClient, settings: Settings, now: datetime) -> Iterator[Finding]:
    listed = client.integrated_accounts()
    yield _reached(settings, listed)
    profiles = _usable_profiles(settings.profiles_path)
    accounts = merge_accounts(_known_accounts(settings), listed, profiles, now)
    yield from _accounts(accounts, listed, profiles, include_sandbox=settings.include_sandbox)
    fetched = [account for account in accounts if account.is_fetched(include_sandbox=settings.include_sandbox)]
    yield from _token_fields(client, fetched, profiles)


def _reached(settings: Settings, listed: list[IntegratedAccount]) -> Finding:
    reached = f"{settings.base_url} accepts the token and lists"
    if not listed:
        return warn("API", f"{reached} no account: connect one in the Truto environment that this token is of")
    return ok("API", f"{reached} {len(listed)} {'account' if len(listed) == 1 else 'accounts'}")


def _accounts(
    accounts: list[Account], listed: list[IntegratedAccount], profiles: Profiles, *, include_sandbox: bool
) -> Iterator[Finding]:
    errors = {one.id: one.last_error for one in listed}
    for account in accounts:
        profile, error = profiles.of(account.integration), errors.get(account.account_id)
        yield account_finding(account, profile, error, include_sandbox=include_sandbox)


def _token_fields(client: TrutoClient, fetched: list[Account], profiles: Profiles) -> Iterator[Finding]:
    for integration in sorted({account.integration for account in fetched}):
        of_it = [account.account_id for account in fetched if account.integration == integration]
        for account_id in of_it[:ACCOUNTS_ASKED]:
            try:
                answer = client.usage_schema(account_id)
            except TrutoError as error:
                yield warn(TOKEN_FIELDS, f"{integration}: no schema was given: {_sentence(error)}")
                continue
            yield from mapping_findings(answer, profiles.of(integration), account_id)
            break


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _usable_profiles(path: Path) -> Profiles:
    """The profiles; the shipped ones alone where the user's file is broken, which has its own line."""
    try:
        return load_profiles(path)
    except (ProfileError, OSError):
        return load_profiles()


def _known_accounts(settings: Settings) -> list[Account]:
    """The accounts seen before; none where the landing is broken or another API's, which has its own line."""
    landing = Landing(settings.landing_dir)
    try:
        landing.check_origin(settings.base_url)
        return AccountList(landing).read()
    except (LandingError, OSError, UnicodeError):
        return []
