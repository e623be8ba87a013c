"""Fetch windows: read the API's pages, check that their rows overlap the window, and write one landing file.

`window_check` reads the start and the end of a row; the load reads everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profile, Report
from usage_assets.integrations.windows import Window, elapsed_days, is_final, parameters_of, windows_of
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.row_files import RowFile
from usage_assets.landing.store import Landing, data_file_name
from usage_assets.landing.whole_files import writing
from usage_assets.landing.window_check import WindowCheck
from usage_assets.locks import LockHeld
from usage_assets.truto import InvalidResponse, Page, PagesChanged, RequestRejected, TrutoClient, UsageQuery

WINDOWS_AT_ONCE = 8
READINGS = 3
"""How often the pages of a window are read from the first one, if they change meanwhile."""

ONE_WINDOW_STATUSES = frozenset({400, 404, 409, 410, 422})

Request: TypeAlias = tuple[Report, Window]


class WindowMismatch(UsageAssetsError):
    """The API returned rows, none of which overlaps the requested window."""

    is_permanent = True


class FetchStopped(UsageAssetsError):
    """The process was asked to stop before the window was requested."""


@dataclass(frozen=True)
class LandedWindow:
    """A window that landed, and whether a load is needed."""

    manifest: Manifest
    changed: bool

    @property
    def days(self) -> list[date]:
        """Every day of the window."""
        return self.manifest.key.window.days


@dataclass(frozen=True)
class FetchTarget:
    """An account to fetch, with the profile of its integration."""

    account_id: str
    profile: Profile


@dataclass
class FetchResult:
    """The outcome of a fetch of several windows.

    Attributes:
        landed: The windows that landed, in the order of their arrival.
        error: The first failure of the whole account, else the first failure of a single window.
        failed: The number of windows that failed; windows that were never requested do not count.
        reports: The number of reports of each window.
    """

    landed: list[LandedWindow] = field(default_factory=list)
    error: UsageAssetsError | None = None
    failed: int = 0
    reports: int = 1

    def days(self) -> list[date]:
        """Return the days of every window whose reports have all landed."""
        landed = Counter(landed.manifest.key.window for landed in self.landed)
        return sorted({day for window, reports in landed.items() if reports == self.reports for day in window.days})

    @property
    def has_account_failure(self) -> bool:
        """Whether a failure affects the whole account, so that further requests would fail too."""
        return self.error is not None and not affects_one_window(self.error)

    def add_failure(self, error: UsageAssetsError) -> None:
        """Count a window that failed."""
        if self.error is None or (affects_one_window(self.error) and not affects_one_window(error)):
            self.error = error
        self.failed += 1


class WindowFetcher:
    """Fetches the windows of one account into the landing folder."""

    def __init__(
        self,
        client: TrutoClient,
        target: FetchTarget,
        landing: Landing,
        now: Callable[[], datetime],
        is_stopped: Callable[[], bool],
    ) -> None:
        self._client = client
        self._target = target
        self._landing = landing
        self._now = now
        self._is_stopped = is_stopped

    def fetch(self, report: Report, window: Window) -> LandedWindow:
        """Land the API's response for one window; it replaces the previous response, even if it is empty.

        If the pages change while they are read, the window is asked for again from its first page.

        Raises:
            TrutoError: The API gave no complete response; the window keeps its previous content.
            WindowMismatch: The response holds only rows of other days; the window keeps its previous content.
            LandingUnwritable: The disk does not accept the response; the window keeps its previous content.
            FetchStopped: The process was asked to stop; nothing was requested.
        """
        if self._is_stopped():
            raise FetchStopped(f"Account {self._target.account_id}: stopped before {window}; a sync fetches it later.")
        key = WindowKey(self._target.account_id, report.name, window.start, window.end)
        with writing(self._landing.root, key.account_id, str(window)):
            for _ in range(READINGS - 1):
                with suppress(PagesChanged):
                    return self._land(key, report)
            return self._land(key, report)

    def _land(self, key: WindowKey, report: Report) -> LandedWindow:
        """Read the pages once, from the first to the last, and land them."""
        check, requests = WindowCheck(key.window), list[str]()
        rows = self._landing.write_rows(key, _checked_rows(self._pages(report, key.window), check, requests))
        if check.is_mismatch:
            rows.path.unlink()
            raise WindowMismatch(
                f"Account {key.account_id}: the API returned only rows of other days for {key.window}, so nothing was "
                f"replaced; check the request parameters in the profile of {self._target.profile.name}."
            )
        manifest = self._manifest(key, requests, rows)
        return LandedWindow(manifest, self._landing.commit(rows, manifest))

    def _pages(self, report: Report, window: Window) -> Iterator[Page]:
        query = UsageQuery(
            account_id=self._target.account_id,
            limit=self._target.profile.page_limit,
            extra=parameters_of(report, window),
        )
        has_page = False
        try:
            for page in self._client.usage_pages(query):
                has_page = True
                yield page
        except RequestRejected as error:
            if has_page or "limit" not in (error.provider_message or "").lower():
                raise
            # The vendor rejects this page size and does not say which it accepts, so the request omits the size.
            yield from self._client.usage_pages(replace(query, limit=None))

    def _manifest(self, key: WindowKey, requests: list[str], rows: RowFile) -> Manifest:
        fetched_at, profile = self._now(), self._target.profile
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
            elapsed_days=elapsed_days(key.window, fetched_at),
            is_final=is_final(key.window, profile, fetched_at),
        )


def fetch_days(
    client: TrutoClient,
    target: FetchTarget,
    days: Iterable[date],
    landing: Landing,
    *,
    now: Callable[[], datetime],
    on_landed: Callable[[LandedWindow], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> FetchResult:
    """Land every window of `days`, newest first: one at a time until one has landed, then several at once.

    A disconnected or blocked account therefore costs one request, and one that rejects every window costs three. After
    a failure of a single window, the others are still requested. Landed windows are kept.

    Args:
        client: The API.
        target: The account.
        days: The days to fetch.
        landing: The folder to write to.
        now: Returns the current time, UTC.
        on_landed: Called in this thread with each window that landed.
        is_stopped: Called before each request; once it returns true, nothing more is requested.

    Returns:
        What landed, and the failure of the account or of a window, also one of its lock or of the disk.
    """
    requests = [(report, window) for window in windows_of(days, target.profile) for report in target.profile.reports]
    fetcher = WindowFetcher(client, target, landing, now, is_stopped)
    result = FetchResult(reports=len(target.profile.reports))
    try:
        with (
            writing(landing.root, target.account_id, "its windows"),
            landing.account_lock(target.account_id),
            ThreadPoolExecutor(WINDOWS_AT_ONCE) as pool,
        ):
            landing.remove_unfinished(target.account_id)
            for batch in _batches(requests, result):
                futures = [pool.submit(fetcher.fetch, report, window) for report, window in batch]
                _collect(futures, result, on_landed)
    except (LandingError, LockHeld) as error:
        result.add_failure(error)
    return result


def _batches(requests: Sequence[Request], result: FetchResult) -> Iterator[Sequence[Request]]:
    """Yield single windows until one of them has landed, then all others; end after a failure of the account.

    The newest, the middle and the oldest window are tried. If each of them fails, so would the others.
    """
    tried = list(dict.fromkeys([0, len(requests) // 2, len(requests) - 1])) if requests else []
    for position, number in enumerate(tried, start=1):
        yield [requests[number]]
        if result.landed and not result.has_account_failure:
            yield [request for other, request in enumerate(requests) if other not in tried[:position]]
        if result.landed or result.has_account_failure:
            return


def affects_one_window(error: UsageAssetsError) -> bool:
    """Return whether other windows of the account may still succeed, so that one bad day does not stop the history."""
    if isinstance(error, RequestRejected):
        return error.status in ONE_WINDOW_STATUSES
    return isinstance(error, WindowMismatch | InvalidResponse)


def _collect(
    futures: list[Future[LandedWindow]], result: FetchResult, on_landed: Callable[[LandedWindow], None] | None
) -> None:
    """Add the outcome of each window to `result`; cancel the remaining windows if the account fails."""
    try:
        for future in as_completed(futures):
            if future.cancelled():
                continue
            try:
                landed = future.result()
            except UsageAssetsError as error:
                result.add_failure(error)
                if result.has_account_failure:
                    _cancel(futures)
            else:
                result.landed.append(landed)
                if on_landed is not None:
                    on_landed(landed)
    finally:
        _cancel(futures)


def _cancel(futures: Iterable[Future[LandedWindow]]) -> None:
    for future in futures:
        future.cancel()


def _checked_rows(pages: Iterator[Page], check: WindowCheck, requests: list[str]) -> Iterator[list[msgspec.Raw]]:
    """Yield the rows of each page; collect the pages' requests in `requests`."""
    for page in pages:
        requests.append(page.request)
        check.add(page.rows)
        yield page.rows
