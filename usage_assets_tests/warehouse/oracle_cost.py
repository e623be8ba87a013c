"""Compute the cost lines of one row: one cost per currency, the estimate, and the split over days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from usage_assets_tests.warehouse.oracle_money import added, decimal, pico, shares, times
from usage_assets_tests.warehouse.oracle_rows import PRICED, Answer, Reading, Row
from usage_assets_tests.warehouse.oracle_times import ONE_DAY, days_of

NONE = "(none)"
PARTS = ("on_demand", "committed", "usage_based", "platform_fee")

Price: TypeAlias = Callable[[str, str, date], tuple[Decimal, Decimal, Decimal, Decimal] | None]
Rate: TypeAlias = Callable[[str, date], tuple[Decimal, Decimal] | None]


@dataclass(frozen=True)
class Bill:
    """The sums of the charges of one currency, in pico."""

    billed: int | None = None
    rule: str = "none"
    list_cost: int | None = None
    tax: int | None = None


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One line of the table `cost`; `is_first_day` marks the day on which a split row is counted."""

    usage_date: date
    account_id: str
    row_id: str
    provider: str
    model: str
    surface: str
    user_key: str
    product_id: str
    metric_name: str
    organization_id: str
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


@dataclass(frozen=True)
class Rules:
    """The inputs to the cost of a row besides the row."""

    price: Price
    rate: Rate
    canonical: Callable[[str], str]


def bill_of(charges: Mapping[str, int], leading: tuple[str, ...]) -> Bill:
    """Return one cost for charge types that overlap."""
    billed, rule = _billed(charges, leading)
    return Bill(billed, rule, _list_cost(charges), charges.get("tax"))


def _billed(charges: Mapping[str, int], leading: tuple[str, ...]) -> tuple[int | None, str]:
    for kind in leading:
        if kind in charges:
            return charges[kind], kind
    if any(kind in charges for kind in (*PARTS, "discount", "credit")):
        return sum(charges.get(kind, 0) for kind in PARTS) - _reductions(charges), "components"
    return (0, "included") if "included" in charges else (None, "none")


def _list_cost(charges: Mapping[str, int]) -> int | None:
    parts = added([charges.get(kind) for kind in PARTS])
    before = charges["net"] + _reductions(charges) if "net" in charges else None
    base = next((view for view in (charges.get("total"), parts, before) if view is not None), None)
    return added([base, charges.get("included")])


def _reductions(charges: Mapping[str, int]) -> int:
    return abs(charges.get("discount", 0)) + abs(charges.get("credit", 0))


def lines_of(row: Row, answer: Answer, reading: Reading, user_key: str, rules: Rules) -> Iterator[CostLine]:
    """Return every line of the row in `cost`, per currency and day."""
    bills = {code: bill_of(charges, reading.leading) for code, charges in row.charges.items()} or {"USD": Bill()}
    carrier = "USD" if "USD" in bills else min(bills)
    members = _dimensions(row, answer, reading, user_key, rules)
    estimate = _estimate(row, members["provider"], members["model"], rules.price)
    is_covered = reading.bills_by == "charges" or any(bill.rule != "none" for bill in bills.values())
    days = days_of(row.start, row.end, answer.fetched_at)
    for code, bill in bills.items():
        counts = row.counts if code == carrier else {}
        line_estimate = estimate if code == carrier else None
        basis = _basis(bill, has_tokens=_has_tokens(counts), is_covered=is_covered, estimate=line_estimate)
        split = _Split(bill, line_estimate, counts, basis, len(days))
        rule = "price_book" if basis == "estimated" else bill.rule
        for i, day in enumerate(days):
            place: dict[str, Any] = {"usage_date": day, "is_first_day": i == 0, "currency": code}
            figures = {**split.money(i, day, code, rules.rate), **split.counts(i)}
            yield CostLine(**members, **place, cost_basis=basis, cost_rule=rule, **figures)


def _dimensions(row: Row, answer: Answer, reading: Reading, user_key: str, rules: Rules) -> dict[str, Any]:
    return {
        "account_id": answer.account_id,
        "row_id": row.row_id,
        "provider": row.provider or reading.vendor,
        "model": rules.canonical(row.model_id) if row.model_id else NONE,
        "surface": row.surface or NONE,
        "user_key": user_key,
        "product_id": row.product_id or NONE,
        "metric_name": row.metric_name or NONE,
        "organization_id": row.organization_id or NONE,
        "allocation": "prorated" if row.end - row.start > ONE_DAY else "exact",
        "is_provisional": not answer.is_final,
    }


def _basis(bill: Bill, *, has_tokens: bool, is_covered: bool, estimate: int | None) -> str:
    if bill.rule != "none":
        return "included" if bill.rule == "included" else "billed"
    if not has_tokens:
        return "none"
    if is_covered:
        return "covered"
    return "unpriced" if estimate is None else "estimated"


def _has_tokens(counts: Mapping[str, int | None]) -> bool:
    return any(counts.get(name) for name in PRICED)


def _estimate(row: Row, provider: str, model: str, price: Price) -> int | None:
    """Return the USD (pico) of all tokens at the prices of the row's first day, rounded once."""
    prices = price(provider, model, row.start.date()) if row.model_id and _has_tokens(row.counts) else None
    if prices is None:
        return None
    counts = [row.counts.get(name) or 0 for name in PRICED]
    return pico(sum((n * Fraction(unit) for n, unit in zip(counts, prices, strict=True)), Fraction()))


class _Split:
    """The split of one row in one currency over its days."""

    def __init__(
        self, bill: Bill, estimate: int | None, counts: Mapping[str, int | None], basis: str, days: int
    ) -> None:
        self._basis = basis
        self._billed, self._list, self._tax, self._estimate = (
            shares(total, days) for total in (bill.billed, bill.list_cost, bill.tax, estimate)
        )
        self._counts = {name: shares(counts.get(name), days) for name in (*PRICED, "requests", "sessions")}

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
        columns = {name: f"{name}_tokens" if name in PRICED else name for name in self._counts}
        return {columns[name]: parts[i] for name, parts in self._counts.items()}


def _converted(amount: int | None, factor: Decimal | None) -> int | None:
    return None if amount is None or factor is None else times(amount, factor)
