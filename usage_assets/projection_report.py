"""Show where the month will end: the published projections of the last day that is projected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
from rich.table import Table
from rich.text import Text

from usage_assets.landing.accounts import Account
from usage_assets.published import NothingPublished, current_generation, files_of, published_currency
from usage_assets.shown_currency import USD, ShownCurrency
from usage_assets.truto.display_text import single_line
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.tables import SPEND_PROJECTION

SCOPES = ("all", "account", "provider", "team")


class ShownProjection(NamedTuple):
    """One row of `spend_projection`, whose columns are described there, with amounts in the shown currency."""

    scope: str
    scope_key: str
    currency: str
    usage_date: date
    month: date
    complete_through: date
    month_to_date: Decimal
    projected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    reason: str | None


def last_projections(published: Path, currency: str = USD) -> list[ShownProjection]:
    """Return the published projections of the last day that is projected, of all scopes but models and users.

    Args:
        published: The folder of published generations.
        currency: The currency to show amounts in, at the rate of that day; without a rate they are in USD.

    Raises:
        NothingPublished: Nothing has been published yet, or no day can be projected yet.
    """
    generation = current_generation(published)
    file = files_of(generation, SPEND_PROJECTION)[-1]
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = execute(connection, "published/last_projections", file=str(file), scopes=list(SCOPES)).fetchall()
    if not rows:
        raise NothingPublished("No month is projected yet: run `usage-assets sync` until a day of usage is derived.")
    shown = published_currency(generation, currency)
    return [_in_currency(ShownProjection(*row), shown) for row in rows]


def _in_currency(projection: ShownProjection, shown: ShownCurrency) -> ShownProjection:
    rate = shown.at(projection.usage_date)
    projected, low, high = (
        None if amount is None else rate.of(amount)
        for amount in (projection.projected, projection.low, projection.high)
    )
    month_to_date = rate.of(projection.month_to_date)
    return projection._replace(
        currency=rate.currency, month_to_date=month_to_date, projected=projected, low=low, high=high
    )


def names_of(accounts: Iterable[Account]) -> dict[str, str]:
    """Return the display name of each account by its id."""
    return {account.account_id: account.display_name for account in accounts}


def projection_table(projections: Sequence[ShownProjection], names: Mapping[str, str]) -> Table:
    """Return the projections as a table, scope after scope, the greatest first."""
    first = projections[0]
    table = Table(title=f"{first.month:%B %Y} in {first.currency}, as of {first.usage_date}", title_justify="left")
    for column in ("scope", "key", "complete through"):
        table.add_column(column)
    for column in ("month to date", "projected", "80 % range"):
        table.add_column(column, justify="right")
    for projection in projections:
        table.add_row(*map(Text, _cells(projection, names)))
    return table


def projection_json(projections: Sequence[ShownProjection], names: Mapping[str, str]) -> str:
    """Return the projections as a JSON list; amounts are texts, so that no digit is lost."""
    rows = [{**row._asdict(), "name": _name(row, names)} for row in projections]
    return json.dumps(rows, default=str, indent=2)


def _cells(projection: ShownProjection, names: Mapping[str, str]) -> tuple[str, ...]:
    known = (projection.scope, _name(projection, names), str(projection.complete_through))
    to_date = f"{projection.month_to_date:,.2f}"
    if projection.projected is None:
        return *known, to_date, "", projection.reason or ""
    return *known, to_date, f"{projection.projected:,.2f}", f"{projection.low:,.2f} to {projection.high:,.2f}"


def _name(projection: ShownProjection, names: Mapping[str, str]) -> str:
    name = names.get(projection.scope_key, projection.scope_key) if projection.scope == "account" else None
    return single_line(name or projection.scope_key)
