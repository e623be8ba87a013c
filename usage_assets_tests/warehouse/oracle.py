"""Compute the expected cost tables independently: plain Python, written from the design alone.

This shares no code with the warehouse. `expected_cost` returns the lines of `cost`, `summed` any aggregate of them, and
`expected_rejections`, `expected_dropped`, `expected_duplicates` and `expected_usage_rows` the outcome of the rows.
`oracle_rows` and `oracle_times` read rows; `oracle_cost` and `oracle_money` compute money.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from usage_assets_tests.warehouse.oracle_cost import NONE, CostLine, MeterLine, Price, Rate, Rules, lines_of
from usage_assets_tests.warehouse.oracle_money import added, decimal, in_pico, pico
from usage_assets_tests.warehouse.oracle_rows import Answer, Read, Reading, Row, read

__all__ = [
    "Answer",
    "CostLine",
    "Duplicates",
    "Reading",
    "Sums",
    "expected_cost",
    "expected_dropped",
    "expected_duplicates",
    "expected_rejections",
    "expected_usage_rows",
    "summed",
    "summed_by_meter",
]

Readings: TypeAlias = Mapping[str, Reading]
WindowOf: TypeAlias = tuple[str, str, date]

CONVERTIBLE = ("billed", "included", "estimated")


@dataclass(frozen=True)
class Duplicates:
    """The duplicates of one window: rows `identical` to the row that is kept, and `differing` rows."""

    identical: int
    differing: int

    @property
    def total(self) -> int:
        """All duplicates."""
        return self.identical + self.differing


@dataclass(frozen=True)
class Sums:
    """One line of an aggregate."""

    cost: Decimal | None
    billed_cost: Decimal | None
    estimated_cost: Decimal | None
    list_cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    provisional_cost: Decimal | None
    input_tokens: int | None
    cached_input_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    requests: int | None
    usage_rows: int
    unpriced_rows: int
    unconverted_rows: int


MONEY = ("cost", "billed_cost", "estimated_cost", "list_cost", "tax", "cost_usd")
COUNTS = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "requests")


def expected_cost(
    answers: Iterable[Answer], readings: Readings, price: Price, rate: Rate, canonical: Callable[[str], str]
) -> list[CostLine]:
    """Return every line of `cost` for `answers`; a later answer for a window replaces the earlier one.

    Args:
        answers: The fetched answers, oldest fetch first.
        readings: The profile facts by integration.
        price: Returns USD per unit of provider, canonical model, price context, meter and day.
        rate: Returns USD per unit and units per USD of currency and day; not called for USD.
        canonical: Returns the canonical name of a model id.
    """
    results = _read_all(answers, readings)
    emails = _emails(results)
    rules = Rules(price, rate, canonical)
    return [
        line
        for result in results
        for row in result.rows
        for line in lines_of(
            row,
            result.answer,
            readings[result.answer.integration],
            _user_key(row, result.answer.account_id, emails),
            rules,
        )
    ]


def expected_rejections(answers: Iterable[Answer], readings: Readings) -> set[tuple[str, date, int]]:
    """Return account, window start and line (from 1) of every rejected row."""
    return {
        (result.answer.account_id, result.answer.window_start, line)
        for result in _read_all(answers, readings)
        for line in result.rejected
    }


def expected_dropped(answers: Iterable[Answer], readings: Readings) -> dict[WindowOf, int]:
    """Return the number of rows that start in another window, per account, report and window start."""
    return {_window(result.answer): result.dropped for result in _read_all(answers, readings)}


def expected_duplicates(answers: Iterable[Answer], readings: Readings) -> dict[WindowOf, Duplicates]:
    """Return the duplicates per window."""
    return {
        _window(result.answer): Duplicates(result.identical, result.differing)
        for result in _read_all(answers, readings)
    }


def expected_usage_rows(answers: Iterable[Answer], readings: Readings) -> dict[WindowOf, int]:
    """Return the number of usage rows per window."""
    return {_window(result.answer): len(result.rows) for result in _read_all(answers, readings)}


def summed(lines: Iterable[CostLine], by: tuple[str, ...]) -> dict[tuple[Any, ...], Sums]:
    """Return the sums of `lines` grouped by the members `by`."""
    groups: dict[tuple[Any, ...], list[CostLine]] = {}
    for line in lines:
        groups.setdefault(tuple(getattr(line, name) for name in by), []).append(line)
    return {key: _sums(group) for key, group in groups.items()}


def summed_by_meter(lines: Iterable[CostLine]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return quantity, cost, cost in USD, list price and saving by day, account, provider, model, meter, currency."""
    groups: dict[tuple[Any, ...], list[MeterLine]] = {}
    for line in lines:
        for meter in line.meters:
            key = (line.usage_date, line.account_id, line.provider, line.model, meter.meter, line.currency)
            groups.setdefault(key, []).append(meter)
    return {key: _meter_sums(group) for key, group in groups.items()}


def _meter_sums(meters: list[MeterLine]) -> tuple[Any, ...]:
    listed = [(meter.quantity, meter.unit_price) for meter in meters]
    saved = [(meter.quantity, _difference(meter.uncached_price, meter.unit_price)) for meter in meters]
    return (
        added([meter.quantity for meter in meters]),
        decimal(added([meter.cost for meter in meters])),
        decimal(added([meter.cost_usd for meter in meters])),
        _worth(listed),
        _worth(saved),
    )


def _difference(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def _worth(quantities: list[tuple[int | None, Decimal | None]]) -> Decimal | None:
    known = [count * Fraction(price) for count, price in quantities if count is not None and price is not None]
    return decimal(pico(sum(known, Fraction()))) if known else None


def _sums(lines: list[CostLine]) -> Sums:
    money: dict[str, Any] = {name: _money(getattr(line, name) for line in lines) for name in MONEY}
    counts: dict[str, Any] = {name: added([getattr(line, name) for line in lines]) for name in COUNTS}
    return Sums(
        **money,
        **counts,
        provisional_cost=_money(line.cost for line in lines if line.is_provisional),
        usage_rows=sum(line.is_first_day for line in lines),
        unpriced_rows=sum(line.cost_basis == "unpriced" for line in lines),
        unconverted_rows=sum(line.cost_basis in CONVERTIBLE and line.cost_usd is None for line in lines),
    )


def _money(parts: Iterable[Decimal | None]) -> Decimal | None:
    return decimal(added([None if part is None else in_pico(part) for part in parts]))


def _read_all(answers: Iterable[Answer], readings: Readings) -> list[Read]:
    latest = {_window(answer): answer for answer in answers}
    return [read(answer, readings[answer.integration]) for answer in latest.values()]


def _window(answer: Answer) -> WindowOf:
    return answer.account_id, answer.report, answer.window_start


def _emails(results: Iterable[Read]) -> dict[tuple[str, str], str]:
    """Return the e-mail last observed with each user id: by latest start, then the last in the alphabet."""
    observed: dict[tuple[str, str], tuple[datetime, str]] = {}
    for result in results:
        for row in result.rows:
            if row.user_id and row.email:
                user = result.answer.account_id, row.user_id
                observation = row.start, row.email
                observed[user] = max(observed.get(user, observation), observation)
    return {user: email for user, (_, email) in observed.items()}


def _user_key(row: Row, account_id: str, emails: Mapping[tuple[str, str], str]) -> str:
    if row.email:
        return row.email
    if row.user_id:
        return emails.get((account_id, row.user_id), f"{account_id}:{row.user_id}")
    return NONE
