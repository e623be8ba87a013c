"""What every vendor can be asked, and the spans of time such questions are about. No figures here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from truto_sandbox.companies import Account
from truto_sandbox.items import Item
from truto_sandbox.people import Person
from truto_sandbox.query import Query


@dataclass(frozen=True, slots=True)
class Span:
    """What a request is about: days, or for a monthly vendor the first days of months; perhaps one user."""

    steps: Sequence[date]
    user_id: str | None = None


class Vendor(Protocol):
    """One integration of the API."""

    @property
    def integration(self) -> str:
        """Its slug."""

    @property
    def label(self) -> str:
        """Its name for people."""

    @property
    def products(self) -> dict[str, str]:
        """Names of its products by their ids."""

    @property
    def by_month(self) -> bool:
        """Whether a row covers a calendar month rather than a day."""

    def span(self, query: Query, now: datetime, /) -> Span:
        """The vendor's own reading of the parameters, its defaults, and what it ignores."""

    def slots(self, account: Account, /) -> int:
        """How many people, resources or products can have items in a step."""

    def items(self, account: Account, step: date, slot: int, today: date, /) -> list[Item]:
        """What one slot did in one step, as far as it is known today."""

    def user_id(self, account: Account, person: Person, /) -> str | None:
        """The vendor's id of a person, None where it knows no people."""


def days_between(start: date, end: date, today: date) -> list[date]:
    """The days from `start` up to, not including, `end`; none that is still to come."""
    after = min(end.toordinal(), today.toordinal() + 1)
    return [date.fromordinal(number) for number in range(start.toordinal(), after)]


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after a day's month."""
    return month_of(month_of(day) + timedelta(days=31))
