"""The head of an explanation: what the cell comes to in each currency, and whether its aggregate table agrees."""

from __future__ import annotations

from collections.abc import Iterator

from usage_assets.explain.cell import Cell
from usage_assets.explain.facts import BasisSum, CellFacts, CurrencySums, TableSums
from usage_assets.explain.said import Said, amount, counted

COMPARED = ("cost", "tax", "cost_usd", "provisional_cost")


def head_of(cell: Cell, facts: CellFacts) -> Iterator[Said]:
    """Yields the lines above the cost rows."""
    yield Said(str(cell))
    in_table = {one.currency: one for one in facts.table_sums}
    for sums in facts.sums:
        yield Said("")
        yield from _of_currency(sums, [one for one in facts.bases if one.currency == sums.currency])
        if facts.table is not None:
            yield _compared(sums, facts.table, in_table.get(sums.currency), is_behind=facts.table in facts.behind)
    if facts.table is None:
        yield Said("")
        raw = "" if cell.table is None else f", of which {cell.table} would know only the model's name"
        yield Said(f"no table holds this cell{raw}: it is summed from cost")
    for currency in sorted(set(in_table) - {one.currency for one in facts.sums}):
        yield Said(f"CONTRADICTION: {facts.table} also holds {currency}, of which cost has no row", contradicts=True)
    yield from _behind(facts)


def _of_currency(sums: CurrencySums, bases: list[BasisSum]) -> Iterator[Said]:
    yield Said(f"{sums.currency}: cost {amount(sums.cost)} in {counted(sums.cost_rows)}")
    yield Said(f"  {', '.join(map(_basis, bases))}")
    if sums.tax is not None:
        yield Said(f"  tax, apart: {amount(sums.tax)}")
    left_out = f", without {counted(sums.unconverted_rows)} that no rate converts" if sums.unconverted_rows else ""
    yield Said(f"  cost_usd {amount(sums.cost_usd)}{left_out}")
    if sums.provisional_rows:
        provisional = f"{amount(sums.provisional_cost)} in {counted(sums.provisional_rows)}"
        yield Said(f"  provisional: {provisional}, which the vendor may still restate")
    else:
        yield Said("  provisional: none, all is final")


def _basis(one: BasisSum) -> str:
    cost = "" if one.cost is None else f" {amount(one.cost)}"
    return f"{one.cost_basis}{cost} in {counted(one.cost_rows)}"


def _compared(sums: CurrencySums, table: str, held: TableSums | None, *, is_behind: bool) -> Said:
    if held is None:
        return Said(f"  CONTRADICTION: {table} does not hold this cell{_why(is_behind=is_behind)}", contradicts=True)
    apart = [name for name in COMPARED if getattr(sums, name) != getattr(held, name)]
    if apart:
        differing = ", ".join(f"{name} {amount(getattr(held, name))}" for name in apart)
        says = f"  CONTRADICTION: {table} holds {differing}{_why(is_behind=is_behind)}"
        return Said(says, contradicts=True)
    return Said(f"  {table} holds the same figure: cost {amount(held.cost)}, cost_usd {amount(held.cost_usd)}")


def _why(*, is_behind: bool) -> str:
    if is_behind:
        return ": it is not derived yet from the cost of this day, run `usage-assets sync`"
    return ": this must never be, please report it"


def _behind(facts: CellFacts) -> Iterator[Said]:
    if "cost" in facts.behind:
        yield Said("")
        yield Said("a newer answer for this day is loaded and its cost not derived yet: run `usage-assets sync`")
