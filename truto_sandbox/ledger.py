"""The ledger: the true daily cost, summed from intended costs and never from rows or charges, and what is planted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from truto_sandbox.companies import Account, Directory
from truto_sandbox.items import Item
from truto_sandbox.planted import Planted, planted
from truto_sandbox.settings import SandboxSettings
from truto_sandbox.vendors import VENDORS
from truto_sandbox.vendors.vendor import days_between, month_of, next_month

_SMALLEST = Decimal(1).scaleb(-12)

CostKey = tuple[date, str, str]
CountKey = tuple[date, str]


@dataclass(slots=True)
class DayCost:
    """Billed cost of a day in one currency; `cost` excludes `tax`."""

    cost: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    items: int = 0


@dataclass(slots=True)
class DayCounts:
    """Row, token and request counts of a day; a row of several days counts on its first day."""

    rows: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0


@dataclass(slots=True)
class Ledger:
    """The true cost and counts of one sandbox at the time of its clock.

    Attributes:
        settings: The settings of that sandbox.
    """

    settings: SandboxSettings
    _directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self._directory = Directory(self.settings)

    def accounts(self) -> tuple[Account, ...]:
        """Return every account, including the late one."""
        return self._directory.accounts

    def costs(self, account_id: str, start: date, end: date) -> dict[CostKey, DayCost]:
        """Return the billed cost by day, account and currency from `start` to `end` (exclusive)."""
        sums: dict[CostKey, DayCost] = {}
        for item in self._items(account_id, start, end):
            for day, cost, tax in _daily_shares(item, self.settings.now()):
                if item.charges and start <= day < end:
                    total = sums.setdefault((day, account_id, item.charges.currency), DayCost())
                    total.cost += cost
                    total.tax += tax
                    total.items += 1
        return sums

    def counts(self, account_id: str, start: date, end: date) -> dict[CountKey, DayCounts]:
        """Return rows, tokens and requests by day and account from `start` to `end` (exclusive)."""
        sums: dict[CountKey, DayCounts] = {}
        for item in self._items(account_id, start, end):
            if start <= item.first_day < end:
                _add(sums.setdefault((item.first_day, account_id), DayCounts()), item)
        return sums

    def planted(self, account_id: str, start: date, end: date) -> list[Planted]:
        """Return incidents and other changes that are planted on days from `start` to `end` (exclusive)."""
        return planted(self._account(account_id), start, end)

    def _account(self, account_id: str) -> Account:
        return next(account for account in self._directory.accounts if account.id == account_id)

    def _items(self, account_id: str, start: date, end: date) -> Iterator[Item]:
        account = self._account(account_id)
        vendor, today = VENDORS[account.integration], self.settings.now().date()
        periods = _months(start, end, today) if vendor.by_month else days_between(start, end, today)
        for period in periods:
            for source in range(vendor.source_count(account)):
                yield from vendor.items(account, period, source, today)


def _months(start: date, end: date, today: date) -> Iterator[date]:
    month = month_of(start)
    while month < end and month <= today:
        yield month
        month = next_month(month)


def _daily_shares(item: Item, now: datetime) -> Iterator[tuple[date, Decimal, Decimal]]:
    """Yield day, cost and tax for each elapsed day of the item; the last day gets the remainder."""
    if item.charges is None:
        return
    elapsed = (now.date() - item.first_day).days + 1
    days = max(1, min(item.days, elapsed))
    costs, taxes = _shares(item.charges.cost, days), _shares(item.charges.tax, days)
    for number, (cost, tax) in enumerate(zip(costs, taxes, strict=True)):
        yield item.first_day + timedelta(days=number), cost, tax


def _shares(amount: Decimal, days: int) -> list[Decimal]:
    share = (amount / days).quantize(_SMALLEST, ROUND_DOWN)
    return [share] * (days - 1) + [amount - share * (days - 1)]


def _add(counts: DayCounts, item: Item) -> None:
    counts.rows += 1
    counts.input_tokens += item.tokens.uncached
    counts.cached_input_tokens += item.tokens.cached
    counts.cache_write_tokens += item.tokens.written
    counts.output_tokens += item.tokens.output
    counts.requests += item.tokens.requests
