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

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.accounts import Account, AccountList, AccountNotFound, AmbiguousAccount, find_account
from usage_assets.landing.failures import FailureLog, asked_with
from usage_assets.landing.store import Landing
from usage_assets.settings import Settings, read_settings, read_token
from usage_assets.truto import RequestLimits, RetryPolicy, TrutoClient

if TYPE_CHECKING:
    import duckdb

    from usage_assets.pricing.book import PriceBook
    from usage_assets.pricing.rates import ExchangeRates
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
    def account_list(self) -> AccountList:
        """The stored account list."""
        return AccountList(self.landing)

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
        """The price book with the current content of the user's price file."""
        from usage_assets.pricing.book import PriceBook
        from usage_assets.pricing.price_overrides import read_price_overrides

        return PriceBook(read_price_overrides(self.settings.prices_path))

    @property
    def exchange_rates(self) -> ExchangeRates:
        """The ECB's exchange rates with the current content of the user's rate file."""
        from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides

        return ExchangeRates(read_rate_overrides(self.settings.rates_path))

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
        """
        with self.client() as client:
            listed = client.integrated_accounts()
            self.landing.set_origin(self.settings.base_url)
        return self.account_list.update(listed, self.profiles, self.now())

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

    def fetched_accounts(self, accounts: list[Account]) -> list[Account]:
        """Return the `accounts` whose usage is fetched."""
        return [account for account in accounts if account.is_fetched(include_sandbox=self.settings.include_sandbox)]
