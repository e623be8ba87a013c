"""Partitions: account × date for fetched usage, date for derived tables; and the days that a run covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import dagster as dg

from usage_assets.defs.naming import Naming
from usage_assets.integrations.windows import ONE_DAY, Window, days_between

RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
PARTITION_TAG = "dagster/partition"


@dataclass(frozen=True)
class Partitions:
    """The partitions of one project."""

    accounts: dg.DynamicPartitionsDefinition
    dates: dg.DailyPartitionsDefinition
    account_dates: dg.MultiPartitionsDefinition

    @property
    def accounts_name(self) -> str:
        """The name under which an instance keeps the account partitions."""
        return str(self.accounts.name)


def partitions_from(first_day: date, naming: Naming) -> Partitions:
    """Return the partitions of a project whose first day is `first_day`."""
    accounts = dg.DynamicPartitionsDefinition(name=naming.name("accounts"))
    dates = dg.DailyPartitionsDefinition(start_date=first_day.isoformat())
    return Partitions(accounts, dates, dg.MultiPartitionsDefinition({"account": accounts, "date": dates}))


class RangeRefused(dg.Failure):
    """A run selects partitions that cannot be fetched or derived."""


def account_range_tags(account_ids: Sequence[str], window: Window) -> dict[str, str]:
    """Return the run tags that select all days of `window` of adjacent account partitions."""
    return {RANGE_START_TAG: f"{account_ids[0]}|{window.start}", RANGE_END_TAG: f"{account_ids[-1]}|{window.last}"}


def date_range_tags(window: Window) -> dict[str, str]:
    """Return the run tags that select all days of `window`."""
    return {RANGE_START_TAG: str(window.start), RANGE_END_TAG: str(window.last)}


def days_by_account(context: dg.AssetExecutionContext, today: date) -> dict[str, list[date]]:
    """Return the days of an account × date run by account id.

    Raises:
        RangeRefused: The range is reversed, is empty, or holds a day that is not over.
    """
    days: dict[str, list[date]] = defaultdict(list)
    for key in _partition_keys(context):
        account_id, _, day = key.rpartition("|")
        days[account_id].append(date.fromisoformat(day))
    for of_account in days.values():
        _refuse_unfinished(of_account, today)
    return dict(days)


def days_of(context: dg.AssetExecutionContext, today: date) -> list[date]:
    """Return the days of a daily run.

    Raises:
        RangeRefused: The range is reversed, is empty, or holds a day that is not over.
    """
    days = [date.fromisoformat(key) for key in _partition_keys(context)]
    _refuse_unfinished(days, today)
    return days


def days_in_tags(tags: Mapping[str, str], order: Sequence[str]) -> tuple[list[str], Window] | None:
    """Return accounts and days of an account × date run from its tags, None if they name no account.

    Args:
        tags: The tags of the run.
        order: All account partitions in their order.
    """
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start is None or end is None or "|" not in start:
        return None
    (first_account, _, first), (last_account, _, last) = start.rpartition("|"), end.rpartition("|")
    window = Window(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY)
    if first_account == last_account or first_account not in order or last_account not in order:
        return list(dict.fromkeys([first_account, last_account])), window
    return list(order[order.index(first_account) : order.index(last_account) + 1]), window


def days_in_date_tags(tags: Mapping[str, str]) -> list[date]:
    """Return the days of a daily run from its tags, an empty list if they name no day."""
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start is None or end is None or "|" in start:
        return []
    return days_between(date.fromisoformat(start), date.fromisoformat(end))


def _partition_keys(context: dg.AssetExecutionContext) -> list[str]:
    keys = list(context.partition_keys) if context.has_partition_key or context.has_partition_key_range else []
    start, end = context.run.tags.get(RANGE_START_TAG), context.run.tags.get(RANGE_END_TAG)
    if not keys or (start is not None and end is not None and start.rpartition("|")[2] > end.rpartition("|")[2]):
        raise RangeRefused(
            f"The range from {start} to {end} holds no day: put the earlier day first.", allow_retries=False
        )
    return keys


def _refuse_unfinished(days: list[date], today: date) -> None:
    unfinished = [day for day in days if day >= today]
    if unfinished:
        raise RangeRefused(
            f"{unfinished[0]} is not over yet in UTC: ask for days up to {today - ONE_DAY}.", allow_retries=False
        )
