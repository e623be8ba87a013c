"""Report the seats of the newest month of each account: who has one, who does not use it, and what idle seats cost.

The seats come from the published files. Their prices are totalled by account and currency, and never added to the cost
of usage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from usage_assets.landing.accounts import Account
from usage_assets.published import current_generation, files_of
from usage_assets.terminal import counted
from usage_assets.truto.display_text import single_line, truncate
from usage_assets.warehouse.statements import execute

COLUMNS = ("account", "person", "status", "role", "seat type", "last active", "use", "monthly price")
GONE = "deleted"
SHOWN_LENGTH = 60
NO_LIST = "No list of users has landed yet: no vendor has one, or `usage-assets sync` has not run since."


@dataclass(frozen=True)
class Seat:
    """A row of the table `seats` in the newest month of its account; `listed_on` is the day of the last list."""

    account_id: str
    month: date
    listed_on: date
    user_id: str
    user_key: str
    user_email: str | None
    user_name: str | None
    status: str | None
    role: str | None
    seat_type: str | None
    spend_limit: Decimal | None
    spend_limit_currency: str | None
    left_on: date | None
    last_active_on: date | None
    is_idle: bool
    monthly_price: Decimal | None
    currency: str | None

    @property
    def is_held(self) -> bool:
        """Whether the user still has the seat."""
        return self.left_on is None and self.status != GONE

    @property
    def use(self) -> str:
        """What a person has to know about the seat in one word."""
        if self.left_on is not None:
            return f"left {self.left_on}"
        return "idle" if self.is_idle else "" if self.is_held else GONE


@dataclass(frozen=True)
class AccountSeats:
    """The seats of an account.

    Attributes:
        account_id: The account.
        listed_on: The day of the list that this is true of.
        seats: How many users have a seat.
        idle_seats: How many of them do not use it.
        idle_prices: What the idle seats with a price cost in a month, by currency.
        idle_without_price: How many idle seats have no price.
    """

    account_id: str
    listed_on: date
    seats: int
    idle_seats: int
    idle_prices: Mapping[str, Decimal]
    idle_without_price: int


def published_seats(published: Path) -> list[Seat]:
    """Return the seats of the newest month of each account, idle ones first.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    files = [str(file) for file in files_of(current_generation(published), "seats")]
    with duckdb.connect(config={"threads": 1}) as connection:
        return [Seat(*row) for row in execute(connection, "published/newest_seats", files=files).fetchall()]


def account_seats(seats: Iterable[Seat]) -> list[AccountSeats]:
    """Return the totals of each account; `seats` are in the order of accounts."""
    return [
        _totals(account_id, list(of_account)) for account_id, of_account in groupby(seats, lambda seat: seat.account_id)
    ]


def _totals(account_id: str, seats: list[Seat]) -> AccountSeats:
    idle, prices = [seat for seat in seats if seat.is_idle], defaultdict[str, Decimal](Decimal)
    for seat in idle:
        if seat.monthly_price is not None and seat.currency is not None:
            prices[seat.currency] += seat.monthly_price
    return AccountSeats(
        account_id=account_id,
        listed_on=seats[0].listed_on,
        seats=sum(seat.is_held for seat in seats),
        idle_seats=len(idle),
        idle_prices=dict(sorted(prices.items())),
        idle_without_price=sum(seat.monthly_price is None for seat in idle),
    )


def seat_table(seats: Iterable[Seat], accounts: Iterable[Account]) -> Table:
    """Return a table with one line per seat; unknown values are blank."""
    names = {account.account_id: account.display_name for account in accounts}
    table = Table()
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for seat in seats:
        cells = (
            names.get(seat.account_id, seat.account_id),
            _person(seat),
            seat.status or "",
            seat.role or "",
            seat.seat_type or "",
            str(seat.last_active_on or "never"),
            seat.use,
            _price(seat.monthly_price, seat.currency),
        )
        table.add_row(*(Text(truncate(cell, SHOWN_LENGTH)) for cell in cells))
    return table


def seat_lines(totals: Iterable[AccountSeats], accounts: Iterable[Account]) -> Iterator[str]:
    """Yield a sentence for each account: its seats, those that are idle, and what these cost in a month."""
    names = {account.account_id: account.name_and_id for account in accounts}
    for account in totals:
        name = single_line(names.get(account.account_id, account.account_id))
        idle = f"{account.idle_seats} idle" if account.idle_seats else "none idle"
        prices = " and ".join(_price(price, currency) for currency, price in account.idle_prices.items())
        cost = f", which cost {prices} a month" if prices else ""
        unknown = account.idle_without_price
        lacking = f"; {counted(unknown, 'idle seat')} without a price in seats.csv" if unknown else ""
        yield f"{name}: {counted(account.seats, 'seat')} as listed on {account.listed_on}, {idle}{cost}{lacking}."


def print_seats(console: Console, published: Path, accounts: Iterable[Account], *, only_idle: bool) -> None:
    """Print a table of the seats, or of the idle ones, and a sentence for each account.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    known, held = list(accounts), published_seats(published)
    shown = [seat for seat in held if seat.is_idle or not only_idle]
    if shown:
        console.print(seat_table(shown, known))
    for line in seat_lines(account_seats(held), known) if held else [NO_LIST]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def seats_document(published: Path, *, only_idle: bool) -> str:
    """Return one JSON document with the totals of each account and the seats, or the idle ones; decimals are texts.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    held = published_seats(published)
    shown = [seat for seat in held if seat.is_idle or not only_idle]
    return msgspec.json.format(msgspec.json.encode({"accounts": account_seats(held), "seats": shown})).decode()


def _person(seat: Seat) -> str:
    key = seat.user_email or seat.user_key
    return f"{seat.user_name} ({key})" if seat.user_name else key


def _price(price: Decimal | None, currency: str | None) -> str:
    return "" if price is None else f"{price:,.2f} {currency}"
