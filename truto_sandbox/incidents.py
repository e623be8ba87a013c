"""Incidents in the usage of accounts: sudden changes that last a few days and that a monitor should report.

An account has at most one incident in a month, and it ends in that month. So the incident of a day follows from the
account and the month alone. Sizes are in thousandths of ordinary usage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from truto_sandbox.companies import Account
from truto_sandbox.holidays import is_day_off
from truto_sandbox.seeded_random import SeededRandom

SPIKE, DROP, USER_SPIKE, RUNAWAY_MODEL, SURFACE_DROP = "spike", "drop", "user_spike", "runaway_model", "surface_drop"
ORDINARY = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of incident.

    Attributes:
        name: Its name.
        percent: Probability in a month.
        days: Fewest and most days.
        size: Lowest and highest size.
    """

    name: str
    percent: int
    days: tuple[int, int]
    size: tuple[int, int]


_OF_ALL = (_Kind(SPIKE, 12, (1, 3), (3000, 6000)), _Kind(DROP, 6, (2, 4), (0, 0)))
_OF_PEOPLE = (
    *_OF_ALL,
    _Kind(USER_SPIKE, 7, (1, 3), (15_000, 40_000)),
    _Kind(RUNAWAY_MODEL, 6, (2, 5), (6000, 12_000)),
    _Kind(SURFACE_DROP, 5, (3, 5), (0, 0)),
)
# A month of Datadog is one row, in which no day can be seen.
_KINDS = {"confluent": _OF_ALL, "datadog": ()}
_FIRST, _LAST = 2, 19  # days of the month on which an incident starts


@dataclass(frozen=True, slots=True)
class Incident:
    """A sudden change in one account.

    Attributes:
        kind: `spike` and `drop` of the whole account; `user_spike`, `runaway_model` and `surface_drop` of a part of it.
        first_day: Its first day, on which people work.
        last_day: Its last day.
        size: Usage in thousandths of ordinary usage; 0 is nothing.
        draw: A random number that selects the part concerned.
    """

    kind: str
    first_day: date
    last_day: date
    size: int
    draw: int

    def part(self, options: Sequence[T]) -> T:
        """Return the person, model or surface concerned, of all that the account has."""
        return options[self.draw % len(options)]


def incident_on(account: Account, day: date) -> Incident | None:
    """Return the incident of an account that includes this day, None if there is none."""
    incident = incident_in(account, day.year, day.month)
    return incident if incident is not None and incident.first_day <= day <= incident.last_day else None


@lru_cache(maxsize=10_000)
def incident_in(account: Account, year: int, month: int) -> Incident | None:
    """Return the incident of an account in a month, None if there is none.

    Accounts that a monitor does not read, because they need reconnecting or are sandboxes, have none.
    """
    random = account.random("incident", year, month)
    kind = _kind(account, random)
    if kind is None or account.status != "active" or account.is_sandbox:
        return None
    first_day = date(year, month, random.between(_FIRST, _LAST))
    while is_day_off(first_day):
        first_day += timedelta(days=1)
    last_day = first_day + timedelta(days=random.between(*kind.days) - 1)
    return Incident(kind.name, first_day, last_day, random.between(*kind.size), random.below(1 << 31))


def account_size(account: Account, day: date) -> int:
    """Return the size of the whole account's usage on that day."""
    return _size(account, day, {SPIKE, DROP})


def user_size(account: Account, day: date, person: int) -> int:
    """Return the size of the usage of a person."""
    return _size(account, day, {USER_SPIKE}, person, range(account.users))


def model_size(account: Account, day: date, model: str, models: Sequence[str]) -> int:
    """Return the size of the usage of a model, which is one of `models`."""
    return _size(account, day, {RUNAWAY_MODEL}, model, models)


def surface_size(account: Account, day: date, surface: str, surfaces: Sequence[str]) -> int:
    """Return the size of the usage of a surface, which is one of `surfaces`."""
    return _size(account, day, {SURFACE_DROP}, surface, surfaces)


def _size(account: Account, day: date, kinds: set[str], part: T | None = None, parts: Sequence[T] = ()) -> int:
    incident = incident_on(account, day)
    if incident is None or incident.kind not in kinds or (parts and incident.part(parts) != part):
        return ORDINARY
    return incident.size


def _kind(account: Account, random: SeededRandom) -> _Kind | None:
    drawn = random.below(100)
    for kind in _KINDS.get(account.integration, _OF_PEOPLE):
        if drawn < kind.percent:
            return kind
        drawn -= kind.percent
    return None
