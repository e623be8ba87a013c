"""Recompute a cost row from its facts: charges, meters and prices, the shares of part and day, currency conversion.

It repeats the rules of the warehouse's SQL on purpose, so that each checks the other. Pure functions of decimals.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from usage_assets.explanation.estimates import MeterWorth, estimate_of, share_of_part, worths_of
from usage_assets.explanation.exact import Formula, absolute, added, combined, multiplied, rounded, share_of
from usage_assets.explanation.facts import USD, Charge, CostRow

PARTS = ("on_demand", "committed", "usage_based", "platform_fee")
DEDUCTIONS = ("discount", "credit")
SUMMED = {"net": ("net",), "total": ("total",), "components": (*PARTS, *DEDUCTIONS), "included": ("included",)}
KNOWN = {"net", "total", "included", "tax", *PARTS, *DEDUCTIONS}
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
        meters: The meters of the part, at the prices of the row's first day.
        estimate: Their worth together, in USD; None without a price.
        part_share: The part's share of the bill, if the API row lists several models.
        part_tax: The part's share of the tax.
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
    meters: tuple[MeterWorth, ...]
    estimate: Formula | None
    part_share: Formula | None
    part_tax: Formula | None
    share: Formula | None
    tax_share: Formula | None
    conversion: Formula | None
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None


def recompute(row: CostRow, units_per_usd: Decimal | None, reduction_sign: str) -> Recomputation:
    """Recompute a cost row from its API row, which must not have been replaced.

    Args:
        row: The cost row.
        reduction_sign: The sign of discounts and credits that reduce where they stand alone, by the profile.
        units_per_usd: The price of a dollar in the row's currency, to convert an estimate.
    """
    bill, bill_tax = bill_of(row.own_charges, row.cost_rule, reduction_sign), tax_of(row.own_charges)
    part_share, part_tax = _part_share(row, bill), _part_share(row, bill_tax)
    meters = worths_of(row.own_meters)
    estimate, billed = estimate_of(meters), part_share or bill
    whole = {"billed": billed, "included": billed, "estimated": estimate}.get(row.cost_basis)
    share, tax_share = _share(row, whole), _share(row, part_tax or bill_tax)
    day, tax = share or whole, tax_share or part_tax or bill_tax
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
        meters=meters,
        estimate=estimate,
        part_share=part_share,
        part_tax=part_tax,
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


def bill_of(charges: Collection[Charge], rule: str, reduction_sign: str = "positive") -> Formula | None:
    """Return the cost of charges in one currency by a charge rule, None by a rule without cost.

    Discounts and credits lessen the parts that they stand beside, whatever their sign. Alone, `reduction_sign` says
    which sign reduces; the other takes back.
    """
    if rule not in SUMMED:
        return None
    if rule == "included":
        return Formula("0", Decimal(0))
    if rule != "components":
        return _sum(charges, SUMMED[rule])
    cost, deductions = _sum(charges, PARTS), [kind for kind in DEDUCTIONS if any(c.type == kind for c in charges)]
    is_alone, is_refund = not cost.value, cost.value < 0
    for kind in deductions:
        deduction = _sum(charges, [kind])
        if is_alone:
            cost = combined(cost, deduction, "+" if reduction_sign == "negative" else "-")
        else:
            cost = combined(cost, absolute(deduction), "+" if is_refund else "-")
    return cost


def tax_of(charges: Collection[Charge]) -> Formula | None:
    """Return the tax of charges in one currency, None without one."""
    return _sum(charges, ["tax"]) if any(charge.type == "tax" for charge in charges) else None


def _left_out(charges: Collection[Charge], rule: str) -> tuple[Charge, ...]:
    return tuple(charge for charge in charges if charge.type in KNOWN - {"tax", *SUMMED.get(rule, ())})


def _sum(charges: Collection[Charge], types: Collection[str]) -> Formula:
    return added(charge.amount for kind in types for charge in charges if charge.type == kind)


def _part_share(row: CostRow, whole: Formula | None) -> Formula | None:
    return None if whole is None or row.parts == 1 else share_of_part(row.meters, row.part, whole.value)


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
