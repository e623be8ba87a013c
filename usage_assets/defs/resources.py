"""What assets and sensors reach for: the API, the landing folder, the warehouse. Configured from the environment."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Protocol

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.accounts import NEEDS_RECONNECTING, Account, AccountList
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.landing.store import Landing
from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.price_overrides import read_price_overrides
from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides
from usage_assets.settings import Settings, current_settings
from usage_assets.truto import NeedsReconnecting, RequestLimits, TrutoClient, TrutoError
from usage_assets.warehouse.connection import Warehouse

WAREHOUSE_POOL = "warehouse"
# In ten seconds: ten runs at once share the 500 of a token, however many accounts each fetches.
REQUESTS_OF_A_RUN = 50


class UsageSource(Protocol):
    """Where `raw_usage` gets its windows: the API, or what `sync` fetched a moment ago."""

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Lands the windows of `days` of one account."""
        ...


class Project:
    """Settings, profiles, landing and warehouse of one environment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.landing = Landing(settings.landing_dir)
        self.account_list = AccountList(self.landing)

    @property
    def profiles(self) -> Profiles:
        """The integration profiles, the user's own laid over the shipped ones."""
        return load_profiles(self.settings.profiles_path)

    @property
    def price_book(self) -> PriceBook:
        """The price book, the user's own prices laid over it."""
        return PriceBook(read_price_overrides(self.settings.prices_path))

    @property
    def exchange_rates(self) -> ExchangeRates:
        """The bank's exchange rates, the user's own laid over them."""
        return ExchangeRates(read_rate_overrides(self.settings.rates_path))

    @contextmanager
    def client(self, limits: RequestLimits | None = None) -> Iterator[TrutoClient]:
        """Opens the API client, after making sure that this data comes from the same API."""
        token, base_url = self.settings.required_token(), self.settings.base_url
        with TrutoClient(token=token, base_url=base_url, limits=limits) as client:
            self.landing.check_origin(self.settings.base_url)
            yield client

    def refresh_accounts(self, now: datetime) -> list[Account]:
        """Lists the integrated accounts and takes the list in; a failed list changes nothing."""
        with self.client() as client:
            listed = client.integrated_accounts()
            self.landing.set_origin(self.settings.base_url)
        return self.account_list.update(listed, self.profiles, now)

    def fetched_accounts(self, accounts: list[Account]) -> list[Account]:
        """Returns those of `accounts` whose usage is asked for."""
        return [one for one in accounts if one.is_fetched(include_sandbox=self.settings.include_sandbox)]

    def warehouse(self) -> Warehouse:
        """Returns the warehouse, connected by Dagster's DuckDB resource."""
        path = self.settings.warehouse_path

        def connect() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
            return DuckDBResource(database=str(path)).get_connection()

        return Warehouse(path, connect)


class Environment(dg.ConfigurableResource[Project]):
    """The project that the environment variables describe, read when a run starts."""

    def create_resource(self, context: dg.InitResourceContext) -> Project:
        """Returns the project."""
        return current_project()


class TrutoApi(dg.ConfigurableResource[UsageSource]):
    """Fetches from the API."""

    def create_resource(self, context: dg.InitResourceContext) -> UsageSource:
        """Returns the source."""
        return TrutoSource(current_project())


class TrutoSource:
    """Fetches from the API, after one request that tells whether the account can be fetched at all."""

    def __init__(self, project: Project) -> None:
        self._workplace = project
        self._limits = RequestLimits(per_token=REQUESTS_OF_A_RUN)

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Lands the windows of `days` of one account."""
        try:
            with self._workplace.client(self._limits) as client:
                account = client.integrated_account(account_id)
                self._workplace.landing.set_origin(self._workplace.settings.base_url)
                if account.status == NEEDS_RECONNECTING:
                    raise NeedsReconnecting(account_id=account_id)
                source = FetchTarget(account_id, self._workplace.profiles.of(account.integration))
                return fetch_days(client, source, days, self._workplace.landing, now=utc_now)
        except TrutoError as error:
            return FetchResult(error=error)


def current_project() -> Project:
    """Returns the project of this process."""
    return Project(current_settings())


def utc_now() -> datetime:
    """The present; decisions take it as an argument, only the shells ask for it."""
    return datetime.now(UTC)
