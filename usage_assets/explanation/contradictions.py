"""Compare figures that must be equal: cost rows with their recomputation, aggregates with the sums of `cost`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

from usage_assets.explanation.api_rows import ApiRow, SentAmount
from usage_assets.explanation.exact import share_by_rule
from usage_assets.explanation.facts import CellFacts, CostRow, DaySums
from usage_assets.explanation.recomputation import Recomputation

ROW_FIGURES = ("cost", "tax", "cost_usd")
TABLE_FIGURES = (*ROW_FIGURES, "provisional_cost")


Reason = Literal[
    "row_replaced", "file_changed", "divisor_changed", "cost_not_derived", "inputs_changed",
    "share_differs", "table_not_derived", "table_differs", "table_lacks_cell", "cost_lacks_cell",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two figures that must be equal and differ, or a source that differs from what was loaded.

    Attributes:
        reason: The kind of contradiction.
        usage_date: The day.
        currency: The currency.
        account_id: The account, None for the sums of an aggregate.
        row: The number of the cost row in the derivation, None for the sums of an aggregate.
        table: The table that holds `held`.
        figure: The column that differs.
        expected: The value by recomputation or by the sums of `cost`.
        held: The value in `table`.
        detail: The reason in words, for a contradiction without two figures.
    """

    reason: Reason
    usage_date: date
    currency: str
    account_id: str | None = None
    row: int | None = None
    table: str = "cost"
    figure: str | None = None
    expected: Decimal | None = None
    held: Decimal | None = None
    detail: str | None = None


def row_contradictions(
    number: int,
    row: CostRow,
    api_row: ApiRow | None,
    amounts: Iterable[SentAmount],
    recomputed: Recomputation | None,
    *,
    is_stale: bool,
) -> Iterator[Contradiction]:
    """Yield the contradictions between a cost row and its source, its profile and its recomputed amounts.

    Args:
        number: The number of the row in the derivation.
        row: The cost row.
        api_row: Its API row, None if a newer response replaced it.
        amounts: The amounts of the API row that the load changed.
        recomputed: The recomputed amounts, None without an API row.
        is_stale: Whether a newer response for its day is loaded but not derived.
    """
    of_row = partial(
        Contradiction, usage_date=row.usage_date, currency=row.currency, account_id=row.account_id, row=number
    )
    yield from _share_contradictions(of_row, row)
    if api_row is None or recomputed is None:
        yield of_row(reason="row_replaced")
        return
    for amount in amounts:
        if amount.formula.value != amount.loaded:
            detail = f"the amount is {amount.formula} by the profile"
            yield of_row(reason="divisor_changed", expected=amount.formula.value, held=amount.loaded, detail=detail)
    for figure in ROW_FIGURES:
        expected, held = getattr(recomputed, figure), getattr(row, figure)
        if expected != held:
            reason: Reason = "cost_not_derived" if is_stale else "inputs_changed"
            yield of_row(reason=reason, figure=figure, expected=expected, held=held)
    if api_row.is_tampered:
        yield of_row(reason="file_changed", detail=api_row.problem)


def _share_contradictions(of_row: Callable[..., Contradiction], row: CostRow) -> Iterator[Contradiction]:
    for share in row.team_shares:
        for figure in ROW_FIGURES:
            whole, held = getattr(row, figure), getattr(share, figure)
            expected = None if whole is None else share_by_rule(whole, share.share, share.other_shares).value
            if expected != held:
                yield of_row(reason="share_differs", figure=figure, expected=expected, held=held, detail=share.rule)


def table_contradictions(facts: CellFacts) -> Iterator[Contradiction]:
    """Yield the days and currencies on which the aggregate of a cell differs from the sums of `cost`."""
    if facts.table is None:
        return
    in_cost, in_table = _by_day(facts.day_sums), _by_day(facts.table_sums)
    for key in sorted(in_cost.keys() | in_table.keys()):
        of_day = partial(Contradiction, usage_date=key[0], currency=key[1], table=facts.table)
        differing = list(_day_contradictions(of_day, in_cost.get(key), in_table.get(key)))
        if differing and (facts.table, key[0]) in facts.stale_days:
            yield of_day(reason="table_not_derived")
        else:
            yield from differing


def _day_contradictions(
    of_day: Callable[..., Contradiction], sums: DaySums | None, held: DaySums | None
) -> Iterator[Contradiction]:
    if sums is None:
        yield of_day(reason="cost_lacks_cell")
    elif held is None:
        yield of_day(reason="table_lacks_cell")
    else:
        for figure in TABLE_FIGURES:
            expected, found = getattr(sums, figure), getattr(held, figure)
            if expected != found:
                yield of_day(reason="table_differs", figure=figure, expected=expected, held=found)


def _by_day(sums: Iterable[DaySums]) -> dict[tuple[date, str], DaySums]:
    return {(day.usage_date, day.currency): day for day in sums}
