"""Write a derivation as lines of text for people: sums, agreement with the aggregate, rows, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from usage_assets.explanation.contradictions import Contradiction
from usage_assets.explanation.exact import EXACT, added, plain
from usage_assets.explanation.facts import BasisSum, Contributor, CurrencySums, printable
from usage_assets.explanation.row_lines import amount_text, contradiction_line, counted, row_lines

if TYPE_CHECKING:
    from usage_assets.explanation.derivation import Derivation

MAX_CONTRADICTIONS = 20


def lines_of_derivation(derivation: Derivation, max_rows: int | None = 0) -> Iterator[str]:
    """Yield the lines of a derivation.

    Args:
        derivation: The derivation.
        max_rows: The number of cost rows to write; None writes all. Only rows name people.
    """
    yield printable(str(derivation.cell))
    for sums in derivation.sums:
        yield ""
        yield from map(printable, _sums_lines(sums))
    yield ""
    yield from map(printable, _table_lines(derivation))
    shown = derivation.rows[:max_rows]
    for row in shown:
        yield ""
        yield from row_lines(row)
    yield ""
    yield from map(printable, _hidden_lines(derivation, len(shown)))


def _sums_lines(sums: CurrencySums) -> Iterator[str]:
    yield f"{sums.currency}: cost {amount_text(sums.cost)} in {counted(sums.cost_rows)}"
    yield f"  {', '.join(map(_part, sums.bases))}"
    if sums.tax is not None:
        yield f"  tax, not in cost: {amount_text(sums.tax)}"
    unconverted = f", excluding {counted(sums.unconverted_rows)} without a rate" if sums.unconverted_rows else ""
    yield f"  cost_usd {amount_text(sums.cost_usd)}{unconverted}"
    if sums.provisional_rows:
        provisional = f"{amount_text(sums.provisional_cost)} in {counted(sums.provisional_rows)}"
        yield f"  provisional: {provisional}, which the vendor may still restate"
    else:
        yield "  provisional: none, all is final"
    if len(sums.contributors) > 1:
        yield "  largest:"
        for contributor in sums.contributors:
            yield f"    {_part(contributor)}"


def _part(part: BasisSum | Contributor) -> str:
    if isinstance(part, BasisSum):
        name = part.cost_basis
    else:
        name = f"{part.account}, provider {part.provider}, model {part.model}:"
    cost = "" if part.cost is None else f" {plain(part.cost)}"
    return f"{name}{cost} in {counted(part.cost_rows)}"


def _table_lines(derivation: Derivation) -> Iterator[str]:
    if derivation.table_contradictions:
        yield from map(contradiction_line, derivation.table_contradictions[:MAX_CONTRADICTIONS])
        yield from _more(derivation.table_contradictions)
    elif derivation.table is not None:
        yield f"{derivation.table} holds the same sums"
    elif derivation.cell.table is not None:
        yield f"no aggregate holds raw model ids, {derivation.cell.table} only names: the sums are those of cost"
    else:
        yield "no aggregate has all these columns: the sums are those of cost"
    if derivation.stale_days:
        days = ", ".join(map(str, derivation.stale_days[:MAX_CONTRADICTIONS]))
        yield f"a newer response is loaded and its cost not derived yet for {days}: run `usage-assets sync`"


def _more(contradictions: tuple[Contradiction, ...]) -> Iterator[str]:
    if len(contradictions) > MAX_CONTRADICTIONS:
        yield f"and {counted(len(contradictions) - MAX_CONTRADICTIONS, 'more contradiction')}"


def _hidden_lines(derivation: Derivation, shown: int) -> Iterator[str]:
    contradictions = tuple(found for row in derivation.rows[shown:] for found in row.contradictions)
    for found in contradictions[:MAX_CONTRADICTIONS]:
        yield f"row {found.row}, {found.usage_date}, account {found.account_id}: {contradiction_line(found)}"
    yield from _more(contradictions)
    yield f"{_checked(derivation)}; {_how_to_show(derivation, shown)}"


def _checked(derivation: Derivation) -> str:
    count, recomputed = derivation.row_count, len(derivation.rows)
    differing = sum(1 for row in derivation.rows if row.contradictions)
    which = "all" if recomputed == count else f"the costliest {recomputed}"
    return f"{counted(count, 'cost row')}, {which} recomputed, {differing or 'none'} with a contradiction"


def _how_to_show(derivation: Derivation, shown: int) -> str:
    hidden = derivation.row_count - shown
    if not hidden:
        return "all are shown"
    if not shown:
        return "`--rows 20` shows the costliest with the names of people, `--rows 0` all"
    return f"{hidden} not shown, together {_rest(derivation, shown)}: `--rows 0` shows all"


def _rest(derivation: Derivation, shown: int) -> str:
    """Return the cost of the rows not shown, by currency."""
    rest = []
    for sums in derivation.sums:
        rows = [row.cost_row for row in derivation.rows[:shown] if row.cost_row.currency == sums.currency]
        costs = [part for row in rows if (part := row.cell_cost) is not None]
        if len(rows) < sums.cost_rows:
            has_cost = sums.cost is not None and len(costs) < sums.rows_with_cost
            cost = plain(EXACT.subtract(sums.cost or Decimal(0), added(costs).value)) if has_cost else "no cost in"
            rest.append(f"{cost} {sums.currency}")
    return ", ".join(rest)
