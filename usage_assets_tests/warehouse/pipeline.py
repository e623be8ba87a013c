"""The pipeline for tests: lands rows of the API as windows and loads, prices and derives them by the real steps."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from usage_assets.account_histories import HistoryRules, account_histories
from usage_assets.account_rules import AccountRules
from usage_assets.acknowledgements import Acknowledgement
from usage_assets.allocation.reading import parse_allocation
from usage_assets.allocation.rules import FILE_NAME, Allocation
from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.integrations.windows import day_window, elapsed_days, is_final, window_of
from usage_assets.landing.accounts import Account
from usage_assets.landing.failures import FailureLog
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing, data_file_name
from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.user_files.budgets import Budget, read_budgets
from usage_assets.user_files.in_force import FileInForce
from usage_assets.user_files.seat_prices import SeatPrices, SeatRules
from usage_assets.warehouse import derive
from usage_assets.warehouse.activity import derive_activity
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.connection import Create, Warehouse
from usage_assets.warehouse.coverage import derive_coverage
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.load import LoadReport, load_landed
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publish import publish_derived
from usage_assets.warehouse.seats import derive_seats
from usage_assets.warehouse.stale_days import forget_stale_days
from usage_assets.warehouse.tables import INSIGHTS
from usage_assets.warehouse.user_lists import load_user_lists
from usage_assets_tests.warehouse.empty import connect_to, copy_empty

DAY = date(2026, 6, 10)
NEXT_DAY = date(2026, 6, 11)
FETCHED_AT = datetime(2026, 6, 20, 6, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
ACCOUNT = "acme"

Meters = list[tuple[int, str, str, int]]
"""Part, model, meter and quantity."""


@dataclass
class Pipeline:
    """A landing folder and a warehouse, which is small enough for one thread."""

    folder: Path
    profiles: Profiles = field(default_factory=load_profiles)
    book: PriceBook = field(default_factory=PriceBook)
    rates: ExchangeRates = field(default_factory=ExchangeRates)
    shown: Sequence[str] = ()
    threads: int = 1
    now: datetime = FETCHED_AT
    create: Create = copy_empty
    rules: AccountRules = field(default_factory=AccountRules)
    allocation: FileInForce[Allocation] = field(default_factory=lambda: FileInForce(Allocation()))
    seat_rules: SeatRules = field(default_factory=lambda: SeatRules(SeatPrices(), idle_days=30))
    has_insights: bool = False  # most tests need no statistics
    acknowledgements: dict[str, Acknowledgement] = field(default_factory=dict)
    budgets: FileInForce[tuple[Budget, ...]] = field(default_factory=lambda: FileInForce(()))

    @property
    def landing(self) -> Landing:
        return Landing(self.folder / "landing")

    @property
    def failures(self) -> FailureLog:
        return FailureLog(self.folder / "landing")

    @property
    def lists(self) -> Landing:
        """The landing folder of the lists of users."""
        return Landing(self.folder / "landing" / "users")

    @property
    def warehouse(self) -> Warehouse:
        path = self.folder / "usage.duckdb"
        return Warehouse(path, lambda: connect_to(path, self.threads), self.create)

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def land(
        self,
        rows: Iterable[dict[str, Any] | str | bytes],
        *,
        day: date = DAY,
        account: str = ACCOUNT,
        integration: str = "confluent",
        report: str = "default",
        fetched_at: datetime = FETCHED_AT,
    ) -> bool:
        """Land `rows` as the answer for the window of `day`; return whether the window must be loaded."""
        profile = self.profiles.of(integration)
        window = window_of(day, profile)
        key = WindowKey(account, report, window.start, window.end)
        file = self.landing.write_rows(key, [[_raw(row) for row in rows]])
        return self.landing.commit(
            file,
            Manifest(
                account_id=account,
                integration=profile.name,
                report=key.report,
                window_start=window.start,
                window_end=window.end,
                request=f"/unified/usage-metering/usage?integrated_account_id={account}",
                pages=1,
                rows=file.rows,
                sha256=file.sha256,
                data_file=data_file_name(key, file.sha256),
                fetched_at=fetched_at,
                elapsed_days=elapsed_days(window, fetched_at),
                is_final=is_final(window, profile, fetched_at),
            ),
        )

    def land_users(
        self,
        users: Iterable[dict[str, Any] | str | bytes],
        *,
        on: date = DAY,
        account: str = ACCOUNT,
        integration: str = "cursor",
    ) -> bool:
        """Land `users` as the list of an account on a day; return whether it must be loaded."""
        window = day_window(on)
        key = WindowKey(account, "default", window.start, window.end)
        file = self.lists.write_rows(key, [[_raw(user) for user in users]])
        return self.lists.commit(
            file,
            Manifest(
                account_id=account,
                integration=integration,
                report=key.report,
                window_start=window.start,
                window_end=window.end,
                request=f"/unified/usage-metering/users?integrated_account_id={account}",
                pages=1,
                rows=file.rows,
                sha256=file.sha256,
                data_file=data_file_name(key, file.sha256),
                fetched_at=datetime(on.year, on.month, on.day, 6, tzinfo=UTC),
                elapsed_days=1,
                is_final=True,
            ),
        )

    def load(self) -> LoadReport:
        """Load the pending windows, in a transaction."""
        return load_landed(self.warehouse, self.landing, self.profiles, self._accounts(), [], self.now, self.rules)

    def derive(self) -> None:
        """Price and derive every stale day, in one transaction."""
        with self.warehouse.transaction() as connection:
            self._derive(connection, COST_DEPENDENTS)

    def derive_cost(self) -> LoadReport:
        """Load the pending windows and derive their cost, without the aggregates."""
        return self._load_and_derive(())

    def run(self) -> LoadReport:
        """Load the pending windows and derive every table."""
        return self._load_and_derive(COST_DEPENDENTS)

    def _load_and_derive(self, aggregates: Collection[str]) -> LoadReport:
        report = self.load()
        with self.warehouse.transaction() as connection:
            self._derive(connection, aggregates)
        return report

    def _derive(self, connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> None:
        price(connection, [], self.book)
        shown = {*self.shown, *(budget.currency for budget in self.budgets.value)}
        derive.derive_cost(connection, [], self.profiles, self.rates, shown)
        derive.derive_aggregates(connection, tables, [], self.allocation)
        derive_activity(connection, [], self.profiles)
        load_user_lists(connection, self.lists, self.profiles, compares_all=False)
        derive_seats(connection, [], self.seat_rules)
        if self.has_insights:
            derive_insights(connection, INSIGHTS, [], self.profiles, self.acknowledgements, self.budgets)
        else:
            for table in INSIGHTS:
                forget_stale_days(connection, table)

    def allocate(self, *lines: str) -> None:
        """Put an `allocation.csv` of these lines in force; the first is its header."""
        content = "\n".join([*lines, ""]).encode()
        self.allocation = FileInForce(parse_allocation(Path(FILE_NAME), content), content)

    def budget(self, *lines: str) -> None:
        """Put a `budgets.csv` of these lines in force; the first is its header."""
        content = "\n".join([*lines, ""]).encode()
        self.budgets = FileInForce(read_budgets(Path("budgets.csv"), content), content)

    def run_with_insights(self, **given: Any) -> None:
        """Load the pending windows and derive every table, after coverage by `cover` with what is `given`."""
        self.has_insights = True
        self.run()
        self.cover(**given)
        with self.warehouse.transaction() as connection:
            derive_insights(connection, INSIGHTS, [], self.profiles, self.acknowledgements, self.budgets)

    def cover(
        self, *, accounts: Iterable[Account] | None = None, backfill_days: int = 90, include_sandbox: bool = False
    ) -> set[date]:
        """Derive coverage as of `now`; return the days whose rows changed."""
        histories = account_histories(
            self._accounts() if accounts is None else accounts,
            self.profiles,
            self.failures.of_accounts(),
            HistoryRules(backfill_days, FIRST_DAY, include_sandbox=include_sandbox),
            self.now.date(),
        )
        with self.warehouse.transaction() as connection:
            return derive_coverage(connection, self.landing, histories)

    def publish(self) -> Path:
        """Publish a generation and remove the markers of the windows in it."""
        return publish_derived(self.warehouse, self.landing, self.profiles, self.published, [], self.lists)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return every row of `sql`, over a read-only connection."""
        with duckdb.connect(str(self.warehouse.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def amend(self, sql: str) -> None:
        """Change the warehouse by `sql`."""
        with self.warehouse.transaction() as connection:
            connection.execute(sql)

    def one(self, sql: str) -> Any:
        """Return the only value of `sql`."""
        [(value,)] = self.query(sql)
        return value

    def _accounts(self) -> list[Account]:
        names = sorted({name for name, _ in self.landing.reports()})
        return [account(name, last_seen_at=self.now) for name in names]


def account(account_id: str, **given: Any) -> Account:
    """Return an active account that was connected long ago."""
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    members: dict[str, Any] = {
        "account_id": account_id,
        "integration": "confluent",
        "tenant_id": f"tenant of {account_id}",
        "status": "active",
        "is_sandbox": False,
        "connected_at": long_ago,
        "first_seen_at": long_ago,
        "last_seen_at": long_ago,
    }
    return Account(**{**members, **given})


def charge(kind: str, amount: str, currency: str | None = "USD") -> dict[str, Any]:
    """Return a charge whose amount is written as `amount` in the JSON."""
    named = {} if currency is None else {"currency": currency}
    return {"amount": msgspec.Raw(amount.encode()), "type": kind, **named}


def tokens(*, uncached: int = 0, cached: int = 0, written: int = 0, output: int = 0) -> dict[str, Any]:
    """Return a `usage` object with token counts, as Claude names them."""
    return {"tokens": {"input": uncached, "cached_input": cached, "cache_write": written, "output": output}}


def row(row_id: str = "r1", *charges: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Return a row of the API for one whole `day`, with the `given` members."""
    day = given.pop("day", DAY)
    span = {"start_date": f"{day}T00:00:00Z", "end_date": f"{day + timedelta(days=1)}T00:00:00Z"}
    return {"id": row_id, "charges": list(charges), **span, **given}


def money(text: str) -> Decimal:
    return Decimal(text)


def use(
    pipeline: Pipeline, meters: Meters, *, context: str = "(none)", is_covered: bool = False, only: str = "%"
) -> None:
    """Load the landed rows and give those like `only` these meters, as (part, model, meter, quantity)."""
    pipeline.load()
    pipeline.amend(given_meters(meters, context, only, is_covered=is_covered))


def given_meters(meters: Meters, context: str, only: str, *, is_covered: bool = False) -> str:
    listed = ", ".join(
        f"{{part: {part}, model: '{model}', meter: '{meter}', quantity: {quantity}}}"
        for part, model, meter, quantity in meters
    )
    return (
        f"update usage set meters = [{listed}], price_context = '{context}', is_covered = {is_covered},"
        f" provider = 'anthropic', model = 'claude-sonnet-4-5' where row_id like '{only}'"
    )


def _raw(row: dict[str, Any] | str | bytes) -> msgspec.Raw:
    if isinstance(row, dict):
        return msgspec.Raw(msgspec.json.encode(row))
    return msgspec.Raw(row.encode() if isinstance(row, str) else row)
