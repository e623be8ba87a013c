"""What keeps failing: one small file per account and one for derive runs, kept until it succeeds.

    failures/accounts/ACCOUNT.json     fetches of the account
    failures/derive.json               derive runs

`after_fetch` and `after_derive` are pure; `FailureLog` is the folder. The daemon waits for `next_attempt_at`; `sync`
always asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.landing.fetch import FetchResult, FetchStopped
from usage_assets.landing.manifest import validated_name
from usage_assets.landing.whole_files import write_whole

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
KILLED_WITHOUT_PAUSE = 3


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Attempts that failed one after the other; times are UTC.

    Attributes:
        attempts: How many failed.
        attempts_as_is: How many of them since the token or the account's status last changed.
        reason: The sentence of the latest error.
        asked_with: What the latest attempt was made with, see `asked_with`; empty for derive runs.
        is_whole_account: Whether other days of the account would fail too.
        days: The days that did not land.
    """

    first_failed_at: datetime
    last_failed_at: datetime
    attempts: int
    attempts_as_is: int
    reason: str
    asked_with: str = ""
    is_whole_account: bool = True
    days: list[date] = []

    @property
    def next_attempt_at(self) -> datetime:
        """When it is tried again."""
        return self.last_failed_at + pause_after(self.attempts_as_is)

    def paused_days(self, days: Iterable[date], now: datetime) -> set[date]:
        """Return those of `days` that are not fetched yet at `now`."""
        if now >= self.next_attempt_at:
            return set()
        return set(days) if self.is_whole_account else set(days).intersection(self.days)


def pause_after(attempts: int) -> timedelta:
    """Return the pause after a number of failed attempts: a minute, doubled each time, up to an hour."""
    if attempts == 0:
        return timedelta()
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 10)))


def asked_with(token: str | None, status: str) -> str:
    """Return a short hash of the token and the account's status: when it changes, a pause ends."""
    return hashlib.sha256(f"{token or ''}\n{status}".encode()).hexdigest()[:16]


def after_fetch(
    previous: Failure | None, result: FetchResult, days: Iterable[date], made_with: str, now: datetime
) -> Failure | None:
    """Return what keeps failing after a fetch of `days` of an account, None if nothing does."""
    landed = set(result.days())
    known = set(previous.days) if previous else set()
    if result.error is not None:
        failure = _failed_again(previous, str(result.error), made_with, now)
        lacking = sorted((known | set(days)) - landed)
        return msgspec.structs.replace(failure, is_whole_account=result.has_account_failure, days=lacking)
    lacking = sorted(known - landed)
    if previous is None or not lacking:
        return None
    if previous.is_whole_account:
        # The account answers again, so its other days are asked at once.
        return msgspec.structs.replace(previous, attempts_as_is=0, is_whole_account=False, days=lacking)
    return msgspec.structs.replace(previous, days=lacking)


def after_derive(previous: Failure | None, reason: str, now: datetime, *, was_killed: bool = False) -> Failure:
    """Return what keeps failing after a derive run that failed at `now`.

    A run that was killed is asked again at once, unless it is killed again and again, as where memory lacks.
    """
    failure = _failed_again(previous, reason, "", now)
    if was_killed and failure.attempts <= KILLED_WITHOUT_PAUSE:
        return msgspec.structs.replace(failure, attempts_as_is=0)
    return failure


def contained(fetch: Callable[[], FetchResult]) -> FetchResult:
    """Return the result of `fetch`; an error that it raises is the failure of its account, and stops no other."""
    try:
        return fetch()
    except (UsageAssetsError, OSError) as error:
        return FetchResult(error=expected_error(error), failed=1)


class FailureLog:
    """The folder `failures` of a landing folder. A record that cannot be read counts as none."""

    def __init__(self, landing: Path) -> None:
        self._folder = landing / "failures"

    def of_account(self, account_id: str) -> Failure | None:
        """Return what keeps failing for an account."""
        return _read(self._path(account_id))

    def of_accounts(self) -> dict[str, Failure]:
        """Return what keeps failing, by account id."""
        found = {path.stem: _read(path) for path in sorted((self._folder / "accounts").glob("*.json"))}
        return {account_id: failure for account_id, failure in found.items() if failure is not None}

    def of_derive(self) -> Failure | None:
        """Return what keeps derive runs failing."""
        return _read(self._derive_path)

    def note_fetch(
        self, account_id: str, result: FetchResult, days: Iterable[date], made_with: str, now: datetime
    ) -> None:
        """Note the outcome of a fetch of `days`; a fetch that was stopped is none."""
        if isinstance(result.error, FetchStopped):
            return
        previous = self.of_account(account_id)
        with suppress(OSError):  # a full disk must not keep the account's own error from being told
            _store(self._path(account_id), previous, after_fetch(previous, result, days, made_with, now))

    def note_landed(self, account_id: str) -> None:
        """Note that nothing fails any more for an account."""
        self._path(account_id).unlink(missing_ok=True)

    def note_failed_derive(self, reason: str, now: datetime, *, was_killed: bool = False) -> None:
        """Note a derive run that failed at `now`."""
        _store(self._derive_path, None, after_derive(self.of_derive(), reason, now, was_killed=was_killed))

    def note_derived(self) -> None:
        """Note a derive run that published."""
        self._derive_path.unlink(missing_ok=True)

    def end_pause_if_changed(self, account_id: str, made_with: str) -> None:
        """End the pause of an account whose token or status changed."""
        failure = self.of_account(account_id)
        if failure is not None and failure.asked_with != made_with:
            changed = msgspec.structs.replace(failure, attempts_as_is=0, asked_with=made_with)
            _store(self._path(account_id), failure, changed)

    @property
    def _derive_path(self) -> Path:
        return self._folder / "derive.json"

    def _path(self, account_id: str) -> Path:
        return self._folder / "accounts" / f"{validated_name(account_id, what='account id')}.json"


def _failed_again(previous: Failure | None, reason: str, made_with: str, now: datetime) -> Failure:
    as_is = previous.attempts_as_is if previous and previous.asked_with == made_with else 0
    # Runs side by side, and a `sync` during a pause, do not make the pause longer.
    is_in_pause = as_is > 0 and previous is not None and now < previous.next_attempt_at
    return Failure(
        first_failed_at=previous.first_failed_at if previous else now,
        last_failed_at=now,
        attempts=previous.attempts + 1 if previous else 1,
        attempts_as_is=as_is if is_in_pause else as_is + 1,
        reason=reason,
        asked_with=made_with,
    )


def _read(path: Path) -> Failure | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Failure)
    except (OSError, msgspec.DecodeError):
        return None


def _store(path: Path, previous: Failure | None, failure: Failure | None) -> None:
    if failure is None:
        path.unlink(missing_ok=True)
    elif failure != previous:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.encode(failure))
