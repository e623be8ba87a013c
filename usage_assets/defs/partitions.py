"""How the data is cut: account × date for what is fetched, date for what is derived, and how ranges are read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from usage_assets.integrations.windows import Window, days_between
from usage_assets.settings import current_settings

RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"
PARTITION_TAG = "dagster/partition"

FIRST_DAY = current_settings().start_date
accounts = dg.DynamicPartitionsDefinition(name="accounts")
dates = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat())
account_dates = dg.MultiPartitionsDefinition({"account": accounts, "date": dates})


class RangeRefused(dg.Failure):
    """The asked-for partitions cannot be what was meant."""


def account_range_tags(account_ids: Sequence[str], window: Window) -> dict[str, str]:
    """Returns the run tags that ask for all days of `window` of accounts that follow each other as partitions."""
    return {RANGE_START_TAG: f"{account_ids[0]}|{window.start}", RANGE_END_TAG: f"{account_ids[-1]}|{window.last}"}


def date_range_tags(window: Window) -> dict[str, str]:
    """Returns the run tags that ask for all days of `window`."""
    return {RANGE_START_TAG: str(window.start), RANGE_END_TAG: str(window.last)}


def days_by_account(context: dg.AssetExecutionContext) -> dict[str, list[date]]:
    """Returns what an account × date run asks for.

    Raises:
        RangeRefused: the range is reversed, empty or holds a day that is not over.
    """
    asked: dict[str, list[date]] = defaultdict(list)
    for key in _partition_keys(context):
        account_id, _, day = key.rpartition("|")
        asked[account_id].append(date.fromisoformat(day))
    for days in asked.values():
        _refuse_unfinished(days)
    return dict(asked)


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Returns the days a daily run asks for.

    Raises:
        RangeRefused: the range is reversed, empty or holds a day that is not over.
    """
    days = [date.fromisoformat(key) for key in _partition_keys(context)]
    _refuse_unfinished(days)
    return days


def days_in_tags(tags: Mapping[str, str], order: Sequence[str]) -> tuple[list[str], Window] | None:
    """Returns accounts and days of an account × date run from its tags, None where they name none.

    `order` is every account there is as the partitions have them.
    """
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start is None or end is None or "|" not in start:
        return None
    (first_account, _, first), (last_account, _, last) = start.rpartition("|"), end.rpartition("|")
    window = Window(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    if first_account == last_account or first_account not in order or last_account not in order:
        return list(dict.fromkeys([first_account, last_account])), window
    return list(order[order.index(first_account) : order.index(last_account) + 1]), window


def days_in_date_tags(tags: Mapping[str, str]) -> list[date]:
    """Returns the days of a daily run from its tags, none where they name none."""
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start is None or end is None or "|" in start:
        return []
    return days_between(date.fromisoformat(start), date.fromisoformat(end))


def within_partitions(days: Iterable[date], today: date) -> list[date]:
    """Returns those of `days` that are daily partitions on `today`."""
    return [day for day in sorted(days) if FIRST_DAY <= day < today]


def _partition_keys(context: dg.AssetExecutionContext) -> list[str]:
    keys = list(context.partition_keys) if context.has_partition_key or context.has_partition_key_range else []
    start, end = context.run.tags.get(RANGE_START_TAG), context.run.tags.get(RANGE_END_TAG)
    if not keys or (start is not None and end is not None and start.rpartition("|")[2] > end.rpartition("|")[2]):
        raise RangeRefused(
            f"The range from {start} to {end} holds no day: put the earlier day first.", allow_retries=False
        )
    return keys


def _refuse_unfinished(days: list[date]) -> None:
    today = datetime.now(UTC).date()
    unfinished = [day for day in days if day >= today]
    if unfinished:
        raise RangeRefused(
            f"{unfinished[0]} is not over yet in UTC: ask for days up to {today - timedelta(days=1)}.",
            allow_retries=False,
        )
