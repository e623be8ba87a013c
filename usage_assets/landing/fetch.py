"""Fetching a window: the API's pages, checked for the right day, into one landing file.

Of a row only start and end are looked at; everything else is read by the load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from usage_assets.integrations.profiles import Profile, Report
from usage_assets.integrations.windows import Window, elapsed_days, is_final, parameters_of, windows_of
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.store import Landing, RowFile, data_file_name
from usage_assets.truto import InvalidResponse, Page, RequestRejected, TrutoClient, TrutoError, UsageQuery

WINDOWS_AT_ONCE = 8
ONE_WINDOW_STATUSES = frozenset({400, 404, 409, 422})


class WindowMismatch(Exception):
    """The API answered with rows of which none touches the window that was asked for."""

    is_permanent = True


@dataclass(frozen=True)
class LandedWindow:
    """One window after its fetch."""

    manifest: Manifest
    changed: bool

    @property
    def days(self) -> list[date]:
        """Every day of its window."""
        return self.manifest.key.window.days


@dataclass(frozen=True)
class FetchTarget:
    """An account as the fetch needs it."""

    account_id: str
    profile: Profile


@dataclass
class FetchResult:
    """What a fetch of several windows brought; `error` is the first one met, after which nothing new was asked.

    `reports` is how many were asked for each window.
    """

    landed: list[LandedWindow] = field(default_factory=list)
    error: TrutoError | WindowMismatch | LandingError | None = None
    failed: int = 0
    reports: int = 1

    def days(self) -> list[date]:
        """The days of every window whose reports all landed."""
        landed = Counter(Window(one.manifest.window_start, one.manifest.window_end) for one in self.landed)
        return sorted({day for window, n in landed.items() if n == self.reports for day in window.days})


class RowSpan(msgspec.Struct):
    """The only members of a row that the fetch reads."""

    start_date: Any = None
    end_date: Any = None


class SpanCheck:
    """Watches the rows of one answer until one is seen that touches the window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._touching: bool | None = None

    def watch(self, rows: list[msgspec.Raw]) -> None:
        """Takes note of where `rows` stand in time; after the first that touches there is nothing to look for."""
        for row in rows:
            if self._touching:
                return
            touching = _row_touches(row, self._window)
            self._touching = self._touching if touching is None else touching

    @property
    def is_for_another_day(self) -> bool:
        """Whether rows with a readable start were seen, and none of them touches the window."""
        return self._touching is False


def touches(start: object, end: object, window: Window) -> bool | None:
    """Returns whether a row from `start` to `end` touches `window`; None where its start cannot be read."""
    start_at, end_at = _moment(start), _moment(end)
    first, beyond = _midnight(window.start), _midnight(window.end)
    if start_at is None:
        return None
    return start_at < beyond and (start_at >= first or (end_at is not None and end_at > first))


class WindowFetch:
    """The fetch of one account's windows: where from, where to, and by which clock."""

    def __init__(self, client: TrutoClient, source: FetchTarget, landing: Landing, now: Callable[[], datetime]) -> None:
        self._client = client
        self._source = source
        self._landing = landing
        self._now = now

    def window(self, report: Report, window: Window) -> LandedWindow:
        """Lands the API's answer for one window, replacing what was there, also when the answer is empty.

        Raises:
            TrutoError: the API gave no complete answer; what had landed before stays.
            WindowMismatch: the answer is for other days; what had landed before stays.
        """
        key = WindowKey(self._source.account_id, report.name, window.start, window.end)
        check, asked = SpanCheck(window), list[str]()
        rows = self._landing.write_rows(key, _watched(self._pages(report, window), check, asked))
        if check.is_for_another_day:
            rows.path.unlink()
            raise WindowMismatch(
                f"Account {key.account_id} was asked for {window} and answered only with rows of other days: nothing "
                f"was replaced; see whether the profile of {self._source.profile.name} asks with the right parameters."
            )
        manifest = self._manifest(key, window, asked, rows)
        return LandedWindow(manifest, self._landing.commit(rows, manifest))

    def _pages(self, report: Report, window: Window) -> Iterator[Page]:
        query = UsageQuery(
            account_id=self._source.account_id,
            limit=self._source.profile.page_limit,
            extra=parameters_of(report, window),
        )
        any_came = False
        try:
            for page in self._client.usage_pages(query):
                any_came = True
                yield page
        except RequestRejected as error:
            if any_came or "limit" not in (error.provider_message or "").lower():
                raise
            # The vendor grants no page of this size and does not say which: take its own.
            yield from self._client.usage_pages(replace(query, limit=None))

    def _manifest(self, key: WindowKey, window: Window, asked: list[str], rows: RowFile) -> Manifest:
        fetched_at, profile = self._now(), self._source.profile
        return Manifest(
            account_id=key.account_id,
            integration=profile.name,
            report=key.report,
            window_start=window.start,
            window_end=window.end,
            request=asked[0],
            pages=len(asked),
            rows=rows.rows,
            sha256=rows.sha256,
            data_file=data_file_name(key, rows.sha256),
            fetched_at=fetched_at,
            elapsed_days=elapsed_days(window, fetched_at),
            is_final=is_final(window, profile, fetched_at),
        )


def fetch_days(
    client: TrutoClient,
    source: FetchTarget,
    days: list[date],
    landing: Landing,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_landed: Callable[[LandedWindow], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> FetchResult:
    """Lands every window of `days`, several at once. What landed stays, whatever failed.

    After a failure of the whole account nothing new is asked; one of a single window lets the others go on.
    """
    asked = [(report, window) for window in windows_of(days, source.profile) for report in source.profile.reports]
    fetch = WindowFetch(client, source, landing, now)
    with landing.account_lock(source.account_id), ThreadPoolExecutor(WINDOWS_AT_ONCE) as pool:
        futures = [pool.submit(fetch.window, report, window) for report, window in asked]
        return _gathered(futures, FetchResult(reports=len(source.profile.reports)), on_landed)


def is_of_one_window(error: TrutoError | WindowMismatch | LandingError) -> bool:
    """Returns whether other windows of the account may still be answered: one bad day must not cost the history."""
    if isinstance(error, RequestRejected):
        return error.status in ONE_WINDOW_STATUSES
    return isinstance(error, WindowMismatch | InvalidResponse)


def _gathered(
    futures: list[Future[LandedWindow]], fetched: FetchResult, on_landed: Callable[[LandedWindow], None] | None
) -> FetchResult:
    for future in as_completed(futures):
        if future.cancelled():
            continue
        try:
            landed = future.result()
        except (TrutoError, WindowMismatch, LandingError) as error:
            fetched.error = fetched.error or error
            fetched.failed += 1
            if not is_of_one_window(error):
                for waiting in futures:
                    waiting.cancel()
        else:
            fetched.landed.append(landed)
            if on_landed is not None:
                on_landed(landed)
    return fetched


def _watched(pages: Iterator[Page], check: SpanCheck, asked: list[str]) -> Iterator[list[msgspec.Raw]]:
    for page in pages:
        asked.append(page.request)
        check.watch(page.rows)
        yield page.rows


def _row_touches(row: msgspec.Raw, window: Window) -> bool | None:
    try:
        span = msgspec.json.decode(row, type=RowSpan)
    except msgspec.ValidationError:
        return None  # a row that is no object is the load's to reject
    return touches(span.start_date, span.end_date, window)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
