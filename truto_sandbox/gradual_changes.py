"""Gradual changes in the usage of accounts, which are no incidents: slow ramps, and models that replace others."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from truto_sandbox.companies import Account

_THOUSAND = 1000
_RAMP_PERCENT = 50
_RAMP_DAYS = 70
_REPLACEMENT_DAYS = 35
_FIRST_REPLACEMENT = date(2026, 2, 1)


@dataclass(frozen=True, slots=True)
class Ramp:
    """Usage that rises slowly, day by day, and falls back as slowly.

    Attributes:
        first_day: The last day before the rise.
        last_day: The day on which usage is ordinary again.
        size: The highest usage, in thousandths of ordinary usage.
    """

    first_day: date
    last_day: date
    size: int


@lru_cache(maxsize=10_000)
def ramp_in(account: Account, year: int) -> Ramp | None:
    """Return the slow ramp of an account in a year; every second year has one."""
    random = account.random("ramp", year)
    if not random.chance(_RAMP_PERCENT):
        return None
    first_day = date(year, 1, 1) + timedelta(days=random.between(15, 180))
    return Ramp(first_day, first_day + timedelta(days=2 * _RAMP_DAYS), random.between(1500, 2000))


def ramp_size(account: Account, day: date) -> int:
    """Return the size of usage on that day by a slow ramp, in thousandths of ordinary usage."""
    ramp = ramp_in(account, day.year)
    if ramp is None or not ramp.first_day <= day <= ramp.last_day:
        return _THOUSAND
    steps = min((day - ramp.first_day).days, (ramp.last_day - day).days)
    return _THOUSAND + (ramp.size - _THOUSAND) * steps // _RAMP_DAYS


@lru_cache(maxsize=10_000)
def replacement_starts(account: Account) -> date:
    """Return the day on which the first people of an account may use the new model instead of the old one."""
    return _FIRST_REPLACEMENT + timedelta(days=account.random("replacement").below(180))


def replacement_ends(account: Account) -> date:
    """Return the first day on which nobody uses the old model."""
    return replacement_starts(account) + timedelta(days=_REPLACEMENT_DAYS)


def uses_new_model(account: Account, day: date, person: int) -> bool:
    """Return whether a person uses the new model; each person changes on another day."""
    starts = replacement_starts(account)
    if day < starts:
        return False
    waits = account.random("replacement", person).below(_REPLACEMENT_DAYS)
    return day >= starts + timedelta(days=waits)
