"""Recompute a cost row from its facts: charges, tokens and prices, the share of the day, currency conversion.

It repeats the rules of the warehouse's SQL on purpose, so that each checks the other. Pure functions of decimals.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from usage_assets.explanation.exact import EXACT, Formula, added, less_absolute, multiplied, plain, rounded, share_of
from usage_assets.explanation.facts import USD, Charge, CostRow

PARTS = ("on_demand", "committed", "usage_based", "platform_fee")
DEDUCTIONS = ("discount", "credit")
SUMMED = {"net": ("net",), "total": ("total",), "components": (*PARTS, *DEDUCTIONS), "included": ("included",)}
KNOWN = {"net", "total", "included", "tax", *PARTS, *DEDUCTIONS}
COUNTS = {
    "uncached input": ("input_tokens", "input_price"),
    "cached input": ("cached_input_tokens", "cached_input_price"),
    "cache write": ("cache_write_tokens", "cache_write_price"),
    "output": ("output_tokens", "output_price"),
}
MAX_RATE = Decimal(10) ** 6
MAX_MONEY = Decimal(10) ** 24


@dataclass(frozen=True, kw_only=True)
class Recomputation:
    """The amounts of a cost row, recomputed, with each step on the way. A step that does not apply is None.

    Attributes:
        bill: The sum of the charges of the whole API row that `cost_rule` selects.
        included: The value of charges that a plan includes; they cost nothing.
        bill_tax: The tax of the whole API row.
        not_added: Charges of known types that the rule leaves out.
        unknown: Charges of unknown types.
        tokens: The tokens of the whole API row, as text; None if the cost row has none.
        estimate: The tokens at the prices of the row's first day, in USD; None without a price.
        share: The day's share of the cost of an API row longer than a day.
        tax_share: The day's share of its tax.
        conversion: The cost in USD, of an estimate in the row's currency; None without a usable exchange rate.
        cost: The cost.
        tax: The tax.
        cost_usd: The cost in USD.
    """

    bill: Formula | None
    included: Formula | None
    bill_tax: Formula | None
    not_added: tuple[Charge, ...]
    unknown: tuple[Charge, ...]
    tokens: str | None
    estimate: Formula | None
    share: Formula | None
    tax_share: Formula | None
    conversion: Formula | None
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None


def recompute(row: CostRow, units_per_usd: Decimal | None) -> Recomputation:
    """Recompute a cost row from its API row, which must not have been replaced.

    Args:
        row: The cost row.
        units_per_usd: The price of a dollar in the row's currency, to convert an estimate.
    """
    bill, bill_tax, estimate = bill_of(row.own_charges, row.cost_rule), tax_of(row.own_charges), estimate_of(row)
    whole = {"billed": bill, "included": bill, "estimated": estimate}.get(row.cost_basis)
    share, tax_share = _share(row, whole), _share(row, bill_tax)
    day, tax = share or whole, tax_share or bill_tax
    conversion = _conversion(row, day.value, units_per_usd) if day and row.currency != USD else None
    cost = cost_usd = day.value if day else None
    if row.currency != USD:
        cost_usd = conversion.value if conversion else None
    if needs_units_per_usd(row):
        # An estimate is in USD. Without a rate to the row's currency, both `cost` and `cost_usd` are NULL.
        cost, cost_usd = cost_usd, cost if conversion else None
    return Recomputation(
        bill=bill,
        included=_sum(row.own_charges, ["included"]) if row.cost_rule == "included" else None,
        bill_tax=bill_tax,
        not_added=_left_out(row.own_charges, row.cost_rule),
        unknown=tuple(charge for charge in row.own_charges if charge.type not in KNOWN),
        tokens=_token_text(row),
        estimate=estimate,
        share=share,
        tax_share=tax_share,
        conversion=conversion,
        cost=cost,
        tax=tax.value if tax else None,
        cost_usd=cost_usd,
    )


def needs_units_per_usd(row: CostRow) -> bool:
    """Return whether an estimate, which is in USD, is converted to another currency."""
    return row.cost_basis == "estimated" and row.currency != USD


def bill_of(charges: Collection[Charge], rule: str) -> Formula | None:
    """Return the cost of charges in one currency by a charge rule, None by a rule without cost."""
    if rule not in SUMMED:
        return None
    if rule == "included":
        return Formula("0", Decimal(0))
    if rule != "components":
        return _sum(charges, SUMMED[rule])
    cost = _sum(charges, PARTS)
    for kind in DEDUCTIONS:
        if any(charge.type == kind for charge in charges):
            cost = less_absolute(cost, _sum(charges, [kind]))
    return cost


def tax_of(charges: Collection[Charge]) -> Formula | None:
    """Return the tax of charges in one currency, None without one."""
    return _sum(charges, ["tax"]) if any(charge.type == "tax" for charge in charges) else None


def estimate_of(row: CostRow) -> Formula | None:
    """Return the estimate of the whole API row in USD, None if the cost row has no priced tokens."""
    counts = _counts(row)
    prices = {name: getattr(row, price) for name, (_, price) in COUNTS.items() if name in counts}
    if not counts or None in prices.values():
        return None
    products = [EXACT.multiply(Decimal(count), prices[name]) for name, count in counts.items()]
    text = " + ".join(f"{count} {name} × {plain(prices[name])}" for name, count in counts.items())
    return rounded(Formula(text, added(products).value))


def _counts(row: CostRow) -> dict[str, int]:
    if row.currency != row.counting_currency:
        return {}
    return {name: count for name, (tokens, _) in COUNTS.items() if (count := getattr(row, tokens))}


def _token_text(row: CostRow) -> str | None:
    return " + ".join(f"{count} {name}" for name, count in _counts(row).items()) or None


def _left_out(charges: Collection[Charge], rule: str) -> tuple[Charge, ...]:
    return tuple(charge for charge in charges if charge.type in KNOWN - {"tax", *SUMMED.get(rule, ())})


def _sum(charges: Collection[Charge], types: Collection[str]) -> Formula:
    return added(charge.amount for kind in types for charge in charges if charge.type == kind)


def _share(row: CostRow, whole: Formula | None) -> Formula | None:
    if whole is None or not row.is_long or row.days is None or row.day_number is None:
        return None
    return share_of(whole.value, row.days, row.day_number)


def _conversion(row: CostRow, amount: Decimal, units_per_usd: Decimal | None) -> Formula | None:
    rate = units_per_usd if needs_units_per_usd(row) and row.fx_rate is not None else row.fx_rate
    if rate is None:
        return None
    exact = multiplied(amount, rate)
    is_too_large = rate >= MAX_RATE or exact.value.copy_abs() >= MAX_MONEY
    return None if is_too_large and not needs_units_per_usd(row) else rounded(exact)
