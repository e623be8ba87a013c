"""What the processes that measure themselves are asked, and what they answer. Small: it is read on both sides."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Order = Literal["in order", "at random"]
Way = Literal["ranged", "daily"]
Seconds = dict[str, float]


class HistoryTask(msgspec.Struct, frozen=True):
    """A history to build to each of `lengths` days; `days` go on beyond the longest."""

    url: str
    folder: str
    days: list[date]
    lengths: list[int]
    order: Order


class Aged(msgspec.Struct, frozen=True):
    """CPU seconds of one day's derive with `days` of history: of a new day, and of one in the middle again."""

    order: Order
    days: int
    load: list[float]
    new: list[float]
    again: list[float]


class DayTask(msgspec.Struct, frozen=True):
    """One day of all accounts, to be loaded, derived and published so many times from nothing."""

    url: str
    folder: str
    day: date
    repeats: int


class OnboardingTask(msgspec.Struct, frozen=True):
    """A new account to be fetched and derived: all days in ranged runs, or each day in runs of its own."""

    url: str
    account_id: str
    days: list[date]
    way: Way


class Onboarded(msgspec.Struct, frozen=True):
    """What that took, in seconds, and how many Dagster runs it was."""

    days: int
    runs: int
    cpu: float
    wall: float
    rows: int


class PartitionsTask(msgspec.Struct, frozen=True):
    """An instance to be filled with every account and day; `folder` is its home."""

    folder: str
    account_ids: list[str]
    days: list[date]
