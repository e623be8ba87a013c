"""One cost row, reckoned anew from its facts: bill or estimate, the day's share, the other currency, in sentences.

Pure. What was reckoned is handed back beside the sentences, for whoever compares it with the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from usage_assets.explain.bill import bill_of
from usage_assets.explain.days import place_of, share_of
from usage_assets.explain.estimate import Estimate, estimate_of
from usage_assets.explain.exact import plain, product, rounded, rounded_equation
from usage_assets.explain.facts import USD, CostRow

LARGEST_RATE = Decimal(10) ** 6
LARGEST_MONEY = Decimal(10) ** 24


@dataclass
class Figure:
    """What a cost row comes to by its facts, and the sentences that say how."""

    cost: Decimal | None = None
    tax: Decimal | None = None
    cost_usd: Decimal | None = None
    lines: list[str] = field(default_factory=list)


def figure_of(row: CostRow, units_per_usd: Decimal | None) -> Figure:
    """Reckons `row` anew.

    Args:
        row: a cost row whose API row is still there.
        units_per_usd: what a dollar is worth in its currency; asked for only where an estimate needs it.
    """
    bill, estimate = bill_of(row.own_charges, row.cost_rule), estimate_of(row)
    figure = Figure(lines=[*bill.lines, *_about_tokens(row, estimate)])
    whole = bill.cost if row.cost_basis in {"billed", "included"} else None
    if row.cost_basis == "estimated" and estimate is not None:
        whole = estimate.cost_usd
    figure.cost, figure.tax = _shares(row, whole, bill.tax, figure.lines)
    if row.cost_basis == "estimated":
        _convert_estimate(row, figure, units_per_usd)
    else:
        _convert_bill(row, figure)
    return figure


def needs_units_per_usd(row: CostRow) -> bool:
    """Returns whether an estimate, which is in USD, stands in another currency."""
    return row.cost_basis == "estimated" and row.currency != USD


def _about_tokens(row: CostRow, estimate: Estimate | None) -> list[str]:
    whole = " of the whole row" if row.is_long else ""
    if row.cost_basis == "none":
        return [_nothing_to_price(row)]
    if estimate is None:
        return []
    if row.cost_basis == "estimated":
        return [f"estimate{whole}: {estimate.line}"]
    if row.cost_basis == "unpriced":
        return [_unpriced(estimate)]
    if row.cost_basis == "covered":
        worth = "without a price" if estimate.cost_usd is None else f"worth {plain(estimate.cost_usd)} USD"
        covered = f"covered: tokens {worth} stand under another bill, {_covering(row)}"
        return [covered, f"their estimate{whole}, not added: {estimate.line}"]
    return [] if estimate.cost_usd is None else [f"for comparison, not added, the estimate{whole}: {estimate.line}"]


def _nothing_to_price(row: CostRow) -> str:
    if row.currency != row.counting_currency:
        return f"no cost: no charge that costs; tokens and estimate stand on the row's {row.counting_currency} line"
    return "no cost: neither a charge that costs nor tokens to price"


def _unpriced(estimate: Estimate) -> str:
    if estimate.cost_usd is None:
        return f"unpriced: {estimate.line}"
    return f"unpriced: no price was noted when it was derived, or its estimate is beyond 1e26: {estimate.line}"


def _covering(row: CostRow) -> str:
    if any(charge.currency != row.currency for charge in row.charges):
        return "that of the same row in another currency"
    return 'that of the account\'s rows with charges (bills_by = "charges" in the profile)'


def _shares(
    row: CostRow, whole: Decimal | None, tax: Decimal | None, lines: list[str]
) -> tuple[Decimal | None, Decimal | None]:
    """What of the row stands on the day."""
    span = row.span
    if span is None:
        return whole, tax
    if whole is None:
        lines.append(place_of(span))
    else:
        whole, said = share_of(span, whole)
        lines.append(f"{place_of(span)}: {said} {USD if row.cost_basis == 'estimated' else row.currency}")
    if tax is not None:
        tax, said = share_of(span, tax)
        lines.append(f"tax of that day: {said} {row.currency}")
    return whole, tax


def _convert_bill(row: CostRow, figure: Figure) -> None:
    """Adds the cost in USD to a figure in the row's currency."""
    if figure.cost is None or row.currency == USD:
        figure.cost_usd = figure.cost
    elif row.fx_rate is None:
        figure.lines.append(f"in USD: no rate of {row.currency} is known, so cost_usd is none")
    elif _is_beyond(figure.cost, row.fx_rate):
        figure.lines.append(f"in USD: at {plain(row.fx_rate)} USD per {row.currency} beyond what the table holds")
    else:
        exact = product(figure.cost, row.fx_rate)
        figure.cost_usd = rounded(exact)
        written = f"{plain(figure.cost)} × {plain(row.fx_rate)}"
        rate = f"{USD} per {row.currency}, {_rate(row)}"
        figure.lines.append(f"in USD: {rounded_equation(written, exact)} ({rate})")


def _convert_estimate(row: CostRow, figure: Figure, units_per_usd: Decimal | None) -> None:
    """Puts a figure in USD, as an estimate is, into the row's currency."""
    figure.cost_usd = figure.cost
    if figure.cost is None or row.currency == USD:
        return
    if row.fx_rate is None or units_per_usd is None:
        figure.lines.append(f"in {row.currency}: no rate is known, so cost and cost_usd are none")
        figure.cost = figure.cost_usd = None
        return
    exact = product(figure.cost, units_per_usd)
    written = f"{plain(figure.cost)} × {plain(units_per_usd)}"
    rate = f"{row.currency} per {USD}, {_rate(row)}; cost_usd is the estimate itself"
    figure.lines.append(f"in {row.currency}: {rounded_equation(written, exact)} ({rate})")
    figure.cost = rounded(exact)


def _is_beyond(money: Decimal, rate: Decimal) -> bool:
    return rate >= LARGEST_RATE or abs(product(money, rate)) >= LARGEST_MONEY


def _rate(row: CostRow) -> str:
    return f"rate of {row.fx_date}{', stale' if row.fx_stale else ''}"
