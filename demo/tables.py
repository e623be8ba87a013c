"""Build the cost tables and the total that the demo shows. All functions are pure."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from rich.table import Table

from demo.waiting import label_of
from usage_assets.shown_currency import ShownCurrency

NONE = "(none)"
NONE_TEXT = (
    "(none) is cost that the vendor bills without a model, surface or person, such as clusters, hosts and seats."
)
_LARGEST = 8
MONEY = pd.ArrowDtype(pa.decimal128(38, 12))


@dataclass(frozen=True)
class View:
    """A table to show.

    Attributes:
        name: The dimension in the title.
        table: The published table.
        columns: The columns that name a row.
    """

    name: str
    table: str
    columns: tuple[str, ...]


VIEWS = (
    View("model", "cost_by_model", ("provider", "model")),
    View("provider", "cost_by_provider", ("provider",)),
    View("surface", "cost_by_surface", ("provider", "surface")),
    View("account", "cost_by_account", ("account",)),
    View("person", "cost_by_user", ("person", "e-mail")),
)


def cost_table(view: View, costs: pd.DataFrame, shown: ShownCurrency) -> Table:
    """Return the largest rows of a view by the shown currency; rows with `(none)` come last.

    Args:
        view: The table to show.
        costs: The rows of the published table.
        shown: The currency in which totals across currencies are shown.
    """
    columns = list(view.columns)
    converted = _with_names(costs).assign(shown=_in_currency(costs, shown))
    sums = converted.groupby([*columns, "currency"])[["cost", "shown", "provisional_cost"]].sum()
    rows = sums.reset_index().sort_values("shown", ascending=False)
    has_none = (rows[columns] == NONE).any(axis=1)
    named = rows[~has_none]
    title = f"by {view.name}: the {min(_LARGEST, len(named))} largest of {len(named)}"
    table = Table(*columns, title=title, title_justify="left")
    for heading in ("cost", "currency", f"in {shown.code}", "provisional"):
        table.add_column(heading, justify="left" if heading == "currency" else "right")
    for row in pd.concat([named.head(_LARGEST), rows[has_none]]).to_dict("records"):
        cost, total, provisional = (f"{row[name]:,.2f}" for name in ("cost", "shown", "provisional_cost"))
        table.add_row(*(str(row[name]) for name in columns), cost, str(row["currency"]), total, provisional)
    return table


def total_text(by_account: pd.DataFrame, cost: pd.DataFrame, shown: ShownCurrency) -> str:
    """Return the total in the shown currency, its provisional part, and the rows and amounts that it lacks.

    Args:
        by_account: The rows of `cost_by_account`.
        cost: The rows of `cost` for the same days.
        shown: The currency of the total.
    """
    amounts = _in_currency(by_account, shown)
    open_days = cost[cost["is_provisional"]].groupby("usage_date")[["cost_usd"]].sum().reset_index()
    provisional = _in_currency(open_days, shown).sum()
    unconverted = by_account[amounts.isna() & by_account["cost"].notna()].groupby("currency")["cost"].sum()
    return (
        f"Total: {amounts.sum():,.2f} {shown.code}, of which {provisional:,.2f} {shown.code} are provisional: "
        f"the vendor may still restate them. {_lacking(by_account, unconverted)}"
    )


def _lacking(by_account: pd.DataFrame, unconverted: "pd.Series[Any]") -> str:
    unpriced, without_rate = (int(by_account[column].sum()) for column in ("unpriced_rows", "unconverted_rows"))
    if not unpriced and not without_rate and unconverted.empty:
        return "Every row has a price and an exchange rate."
    amounts = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in unconverted.items())
    lacking = f"It lacks {_rows(unpriced)} without a price and {_rows(without_rate)} without an exchange rate"
    return f"{lacking}, {amounts}." if amounts else f"{lacking}."


def _in_currency(costs: pd.DataFrame, shown: ShownCurrency) -> "pd.Series[Any]":
    """Return the cost of each row in the shown currency, exactly; NA without a rate of its day."""
    pairs = zip(costs["cost_usd"], costs["usage_date"], strict=True)
    amounts = [shown.of_usd(None if pd.isna(usd) else usd, day) for usd, day in pairs]
    return pd.Series(amounts, index=costs.index, dtype=MONEY)


def _with_names(costs: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that name accounts and people, if the table has their source columns."""
    if "tenant_id" in costs:
        pairs = zip(costs["integration"], costs["tenant_id"].fillna(costs["account_id"]), strict=True)
        return costs.assign(account=[label_of(integration, tenant) for integration, tenant in pairs])
    if "user_key" in costs:
        names = costs.groupby("user_key")["user_name"].first()
        person = costs["user_key"].map(names.fillna(NONE))
        return costs.assign(person=person, **{"e-mail": costs["user_email"].fillna("")})
    return costs


def _rows(count: int) -> str:
    return f"{count} usage row" if count == 1 else f"{count} usage rows"
