"""Build the cost tables and the total that the demo shows. All functions are pure."""

from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from demo.waiting import label_of

NONE = "(none)"
NONE_TEXT = (
    "(none) is cost that the vendor bills without a model, surface or person, such as clusters, hosts and seats."
)
_LARGEST = 8


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


def cost_table(view: View, costs: pd.DataFrame) -> Table:
    """Return the largest rows of a view by USD; rows with `(none)` come last.

    Args:
        view: The table to show.
        costs: The rows of the published table.
    """
    columns = list(view.columns)
    sums = _with_names(costs).groupby([*columns, "currency"])[["cost", "cost_usd", "provisional_cost"]].sum()
    rows = sums.reset_index().sort_values("cost_usd", ascending=False)
    has_none = (rows[columns] == NONE).any(axis=1)
    named = rows[~has_none]
    title = f"by {view.name}: the {min(_LARGEST, len(named))} largest of {len(named)}"
    table = Table(*columns, title=title, title_justify="left")
    for heading in ("cost", "currency", "in USD", "provisional"):
        table.add_column(heading, justify="left" if heading == "currency" else "right")
    for row in pd.concat([named.head(_LARGEST), rows[has_none]]).to_dict("records"):
        cost, usd, provisional = (f"{row[name]:,.2f}" for name in ("cost", "cost_usd", "provisional_cost"))
        table.add_row(*(str(row[name]) for name in columns), cost, str(row["currency"]), usd, provisional)
    return table


def total_text(by_account: pd.DataFrame, cost: pd.DataFrame) -> str:
    """Return the total in USD, its provisional part, and the rows that it lacks.

    Args:
        by_account: The rows of `cost_by_account`.
        cost: The rows of `cost` for the same days.
    """
    total = by_account["cost_usd"].sum()
    provisional = cost[cost["is_provisional"]]["cost_usd"].sum()
    unpriced, unconverted = int(by_account["unpriced_rows"].sum()), int(by_account["unconverted_rows"].sum())
    lacking = f"It lacks {_rows(unpriced)} without a price and {_rows(unconverted)} without an exchange rate."
    return (
        f"Total: {total:,.2f} USD, of which {provisional:,.2f} USD are provisional: the vendor may still restate them. "
        + (lacking if unpriced or unconverted else "Every row has a price and an exchange rate.")
    )


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
