"""Fetch the list of an account's users: the people with a seat, as the vendor lists them today.

The lists have a landing folder of their own, `users/` in that of the usage windows, with the same files: a list is the
window of the day on which it was fetched. A list is landed whole or not at all, its rows unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import DEFAULT_REPORT, Profile
from usage_assets.integrations.windows import day_window, last_ready_day
from usage_assets.landing.fetch import READINGS, FetchResult, FetchTarget, LandedWindow
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey, validated_name
from usage_assets.landing.row_files import RowFile
from usage_assets.landing.store import Landing, data_file_name
from usage_assets.landing.whole_files import write_whole, writing
from usage_assets.locks import LockHeld
from usage_assets.truto import InvalidResponse, Page, PagesChanged, RequestRejected, TrutoClient

UNSUPPORTED_STATUSES = frozenset({400, 404, 405, 501})
"""The statuses by which a vendor says that it has no list of users."""


class NoUserList(UsageAssetsError):
    """The vendor has no list of users for this account; it is asked again the next day."""

    is_permanent = True


class EmptyUserList(UsageAssetsError):
    """A list of all members holds nobody although an earlier list held somebody."""


class _Identified(msgspec.Struct):
    id: str | int


class Unsupported(msgspec.Struct, frozen=True, kw_only=True):
    """That a vendor has no list of users: when it was asked, UTC, and what it answered."""

    asked_at: datetime
    reason: str


class UserLists:
    """The landed lists of users in a landing folder, and which vendors have none."""

    def __init__(self, root: Path) -> None:
        self.landing = Landing(root)
        self._unsupported = root / "unsupported"

    def listed_at(self, account_id: str) -> datetime | None:
        """Return when an account's newest list was fetched, or its vendor was found to have none; None if never."""
        newest = self.newest(account_id)
        unsupported = self.unsupported(account_id)
        times = [newest.fetched_at if newest else None, unsupported.asked_at if unsupported else None]
        return max((time for time in times if time is not None), default=None)

    def newest(self, account_id: str) -> Manifest | None:
        """Return the manifest of the newest list of an account that can be read."""
        for window in sorted(self.landing.held_windows(account_id, [DEFAULT_REPORT]), reverse=True):
            manifest = self.landing.readable_manifest(_key(account_id, window.start))
            if manifest is not None:
                return manifest
        return None

    def unsupported(self, account_id: str) -> Unsupported | None:
        """Return that the vendor of an account has no list of users, None if it has, or was not asked."""
        try:
            return msgspec.json.decode(self._unsupported_path(account_id).read_bytes(), type=Unsupported)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def note_unsupported(self, account_id: str, unsupported: Unsupported | None) -> None:
        """Note whether the vendor of an account has a list of users."""
        path = self._unsupported_path(account_id)
        if unsupported is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, msgspec.json.encode(unsupported))

    def _unsupported_path(self, account_id: str) -> Path:
        return self._unsupported / f"{validated_name(account_id, what='account id')}.json"


def fetch_users(
    client: TrutoClient, target: FetchTarget, lists: UserLists, *, now: Callable[[], datetime]
) -> FetchResult:
    """Land the list of an account's users of today; it replaces an earlier list of today.

    Args:
        client: The API.
        target: The account.
        lists: The lists that have landed.
        now: Returns the current time, UTC.

    Returns:
        The list that landed, or why none did; `NoUserList` if the vendor has none, which is noted.
    """
    result, landing = FetchResult(), lists.landing
    try:
        with (
            writing(landing.root, target.account_id, "its list of users"),
            landing.account_lock(target.account_id),
        ):
            landing.remove_unfinished(target.account_id)
            result.landed.append(_fetch(client, target, lists, now))
            lists.note_unsupported(target.account_id, None)
    except RequestRejected as error:
        result.add_failure(_no_user_list(lists, error, target, now()) or error)
    except (UsageAssetsError, LandingError, LockHeld) as error:
        result.add_failure(error)
    return result


def _no_user_list(
    lists: UserLists, error: RequestRejected, target: FetchTarget, asked_at: datetime
) -> NoUserList | None:
    if error.status not in UNSUPPORTED_STATUSES:
        return None
    reason = f"HTTP {error.status}" + (f", {error.provider_message}" if error.provider_message else "")
    lists.note_unsupported(target.account_id, Unsupported(asked_at=asked_at, reason=reason))
    return NoUserList(
        f"Account {target.account_id}: the vendor has no list of users ({reason}), so seats has no rows of it; "
        f'to stop asking once a day, set seats = "none" in the profile of {target.profile.name}.'
    )


def _fetch(client: TrutoClient, target: FetchTarget, lists: UserLists, now: Callable[[], datetime]) -> LandedWindow:
    """Read the list; if its pages change meanwhile, read it again from the first one."""
    for _ in range(READINGS - 1):
        with suppress(PagesChanged):
            return _land(client, target, lists, now)
    return _land(client, target, lists, now)


def _land(client: TrutoClient, target: FetchTarget, lists: UserLists, now: Callable[[], datetime]) -> LandedWindow:
    day, requests = now().date(), list[str]()
    key, landing = _key(target.account_id, day), lists.landing
    parameters = users_parameters(target.profile, day)
    pages = client.users_pages(target.account_id, **parameters)
    rows = landing.write_rows(key, _checked_rows(pages, target.account_id, requests))
    if rows.rows == 0 and target.profile.seats == "members":
        _refuse_empty(lists.newest(target.account_id), rows)
    manifest = _manifest(key, target.profile, requests, rows, now())
    return LandedWindow(manifest, landing.commit(rows, manifest))


def users_parameters(profile: Profile, today: date) -> dict[str, str]:
    """Return the query parameters that request the list of users."""
    day = last_ready_day(profile, today)
    return {name: text.format(day=day) for name, text in profile.users_parameters.items()}


def _checked_rows(pages: Iterator[Page], account_id: str, requests: list[str]) -> Iterator[list[msgspec.Raw]]:
    """Yield the rows of each page; collect the pages' requests in `requests`.

    Raises:
        InvalidResponse: A page has rows, and none of them is a user.
    """
    for page in pages:
        requests.append(page.request)
        if page.rows and not any(map(_is_user, page.rows)):
            raise InvalidResponse("none of its rows is a user with an id", account_id=account_id, request=page.request)
        yield page.rows


def _is_user(row: msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(row, type=_Identified)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _refuse_empty(newest: Manifest | None, rows: RowFile) -> None:
    if newest is not None and newest.rows:
        rows.path.unlink()
        raise EmptyUserList(
            f"Account {newest.account_id}: the vendor lists no user, and on {newest.window_start} it listed "
            f"{newest.rows}, so the earlier list is kept: check the account at the vendor; the list is asked for again."
        )


def _manifest(key: WindowKey, profile: Profile, requests: list[str], rows: RowFile, fetched_at: datetime) -> Manifest:
    return Manifest(
        account_id=key.account_id,
        integration=profile.name,
        report=key.report,
        window_start=key.window_start,
        window_end=key.window_end,
        request=requests[0],
        pages=len(requests),
        rows=rows.rows,
        sha256=rows.sha256,
        data_file=data_file_name(key, rows.sha256),
        fetched_at=fetched_at,
        elapsed_days=1,
        is_final=True,
    )


def _key(account_id: str, day: date) -> WindowKey:
    window = day_window(day)
    return WindowKey(account_id, DEFAULT_REPORT, window.start, window.end)
