"""Derive days again without fetching: `reprice` after prices or rates change, `rebuild` into a new warehouse file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from usage_assets.project import Project
from usage_assets.sync import Runs
from usage_assets.sync_result import DeriveResult
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.exchange_rates import reconvert
from usage_assets.warehouse.prices import reprice
from usage_assets.warehouse.publications import record_publication


@dataclass(frozen=True)
class RepriceResult:
    """The days whose prices or rates changed, where the prices come from, and the reason of a failed derive run."""

    priced: set[date]
    converted: set[date]
    sources: str
    failure: str | None = None


@dataclass(frozen=True)
class RebuildResult:
    """The days of the landed windows, the path of the old file, and the result of the derive run."""

    days: set[date]
    set_aside: Path | None
    derived: DeriveResult


def reprice_days(project: Project, runs: Runs, first: date, last: date) -> RepriceResult:
    """Look up prices and exchange rates from `first` to `last` again; derive and publish the days of changed ones.

    Raises:
        NothingLoaded: There is no warehouse yet.
    """
    if not project.warehouse.path.exists():
        raise NothingLoaded(f"{project.warehouse.path} holds no usage yet: run `usage-assets sync` first.")
    book = project.price_book
    with project.warehouse.transaction() as connection:
        priced = reprice(connection, first, last, book)
        converted = reconvert(connection, first, last, project.exchange_rates)
    failure = runs.derive(priced | converted).failure if priced | converted else None
    return RepriceResult(priced, converted, book.sources, failure)


def rebuild_warehouse(project: Project, runs: Runs) -> RebuildResult:
    """Move the warehouse file aside, and fill a new one from every landed window.

    Raises:
        NothingLoaded: Nothing has landed yet.
    """
    days = {day for key in project.landing.windows() for day in key.window.days}
    if not days:
        raise NothingLoaded(f"{project.landing.root} holds no landed window: run `usage-assets sync` first.")
    set_aside = project.warehouse.set_aside() if project.warehouse.path.exists() else None
    # Whoever rebuilds wants what landing holds now, also where that is fewer rows than were published.
    record_publication(project.landing, None)
    return RebuildResult(days, set_aside, runs.derive(days))
