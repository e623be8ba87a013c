"""Decide how long the demo waits: until the windows of every account are fetched, derived and published."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.windows import Window, history_days, windows_of
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.reading import read
from usage_assets.settings import Settings

_DERIVE_SECONDS = 25.0


@dataclass(frozen=True)
class AccountProgress:
    """The progress of one account.

    Attributes:
        label: Integration and tenant.
        expected: Request windows of its history, counted for each report.
        landed: Request windows that have landed.
        pending: Landed windows that are not derived and published yet.
        is_published: Whether the published tables hold rows of the account.
    """

    label: str
    expected: int
    landed: int
    pending: int
    is_published: bool

    @property
    def is_derived(self) -> bool:
        """Whether all of its history is derived and published."""
        return self.landed == self.expected and not self.pending and self.is_published


@dataclass(frozen=True)
class Progress:
    """The progress of the demo.

    Attributes:
        accounts: The accounts that should have data.
        is_complete_list: Whether the account that appears late is listed.
    """

    accounts: tuple[AccountProgress, ...]
    is_complete_list: bool

    @property
    def expected(self) -> int:
        """Request windows of all accounts."""
        return sum(account.expected for account in self.accounts)

    @property
    def landed(self) -> int:
        """Request windows that have landed."""
        return sum(account.landed for account in self.accounts)

    @property
    def derived(self) -> int:
        """Request windows that are derived and published."""
        return sum(max(0, account.landed - account.pending) for account in self.accounts)

    @property
    def missing(self) -> list[str]:
        """The labels of the accounts that are not derived completely."""
        late = [] if self.is_complete_list else ["the account that appears late"]
        return [account.label for account in self.accounts if not account.is_derived] + late

    @property
    def accounts_text(self) -> str:
        """The number of derived accounts, as text."""
        derived = sum(account.is_derived for account in self.accounts)
        return f"{derived} of {len(self.accounts)} accounts" + ("" if self.is_complete_list else ", one more to appear")


def progress_of(settings: Settings, account_count: int, today: date) -> Progress:
    """Read the progress from the landing folder and the published tables.

    Args:
        settings: The settings of the demo.
        account_count: Number of accounts of the sandbox, including the late one.
        today: The present day, in UTC.
    """
    landing = Landing(settings.landing_dir)
    accounts, published, pending = AccountList(landing).read(), _published_accounts(settings), landing.pending()
    fetched = [account for account in accounts if account.is_fetched(include_sandbox=settings.include_sandbox)]
    return Progress(
        tuple(_account_progress(account, landing, settings, pending, published, today) for account in fetched),
        is_complete_list=len(accounts) >= account_count,
    )


def account_progress(
    account: Account,
    expected: Collection[Window],
    landed: Mapping[str, Collection[Window]],
    pending: Iterable[WindowKey],
    published: Collection[str],
) -> AccountProgress:
    """Return the progress of an account.

    Args:
        account: The account.
        expected: The windows of its history.
        landed: The windows that have landed, for each report.
        pending: The pending windows of all accounts.
        published: The accounts in the published tables.
    """
    return AccountProgress(
        label=label_of(account.integration, account.tenant_id or account.account_id),
        expected=len(expected) * len(landed),
        landed=sum(len(set(expected).intersection(windows)) for windows in landed.values()),
        pending=sum(key.account_id == account.account_id for key in pending),
        is_published=account.account_id in published,
    )


def label_of(integration: str, tenant: str) -> str:
    """Return the name of an account for people."""
    return f"{integration} · {tenant}"


def fetch_seconds_left(progress: Progress, landed_before: int, elapsed: float) -> float | None:
    """Return the estimated seconds until all windows have landed, None while the rate is unknown.

    Args:
        progress: The present progress.
        landed_before: The windows that had landed `elapsed` seconds ago.
        elapsed: The seconds over which the rate is measured.
    """
    landed = progress.landed - landed_before
    return elapsed * (progress.expected - progress.landed) / landed if landed > 0 else None


def derive_seconds_left(progress: Progress, elapsed: float) -> float | None:
    """Return the estimated seconds until all windows are derived, None until all windows are fetched.

    One run derives all windows together, so the estimate is the usual duration of such a run.

    Args:
        progress: The present progress.
        elapsed: Seconds since the last window landed.
    """
    is_fetched = progress.is_complete_list and progress.landed == progress.expected
    return _DERIVE_SECONDS - elapsed if is_fetched and elapsed < _DERIVE_SECONDS else None


def _account_progress(
    account: Account,
    landing: Landing,
    settings: Settings,
    pending: list[WindowKey],
    published: set[str],
    today: date,
) -> AccountProgress:
    profile = load_profiles().of(account.integration)
    landed = {report.name: landing.held_windows(account.account_id, [report.name]) for report in profile.reports}
    return account_progress(account, expected_windows(profile, settings, today), landed, pending, published)


def expected_windows(profile: Profile, settings: Settings, today: date) -> list[Window]:
    """Return the request windows of an account's history."""
    days = history_days(profile, today, backfill_days=settings.backfill_days, start=settings.start_date)
    return windows_of(days, profile)


def _published_accounts(settings: Settings) -> set[str]:
    if not is_published(settings):
        return set()
    return set(read("cost_by_account", published=settings.published_dir)["account_id"])


def is_published(settings: Settings) -> bool:
    """Return whether a generation has been published."""
    return (settings.published_dir / "current").exists()
