"""The interface of a vendor, and the periods that a request covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from truto_sandbox.companies import Account
from truto_sandbox.items import Item
from truto_sandbox.people import Person
from truto_sandbox.query import Query


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request covers.

    Attributes:
        periods: Days, or the first days of months for a vendor that reports by month.
        user_id: The only user to report, if the vendor filters by user.
    """

    periods: Sequence[date]
    user_id: str | None = None


class Vendor(Protocol):
    """An integration of the API. A source is a person, a billed line of a resource, or a product."""

    @property
    def integration(self) -> str:
        """Its slug."""

    @property
    def label(self) -> str:
        """Its display name."""

    @property
    def products(self) -> dict[str, str]:
        """The names of its products by id."""

    @property
    def by_month(self) -> bool:
        """Whether a row covers a calendar month instead of a day."""

    def scope(self, query: Query, now: datetime, /) -> Scope:
        """Return what a request covers, by the vendor's own defaults and ignored parameters."""

    def source_count(self, account: Account, /) -> int:
        """Return the number of sources that can have items in a period."""

    def items(self, account: Account, period: date, source: int, today: date, /) -> list[Item]:
        """Return the items of one source in one period, as reported today."""

    def user_id(self, account: Account, person: Person, /) -> str | None:
        """Return the vendor's id of a person, None if the vendor reports no people."""


def days_between(start: date, end: date, today: date) -> list[date]:
    """Return the days from `start` to `end` (exclusive) that are not after today."""
    after = min(end.toordinal(), today.toordinal() + 1)
    return [date.fromordinal(number) for number in range(start.toordinal(), after)]


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return month_of(month_of(day) + timedelta(days=31))
