"""Tasks and results of the processes that measure themselves. Both sides import this module, so it stays small."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Literal, TypeVar

import msgspec

Order = Literal["in order", "at random"]
Way = Literal["ranged", "daily"]
Seconds = dict[str, float]
Task = TypeVar("Task")


class HistoryTask(msgspec.Struct, frozen=True):
    """Build a history of each of `lengths` days and measure the days after it."""

    url: str
    folder: str
    days: list[date]
    lengths: list[int]
    order: Order


class HistoryTimes(msgspec.Struct, frozen=True):
    """CPU seconds of single days after `days` of history: load and derive of a new day, derive of an old day again."""

    order: Order
    days: int
    load: list[float]
    new: list[float]
    again: list[float]


class DayTask(msgspec.Struct, frozen=True):
    """Load, derive and publish one day of all accounts, `repeats` times into an empty warehouse."""

    url: str
    folder: str
    day: date
    repeats: int


class AllocationTask(msgspec.Struct, frozen=True):
    """Allocate one day of these accounts by a file of `rules` rules."""

    url: str
    folder: str
    day: date
    account_ids: list[str]
    rules: int


class RunsTask(msgspec.Struct, frozen=True):
    """Fetch and derive `days` of one account by Dagster runs; data and instance are in `folder`."""

    url: str
    folder: str
    account_id: str
    days: list[date]


class OnboardingTask(msgspec.Struct, frozen=True):
    """Fetch and derive a new account in ranged runs or in one run per day."""

    runs: RunsTask
    way: Way


class OnboardingTimes(msgspec.Struct, frozen=True):
    """The seconds that an onboarding took, and the number of Dagster runs."""

    days: int
    runs: int
    cpu: float
    wall: float


class PartitionsTask(msgspec.Struct, frozen=True):
    """Fill the instance in `folder` with a materialization of every account and day."""

    folder: str
    account_ids: list[str]
    days: list[date]


class SandboxYearTask(msgspec.Struct, frozen=True):
    """Fetch, derive and publish the days of the sandbox of a seed into `folder`, at the time `now`."""

    seed: int
    folder: str
    first_day: date
    last_day: date
    now: datetime


class InsightsTask(msgspec.Struct, frozen=True):
    """Make a warehouse in `folder` with the cost of many people on each of `days`, or measure it if it is there."""

    folder: str
    days: int
    people: int
    accounts: int


class ProjectionTask(msgspec.Struct, frozen=True):
    """Project the months from `first_month` on, from `days` of each, in a copy of `warehouse` in `folder`."""

    warehouse: str
    folder: str
    first_month: date
    days: list[int]


class ProjectedMonth(msgspec.Struct, frozen=True):
    """A projection from a day of the month: its error and half its range as shares of what the month came to."""

    scope: str
    day: int
    error: float
    is_held: bool
    half_range: float


def answer_task(kind: type[Task], measure: Callable[[Task], object]) -> None:
    """Read the task on the command line, measure it and print the result."""
    task = msgspec.json.decode(sys.argv[1], type=kind)
    sys.stdout.write(msgspec.json.encode(measure(task)).decode())
