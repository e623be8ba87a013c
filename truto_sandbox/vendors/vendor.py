"""The interface of a vendor, and the periods that a request covers."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.companies import Account
from truto_sandbox.incidents import ORDINARY, model_size, surface_size
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


class Vendor(ABC):
    """An integration of the API. A source is a person, a billed line of a resource, or a product.

    Attributes:
        integration: Its slug.
        label: Its display name.
        products: The names of its products by id.
        by_month: Whether a row covers a calendar month instead of a day.
        lasting_models: The models that no other model replaces; one of them can have an incident.
        surfaces: The surfaces that can have an incident.
        replaced_model: The ids of a model and of the new model that replaces it, if there is one.
    """

    integration: ClassVar[str]
    label: ClassVar[str]
    products: ClassVar[dict[str, str]]
    by_month: ClassVar[bool] = False
    lasting_models: ClassVar[tuple[str, ...]] = ()
    surfaces: ClassVar[tuple[str, ...]] = ()
    replaced_model: ClassVar[tuple[str, str] | None] = None

    @abstractmethod
    def scope(self, query: Query, now: datetime) -> Scope:
        """Return what a request covers, by the vendor's own defaults and ignored parameters."""

    @abstractmethod
    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return the items of one source in one period, as reported today."""

    def source_count(self, account: Account) -> int:
        """Return the number of sources that can have items in a period: the people of the company."""
        return account.users

    def user_id(self, _account: Account, _person: Person) -> str | None:
        """Return the vendor's id of a person, None if the vendor reports no people."""
        return None

    def model_volume(self, account: Account, day: date, model: str, volume: int) -> int:
        """Return the volume of a model's usage: `volume`, or more while the model has an incident."""
        return volume * model_size(account, day, model, self.lasting_models) // ORDINARY

    def without_surfaces_down(self, account: Account, day: date, items: Iterable[Item]) -> list[Item]:
        """Return the items but those of a surface that has no usage on that day."""
        return [item for item in items if surface_size(account, day, item.row.get("surface", ""), self.surfaces)]


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
