"""`reprice`: the prices of past days noted anew by the installed book, and the days they price derived again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg

from usage_assets.defs.resources import Project
from usage_assets.defs.sync import derive_days, failure_text
from usage_assets.pricing.book import book_name
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.prices import reconvert, reprice


@dataclass(frozen=True)
class Repriced:
    """What a repricing did: days whose prices or rates changed, by which book, and what made the derive run fail."""

    priced: set[date]
    converted: set[date]
    book: str
    failure: str | None


def reprice_days(project: Project, instance: dg.DagsterInstance, first: date, last: date, now: datetime) -> Repriced:
    """Notes prices and exchange rates from `first` to `last` anew; where any changed, derives and publishes those days.

    Raises:
        NothingLoaded: there is no warehouse yet.
    """
    if not project.settings.warehouse_path.exists():
        raise NothingLoaded(f"{project.settings.warehouse_path} holds no usage yet: run `usage-assets sync` first.")
    with project.warehouse().transaction() as warehouse:
        priced = reprice(warehouse, first, last, project.price_book)
        converted = reconvert(warehouse, first, last, project.exchange_rates)
    if not priced | converted:
        return Repriced(priced, converted, book_name(), None)
    result = derive_days(instance, priced | converted, now)
    return Repriced(priced, converted, book_name(), None if result.success else failure_text(result))
