"""Show what was spent in a month against the month before: a table, the largest changes, or one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from usage_assets.completeness import FAILED, MISSING, NOT_READY
from usage_assets.spend import Change, MonthsSpend, Spent
from usage_assets.truto.display_text import single_line

MOST_KEYS = 15
NO_NAME = "(none)"
OTHERS = "(others)"
MOST_NAMED = 5
STATES = {NOT_READY: "not ready", MISSING: "missing", FAILED: "missing because their fetch failed"}


def spend_table(spend: MonthsSpend, by: str, names: Mapping[str, str]) -> Table:
    """Return the cost of the greatest keys, of all others together, and the total."""
    first_day, before = spend.last_day.replace(day=1), spend.earlier_day
    title = f"Days 1 to {before.day} of {first_day:%B %Y} and of {before:%B %Y}, in {spend.currency}"
    table = Table(title=title, title_justify="left")
    table.add_column(by)
    for column in (f"{first_day:%Y-%m}", f"{before:%Y-%m}", "change", "change in %"):
        table.add_column(column, justify="right")
    for spent in _shown(spend.keys):
        table.add_row(*map(Text, _cells(spent, names)))
    table.add_section()
    table.add_row(*map(Text, _cells(_sum("total", spend.keys), {})))
    return table


def change_lines(spend: MonthsSpend, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the largest changes, and what is left out."""
    if spend.changes:
        yield "The largest changes:"
    for change in spend.changes:
        yield f"{_signed(change.cost - change.earlier)} {spend.currency}: {_series(change, names)}"
    if spend.lacking_rows:
        yield f"{spend.lacking_rows} rows are left out, because their currency has no exchange rate."
    for (since, state, reason), accounts in _incomplete(spend).items():
        of_accounts = ", ".join(names.get(account, account) for account in accounts[:MOST_NAMED])
        more = f" and {len(accounts) - MOST_NAMED} more" if len(accounts) > MOST_NAMED else ""
        why = f" ({reason.rstrip('.')})" if reason else ""
        yield f"From {since} on, days of {of_accounts}{more} are {STATES[state]}{why} and are not compared."


def _incomplete(spend: MonthsSpend) -> dict[tuple[date, str, str | None], list[str]]:
    """Return the incomplete accounts by their first such day, its state and the reason."""
    groups = dict[tuple[date, str, str | None], list[str]]()
    for account in spend.comparison.incomplete:
        groups.setdefault((account.since, account.state, account.reason), []).append(account.account_id)
    return groups


def spend_json(spend: MonthsSpend, by: str) -> str:
    """Return the comparison as a JSON document; amounts are texts, so that no digit is lost."""
    days = {
        account_id: {"days": len(pairs), "last_day": max((pair.day for pair in pairs), default=None)}
        for account_id, pairs in spend.comparison.days.items()
    }
    document = {
        "by": by,
        "last_day": spend.last_day,
        "earlier_day": spend.earlier_day,
        "currency": spend.currency,
        "keys": [asdict(spent) | {"change": spent.change} for spent in spend.keys],
        "changes": [asdict(change) for change in spend.changes],
        "compared": days,
        "incomplete": [asdict(account) for account in spend.comparison.incomplete],
        "lacking_rows": spend.lacking_rows,
    }
    return json.dumps(document, default=str, indent=2)


def _shown(keys: Sequence[Spent]) -> list[Spent]:
    if len(keys) <= MOST_KEYS:
        return list(keys)
    return [*keys[: MOST_KEYS - 1], _sum(OTHERS, keys[MOST_KEYS - 1 :])]


def _sum(name: str, keys: Iterable[Spent]) -> Spent:
    listed = list(keys)
    zero = Decimal(0)
    return Spent(name, sum((one.cost for one in listed), zero), sum((one.earlier for one in listed), zero))


def _cells(spent: Spent, names: Mapping[str, str]) -> tuple[str, ...]:
    share = f"{spent.change / spent.earlier * 100:+.1f} %" if spent.earlier else ""
    name = single_line(names.get(spent.key, spent.key))
    return name, f"{spent.cost:,.2f}", f"{spent.earlier:,.2f}", _signed(spent.change), share


def _signed(amount: Decimal) -> str:
    return f"{amount:+,.2f}"


def _series(change: Change, names: Mapping[str, str]) -> str:
    values = [names.get(value, value) for value in change.values.values() if value != NO_NAME]
    return " · ".join(map(single_line, dict.fromkeys(values)))
