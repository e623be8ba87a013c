"""`reprice`: looks up prices and exchange rates of past days again and derives the days that they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from usage_assets.pricing.book import book_name
from usage_assets.project import Project
from usage_assets.sync import Runs
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.prices import reconvert, reprice


@dataclass(frozen=True)
class RepriceResult:
    """The days whose prices or rates changed, the price book, and why the derive run failed, if it did."""

    priced: set[date]
    converted: set[date]
    book: str
    failure: str | None = None


def reprice_days(project: Project, runs: Runs, first: date, last: date) -> RepriceResult:
    """Look up prices and exchange rates from `first` to `last` again; where any changed, derive and publish those days.

    Raises:
        NothingLoaded: There is no warehouse yet.
    """
    if not project.warehouse.path.exists():
        raise NothingLoaded(f"{project.warehouse.path} holds no usage yet: run `usage-assets sync` first.")
    with project.warehouse.transaction() as connection:
        priced = reprice(connection, first, last, project.price_book)
        converted = reconvert(connection, first, last, project.exchange_rates)
    failure = runs.derive(priced | converted).failure if priced | converted else None
    return RepriceResult(priced, converted, book_name(), failure)
