"""Compose a project from its settings: API client, landing, warehouse, profiles, price book and rates.

This is the only composition root: assets, sensors, commands and notebooks receive a `Project`. No Dagster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from usage_assets.account_histories import AccountHistory, HistoryRules, account_histories
from usage_assets.account_rules import AccountRules
from usage_assets.acknowledgements import Acknowledgement, readable_acknowledgements
from usage_assets.integrations.profiles import Profile, Profiles, load_profiles
from usage_assets.landing.account_search import AccountNotFound, AmbiguousAccount, find_account
from usage_assets.landing.accounts import Account, AccountList, check_not_empty, profile_of
from usage_assets.landing.capabilities import TIMEOUT_SECONDS, accounts_to_ask, ask_metering
from usage_assets.landing.environment import check_environment, record_environment
from usage_assets.landing.failures import FailureLog, asked_with
from usage_assets.landing.store import Landing
from usage_assets.landing.users import UserLists
from usage_assets.settings import Settings, read_settings, read_token
from usage_assets.truto import IntegratedAccount, ListedAccounts, RequestLimits, RetryPolicy, TrutoClient
from usage_assets.user_files.applied import AppliedFiles
from usage_assets.user_files.files import UserFiles
from usage_assets.user_files.seat_prices import SeatRules

if TYPE_CHECKING:
    import duckdb

    from usage_assets.pricing.book import PriceBook
    from usage_assets.pricing.rates import ExchangeRates
    from usage_assets.reference.reference_data import ReferenceData
    from usage_assets.warehouse.connection import Warehouse

Clock = Callable[[], datetime]
ConnectFile = Callable[[Path], "AbstractContextManager[duckdb.DuckDBPyConnection]"]


def utc_now() -> datetime:
    """Return the current time in UTC. Only entry points pass this clock to a project."""
    return datetime.now(UTC)


def served_project() -> Project:
    """Return the project of a process that runs for long: it takes a token that changes in `.env` without a restart.

    Only the code location calls this. As Dagster does, it lets `.env` win over the environment.
    """
    return replace(current_project(), env_file=Path.cwd() / ".env")


def current_project() -> Project:
    """Return the project of the working folder and its environment. Only entry points call this."""
    return Project(read_settings(Path.cwd()), utc_now)


@dataclass(frozen=True)
class Project:
    """One configured project: one API environment, one data folder.

    Attributes:
        settings: The configuration.
        now: Returns the current time, UTC.
        connect: Opens the warehouse file; `duckdb.connect` by default.
        env_file: A file that is read again for the token each time; the token of `settings` is used where it has none.
    """

    settings: Settings
    now: Clock
    connect: ConnectFile | None = None
    env_file: Path | None = None

    @property
    def first_day(self) -> date:
        """The first daily partition."""
        return self.settings.start_date

    @property
    def published_dir(self) -> Path:
        """The folder of published generations."""
        return self.settings.published_dir

    @cached_property
    def landing(self) -> Landing:
        """The landing folder."""
        return Landing(self.settings.landing_dir)

    @cached_property
    def failures(self) -> FailureLog:
        """What keeps failing."""
        return FailureLog(self.settings.landing_dir)

    @cached_property
    def user_lists(self) -> UserLists:
        """The landed lists of users."""
        return UserLists(self.settings.users_dir)

    @cached_property
    def users_failures(self) -> FailureLog:
        """What keeps failing when lists of users are fetched."""
        return FailureLog(self.settings.users_dir)

    @cached_property
    def account_list(self) -> AccountList:
        """The stored account list."""
        return AccountList(self.landing, lambda: self.account_rules.names)

    @cached_property
    def warehouse(self) -> Warehouse:
        """The DuckDB file."""
        from usage_assets.warehouse.connection import Warehouse

        path = self.settings.warehouse_path
        return Warehouse(path, partial(self.connect, path) if self.connect else None)

    @property
    def token(self) -> str | None:
        """The bearer token as it is now."""
        return (read_token(self.env_file) if self.env_file else None) or self.settings.token

    @property
    def profiles(self) -> Profiles:
        """The integration profiles with the current content of the user's own file."""
        return load_profiles(self.settings.profiles_path)

    @property
    def price_book(self) -> PriceBook:
        """The newest price book with the current content of the user's price file."""
        from usage_assets.pricing.book import PriceBook
        from usage_assets.pricing.price_overrides import read_price_overrides

        return PriceBook(read_price_overrides(self.settings.prices_path), self.reference.price_list())

    @property
    def exchange_rates(self) -> ExchangeRates:
        """The ECB's newest exchange rates with the current content of the user's rate file."""
        from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides

        return ExchangeRates(read_rate_overrides(self.settings.rates_path), self.reference.rates_file())

    @property
    def reference(self) -> ReferenceData:
        """The downloaded exchange rates and prices."""
        from usage_assets.reference.copies import CopyFolder
        from usage_assets.reference.reference_data import ReferenceData

        addresses = {"rates": self.settings.rates_url, "prices": self.settings.prices_url}
        return ReferenceData(CopyFolder(self.settings.reference_dir), addresses)

    @property
    def acknowledgements(self) -> dict[str, Acknowledgement]:
        """What people acknowledged, by anomaly id, in the lines of `anomalies.jsonl` that can be read."""
        return readable_acknowledgements(self.settings.acknowledgements_path)

    @property
    def seat_rules(self) -> SeatRules:
        """The prices in force of the user's `seats.csv`, and after how many days a seat is idle."""
        return SeatRules(self.files.seats.look().value, self.settings.seat_idle_days)

    @property
    def account_rules(self) -> AccountRules:
        """The names and rules in force of the user's `accounts.csv`."""
        return self.files.accounts.look().value

    @property
    def files(self) -> UserFiles:
        """The user's files of which the last good content stays in force while the present one has mistakes."""
        return UserFiles(self.settings)

    @property
    def applied_files(self) -> AppliedFiles:
        """The notes by which user files the tables are derived."""
        return AppliedFiles(self.settings.applied_files_dir)

    @property
    def has_changed_files(self) -> bool:
        """Whether a user file counts with another content than that by which the published tables are derived."""
        applied = self.applied_files
        return any(file.differs_from(applied.published_by(file.name)) for file in self.files.all)

    @contextmanager
    def client(self, limits: RequestLimits | None = None) -> Iterator[TrutoClient]:
        """Open the API client.

        Raises:
            SettingsError: The token is not set.
            LandingError: The data folder holds data of another API.
        """
        token, base_url = self.token or self.settings.required_token(), self.settings.base_url
        retry = RetryPolicy(now=self.now)
        with TrutoClient(token=token, base_url=base_url, retry=retry, limits=limits) as client:
            self.landing.check_origin(base_url)
            yield client

    def refresh_accounts(self) -> list[Account]:
        """List the integrated accounts and store the list. If listing fails, the stored list stays unchanged.

        Returns:
            Every account ever listed, including deleted accounts.

        Raises:
            LandingError: The data folder holds data of another API or of another Truto environment.
            EmptyAccountList: The list is empty although accounts are known.
            TrutoError: Listing the accounts failed.
        """
        with self.client() as client:
            listed = self.list_accounts(client)
        metering = self._ask_metering(listed)
        self.landing.set_origin(self.settings.base_url)
        record_environment(self.landing.root, listed)
        return self.account_list.update(listed, self.profiles, self.now(), metering)

    def list_accounts(self, client: TrutoClient) -> ListedAccounts:
        """Return the account list of the API; write nothing.

        Raises:
            LandingError: The accounts are of another Truto environment than the data.
            EmptyAccountList: The list is empty although accounts are known.
            TrutoError: Listing the accounts failed.
        """
        listed, known = client.integrated_accounts(), self.account_list.read()
        check_not_empty(listed, known, self.account_list.path)
        check_environment(self.landing.root, listed, known)
        return listed

    def profile_of(self, account: IntegratedAccount) -> Profile:
        """Return the profile of an account that the API gave, and refuse an account of another environment.

        Raises:
            LandingError: The account is of another Truto environment than the data.
        """
        known = self.account_list.read()
        check_environment(self.landing.root, ListedAccounts([account], []), known)
        has_metering = next((one.has_metering for one in known if one.account_id == account.id), None)
        return profile_of(account.integration, self.profiles, has_metering=has_metering)

    def _ask_metering(self, listed: ListedAccounts) -> dict[str, bool | None]:
        wanted = accounts_to_ask(listed.accounts, self.account_list.read(), self.now())
        if not wanted:
            return {}
        once = RetryPolicy(max_attempts=1, now=self.now)
        with TrutoClient(
            token=self.token or self.settings.required_token(),
            base_url=self.settings.base_url,
            retry=once,
            timeout=TIMEOUT_SECONDS,
        ) as client:
            return ask_metering(client, wanted)

    def asked_with(self, account: Account | None) -> str:
        """Return a short hash of what a fetch of `account` depends on: the token and the account's status."""
        return asked_with(self.token, account.status if account else "")

    def account_id(self, name: str) -> str:
        """Return the id of the account that `name` identifies, or `name` itself if it matches no known account.

        Raises:
            AmbiguousAccount: Several accounts match.
        """
        try:
            return find_account(self.account_list.read(), name).account_id
        except AmbiguousAccount:
            raise
        except AccountNotFound:
            return name

    def account_histories(self) -> list[AccountHistory]:
        """Return the days that the figures of each account should hold today, and why days of it may be missing."""
        settings = self.settings
        rules = HistoryRules(settings.backfill_days, self.first_day, include_sandbox=settings.include_sandbox)
        failures, today = self.failures.of_accounts(), self.now().date()
        return account_histories(self.account_list.stored(), self.profiles, failures, rules, today)

    def fetched_accounts(self, accounts: list[Account]) -> list[Account]:
        """Return the `accounts` whose usage is fetched."""
        return [account for account in accounts if account.is_fetched(include_sandbox=self.settings.include_sandbox)]
