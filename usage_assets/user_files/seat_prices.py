"""Read the user's `seats.csv`: what a seat costs in a month, dated, by account or integration and by type of the seat.

Pure but for reading the file. `warehouse.seats` looks up the price of each seat.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from usage_assets.user_files.csv_lines import Line, parse_lines

REQUIRED = ("valid_from", "monthly_price", "currency")
OPTIONAL = ("valid_to", "account_id", "integration", "seat_type")
DECIMALS = 12
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class SeatPrice:
    """One line of the file.

    Attributes:
        account_id: The account, empty for every account of `integration`.
        integration: The integration in lower case, empty if the line names an account.
        seat_type: The type of the seat in lower case, empty for every type.
        valid_from: The first day.
        valid_to: The last day, included; `date.max` for no end.
        monthly_price: The price of one seat and month, exactly as written.
        currency: Its currency.
    """

    account_id: str
    integration: str
    seat_type: str
    valid_from: date
    valid_to: date
    monthly_price: Decimal
    currency: str

    def contradicts(self, other: SeatPrice) -> bool:
        """Return whether both lines name the same seats on a day."""
        is_same_day = self.valid_from <= other.valid_to and other.valid_from <= self.valid_to
        return is_same_day and self.seats == other.seats

    @property
    def seats(self) -> tuple[str, str, str]:
        """What names the seats that the line is about."""
        return self.account_id, self.integration, self.seat_type


@dataclass(frozen=True)
class SeatPrices:
    """The lines of the file, and the sha256 of its content; `""` where there is no file."""

    lines: tuple[SeatPrice, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class SeatRules:
    """What `seats` depend on besides what has landed: prices, and after how many days without activity one is idle."""

    prices: SeatPrices
    idle_days: int

    @property
    def text(self) -> str:
        """What differs when a price or the number of days does."""
        return f"{self.prices.sha256} {self.idle_days}"


def parse_seat_prices(path: Path, content: bytes) -> SeatPrices:
    """Return the prices in the content of the file at `path`.

    Raises:
        UserFileError: A line is invalid, or names the same seats as an earlier line on the same day.
    """
    earlier = dict[tuple[str, str, str], list[SeatPrice]]()
    lines = list[SeatPrice]()
    for line in parse_lines(path, content, REQUIRED, optional=OPTIONAL):
        price = _price(line)
        if not line.wrong_columns:
            _add(line, price, earlier.setdefault(price.seats, []))
        lines.append(price)
    return SeatPrices(tuple(lines), sha256(content).hexdigest())


def _add(line: Line, price: SeatPrice, same: list[SeatPrice]) -> None:
    """Add a price to those of the same seats, which are in the order of their days and share none."""
    place = bisect(same, price.valid_from, key=lambda other: other.valid_from)
    if any(price.contradicts(other) for other in same[max(0, place - 1) : place + 1]):
        line.reject("valid_from", "is within the days of another line for the same seats: end that one the day before")
    else:
        same.insert(place, price)


def _price(line: Line) -> SeatPrice:
    account_id, integration = line.values["account_id"], line.values["integration"].lower()
    if bool(account_id) == bool(integration):
        line.reject("account_id", "stands beside an integration, or both are empty: fill in one of the two")
    valid_from = line.day("valid_from")
    return SeatPrice(
        account_id=account_id,
        integration=integration,
        seat_type=line.values["seat_type"].lower(),
        valid_from=valid_from,
        valid_to=_valid_to(line, valid_from),
        monthly_price=line.decimal("monthly_price", decimals=DECIMALS),
        currency=_currency(line),
    )


def _valid_to(line: Line, valid_from: date) -> date:
    if not line.values["valid_to"]:
        return date.max
    valid_to = line.day("valid_to")
    if valid_to < valid_from:
        line.reject("valid_to", "is before valid_from: write the last day of the price")
    return valid_to


def _currency(line: Line) -> str:
    currency = line.text("currency").upper()
    if currency and not CURRENCY.fullmatch(currency):
        line.reject("currency", "is not a currency: write its three letters, such as USD")
    return currency
