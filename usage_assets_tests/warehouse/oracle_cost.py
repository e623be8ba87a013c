"""Compute the cost lines of one row: one cost per part and currency, the estimate by meters, the split over days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import trunc
from typing import Any, TypeAlias

from usage_assets_tests.warehouse.oracle_money import PICO, added, decimal, in_pico, pico, shares_of, times
from usage_assets_tests.warehouse.oracle_rows import COLUMNS, METERS, TOKENS, Answer, Reading, Row
from usage_assets_tests.warehouse.oracle_times import days_of

NONE = "(none)"
SEVERAL = 2
PARTS = ("on_demand", "committed", "usage_based", "platform_fee")

Price: TypeAlias = Callable[[str, str, str, str, date], Decimal | None]
"""USD per unit by provider, model, price context, meter and day."""
Rate: TypeAlias = Callable[[str, date], tuple[Decimal, Decimal] | None]


@dataclass(frozen=True)
class Bill:
    """The sums of the charges of one currency, in pico."""

    billed: int | None = None
    rule: str = "none"
    list_cost: int | None = None
    tax: int | None = None


@dataclass(frozen=True)
class MeterLine:
    """A meter of a line of `cost`: its quantity that day, its prices, and its share of the cost (pico)."""

    meter: str
    quantity: int | None
    unit_price: Decimal | None
    uncached_price: Decimal | None
    cost: int | None
    cost_usd: int | None


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One line of the table `cost`; `is_first_day` marks the line on which a row is counted."""

    usage_date: date
    account_id: str
    row_id: str
    part: int
    provider: str
    model: str
    surface: str
    user_key: str
    product_id: str
    metric_name: str
    organization_id: str
    workspace_id: str
    resource_id: str
    price_context: str
    currency: str
    cost: Decimal | None
    billed_cost: Decimal | None
    estimated_cost: Decimal | None
    estimated_cost_usd: Decimal | None
    list_cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    cost_basis: str
    cost_rule: str
    allocation: str
    is_provisional: bool
    input_tokens: int | None
    cached_input_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    requests: int | None
    sessions: int | None
    is_first_day: bool
    meters: tuple[MeterLine, ...]


@dataclass(frozen=True)
class Rules:
    """The inputs to the cost of a row besides the row."""

    price: Price
    rate: Rate
    canonical: Callable[[str], str]


def bill_of(charges: Mapping[str, int], leading: tuple[str, ...], reduction_sign: str) -> Bill:
    """Return one cost for charge types that overlap."""
    billed, rule = _billed(charges, leading, reduction_sign)
    return Bill(billed, rule, _list_cost(charges), charges.get("tax"))


def _billed(charges: Mapping[str, int], leading: tuple[str, ...], reduction_sign: str) -> tuple[int | None, str]:
    for kind in leading:
        if kind in charges:
            return charges[kind], kind
    if any(kind in charges for kind in (*PARTS, "discount", "credit")):
        parts = sum(charges.get(kind, 0) for kind in PARTS)
        if parts == 0:
            alone = charges.get("discount", 0) + charges.get("credit", 0)
            return (alone if reduction_sign == "negative" else -alone), "components"
        return parts - _sign(parts) * _reductions(charges), "components"
    return (0, "included") if "included" in charges else (None, "none")


def _list_cost(charges: Mapping[str, int]) -> int | None:
    parts = added([charges.get(kind) for kind in PARTS])
    before = charges["net"] + _sign(charges["net"]) * _reductions(charges) if "net" in charges else None
    base = next((view for view in (charges.get("total"), parts, before) if view is not None), None)
    return added([base, charges.get("included")])


def _reductions(charges: Mapping[str, int]) -> int:
    return abs(charges.get("discount", 0)) + abs(charges.get("credit", 0))


def _sign(amount: int) -> int:
    return -1 if amount < 0 else 1


@dataclass(frozen=True)
class Part:
    """One of the models of a row with its meters other than 0, each with its quantity and prices."""

    number: int
    model: str
    meters: list[tuple[str, int, Decimal | None, Decimal | None]]
    counts: dict[str, int | None]

    @property
    def has_tokens(self) -> bool:
        return any(meter in TOKENS for meter, *_ in self.meters)

    @property
    def estimate(self) -> int | None:
        """USD (pico) of all meters, rounded once; None if a token has no price, or nothing has."""
        worths = {
            meter: None if unit is None else quantity * Fraction(unit) for meter, quantity, unit, _ in self.meters
        }
        known = [worth for worth in worths.values() if worth is not None]
        if not known or any(worth is None for meter, worth in worths.items() if meter in TOKENS):
            return None
        return pico(sum(known, Fraction()))

    @property
    def tokens(self) -> int:
        return sum(quantity for meter, quantity, *_ in self.meters if meter in TOKENS)


def lines_of(row: Row, answer: Answer, reading: Reading, user_key: str, rules: Rules) -> Iterator[CostLine]:
    """Return every line of the row in `cost`, per part, currency and day."""
    charges = row.charges.items()
    bills = {code: bill_of(given, reading.leading, reading.reduction_sign) for code, given in charges} or {
        "USD": Bill()
    }
    carrier = "USD" if "USD" in bills else min(bills)
    members = _dimensions(row, answer, reading, user_key)
    parts = _parts(row, members["provider"], rules)
    is_covered = reading.bills_by == "charges" or any(bill.rule != "none" for bill in bills.values())
    days = days_of(row.start, row.end, answer.fetched_at)
    members["allocation"] = "prorated" if len(days) > 1 else "exact"
    for code, whole in bills.items():
        for part, bill in zip(parts, _parted(whole, parts), strict=True):
            carries = code == carrier
            estimate = part.estimate if carries else None
            basis = _basis(
                bill, has_tokens=carries and part.has_tokens, is_covered=is_covered, estimate=estimate,
                is_plan=carries and row.is_covered,
            )  # fmt: skip
            split = _Split(bill, estimate, part.counts if carries else {}, basis, len(days))
            rule = "price_book" if basis == "estimated" else bill.rule
            own = {**members, "part": part.number, "model": part.model, "cost_basis": basis, "cost_rule": rule}
            is_list_price = basis == "estimated" and code == "USD" and len(days) == 1
            for i, day in enumerate(days):
                money = split.money(i, day, code, rules.rate)
                day_of = _DayOf(i, len(days), counts=carries, is_list_price=is_list_price)
                place: dict[str, Any] = {
                    "usage_date": day,
                    "is_first_day": i == 0 and part.number == 1,
                    "currency": code,
                    "meters": meters_of(part, money, day_of),
                }
                yield CostLine(**own, **place, **money, **split.counts(i))


@dataclass(frozen=True)
class _DayOf:
    """One day of a row: its number from 0, and whether the line has the counts and the list price of its meters."""

    number: int
    days: int
    counts: bool
    is_list_price: bool


def _parts(row: Row, provider: str, rules: Rules) -> list[Part]:
    """Return the parts with meters, numbered from 1; a row without any has one. A single part has the row's counts."""
    used = [(model_id, quantities) for model_id, quantities in row.parts if any(quantities.values())]
    if len(used) < SEVERAL:
        counts = {
            column: added([given.get(m) for _, given in row.parts for m in names]) for column, names in COLUMNS.items()
        }
        model_id, quantities = used[0] if used else (row.model_id, {})
        return [_part(1, model_id, quantities, {**counts, **_row_counts(row)}, row, provider, rules)]
    parts = []
    for number, (model_id, quantities) in enumerate(used, start=1):
        counts = {column: added([quantities.get(m) or None for m in names]) for column, names in COLUMNS.items()}
        first = _row_counts(row) if number == 1 else {}
        parts.append(_part(number, model_id, quantities, {**counts, **first}, row, provider, rules))
    return parts


def _row_counts(row: Row) -> dict[str, int | None]:
    return {"requests": row.requests, "sessions": row.sessions}


def _part(
    number: int,
    model_id: str | None,
    quantities: Mapping[str, int | None],
    counts: dict[str, int | None],
    row: Row,
    provider: str,
    rules: Rules,
) -> Part:
    model = rules.canonical(model_id) if model_id else NONE

    def price(meter: str) -> Decimal | None:
        return None if model == NONE else rules.price(provider, model, row.price_context, meter, row.start.date())

    meters = [
        (meter, count, price(meter), price(_uncached(meter)) if "cache" in meter else None)
        for meter in METERS
        if (count := quantities.get(meter))
    ]
    return Part(number, model, meters, counts)


def _uncached(meter: str) -> str:
    modality = meter.split("_")[1]
    return f"input_{modality}" if modality in {"audio", "image", "video", "text"} else "input"


def _parted(bill: Bill, parts: list[Part]) -> list[Bill]:
    """Return the bill of each part, by the estimates of the parts, else by their tokens; the last gets the rest."""
    if len(parts) == 1:
        return [bill]
    estimates = [part.estimate for part in parts]
    is_unpriced = any(part.estimate is None and part.has_tokens for part in parts)
    weights = [part.tokens for part in parts] if is_unpriced else [given or 0 for given in estimates]
    weights = [max(weight, 0) for weight in weights]
    columns = [_by_weight(amount, weights) for amount in (bill.billed, bill.list_cost, bill.tax)]
    return [Bill(billed, bill.rule, listed, tax) for billed, listed, tax in zip(*columns, strict=True)]


def _by_weight(amount: int | None, weights: list[int]) -> list[int | None]:
    if amount is None:
        return [None] * len(weights)
    whole = sum(weights)
    shares = [trunc(Fraction(amount * weight, whole)) if whole else 0 for weight in weights[:-1]]
    return [*shares, amount - sum(shares)]


def meters_of(part: Part, money: Mapping[str, Decimal | None], day: _DayOf) -> tuple[MeterLine, ...]:
    """Return the meters of one line of `cost` with their shares; `(none)` holds the cost of a line without a price."""
    worths = [None if unit is None else trunc(quantity * Fraction(unit) * PICO) for _, quantity, unit, _ in part.meters]
    cost, cost_usd = (_in_pico(money[name]) for name in ("cost", "cost_usd"))
    shares = zip(_shares(cost, worths, day), _shares(cost_usd, worths, day), strict=True)
    lines = [
        MeterLine(meter, shares_of(quantity, day.days)[day.number] if day.counts else None, unit, uncached, *own)
        for (meter, quantity, unit, uncached), own in zip(part.meters, shares, strict=True)
    ]
    is_placed = any(worth is not None for worth in worths) or (part.meters and cost is None)
    return (*lines, *([] if is_placed else [MeterLine(NONE, None, None, None, cost, cost_usd)]))


def _shares(amount: int | None, worths: list[int | None], day: _DayOf) -> list[int | None]:
    """Return the share of each meter in an amount; the last with a price gets the rest."""
    known = [worth for worth in worths if worth is not None]
    if amount is None or not known:
        return [None] * len(worths)
    if day.is_list_price:
        parted: list[int | None] = [*known[:-1], amount - sum(known[:-1])]
    else:
        parted = _by_weight(amount, [max(worth, 0) for worth in known])
    given = iter(parted)
    return [None if worth is None else next(given) for worth in worths]


def _in_pico(amount: Decimal | None) -> int | None:
    return None if amount is None else in_pico(amount)


def _dimensions(row: Row, answer: Answer, reading: Reading, user_key: str) -> dict[str, Any]:
    return {
        "account_id": answer.account_id,
        "row_id": row.row_id,
        "provider": row.provider or reading.vendor,
        "surface": row.surface or NONE,
        "user_key": user_key,
        "product_id": row.product_id or NONE,
        "metric_name": row.metric_name or NONE,
        "organization_id": row.organization_id or NONE,
        "workspace_id": row.workspace_id,
        "resource_id": row.resource_id,
        "price_context": row.price_context,
        "is_provisional": not answer.is_final,
    }


def _basis(bill: Bill, *, has_tokens: bool, is_covered: bool, estimate: int | None, is_plan: bool) -> str:
    if bill.rule != "none":
        return "included" if bill.rule == "included" else "billed"
    if is_plan:
        return "covered"
    if not has_tokens and estimate is None:
        return "none"
    if is_covered:
        return "covered"
    return "unpriced" if estimate is None else "estimated"


class _Split:
    """The split of one row in one currency over its days."""

    def __init__(
        self, bill: Bill, estimate: int | None, counts: Mapping[str, int | None], basis: str, days: int
    ) -> None:
        self._basis = basis
        self._billed, self._list, self._tax, self._estimate = (
            shares_of(total, days) for total in (bill.billed, bill.list_cost, bill.tax, estimate)
        )
        self._counts = {name: shares_of(counts.get(name), days) for name in (*COLUMNS, "requests", "sessions")}

    def money(self, i: int, day: date, currency: str, rate: Rate) -> dict[str, Any]:
        """Return the money of the day, converted after the split."""
        usd, units = (Decimal(1), Decimal(1)) if currency == "USD" else rate(currency, day) or (None, None)
        billed, in_usd = self._billed[i], self._estimate[i]
        estimated = _converted(in_usd, units)
        cost, cost_usd = billed, _converted(billed, usd)
        if self._basis == "estimated":
            cost, cost_usd = estimated, in_usd if usd is not None else None
        money = {
            "cost": cost,
            "billed_cost": billed,
            "estimated_cost": estimated,
            "estimated_cost_usd": in_usd,
            "list_cost": self._list[i],
            "tax": self._tax[i],
            "cost_usd": cost_usd,
        }
        return {name: decimal(amount) for name, amount in money.items()}

    def counts(self, i: int) -> dict[str, Any]:
        """Return the counts of the day, by column."""
        return {name: parts[i] for name, parts in self._counts.items()}


def _converted(amount: int | None, factor: Decimal | None) -> int | None:
    return None if amount is None or factor is None else times(amount, factor)
