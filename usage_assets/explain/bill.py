"""The bill of one cost row: which charges cost, by which rule, and which stand apart. Pure arithmetic in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from usage_assets.explain.exact import EXACT, equation, plain, sum_text, total
from usage_assets.explain.facts import Charge

PARTS = ("on_demand", "committed", "usage_based", "platform_fee")
TAKEN_OFF = ("discount", "credit")
SUMMED = {"net": ("net",), "total": ("total",), "components": (*PARTS, *TAKEN_OFF), "included": ("included",)}
KNOWN = {"net", "total", "included", "tax", *PARTS, *TAKEN_OFF}


@dataclass(frozen=True)
class Bill:
    """What the charges of one currency come to, and how that is said."""

    cost: Decimal | None
    tax: Decimal | None
    lines: list[str]


def bill_of(charges: list[Charge], rule: str) -> Bill:
    """Returns the bill by the rule that `cost` names."""
    lines, cost = list[str](), None
    if rule in SUMMED:
        said, cost = RULES[rule](charges)
        lines.append(f"{rule}: {said}")
    if tax := _amounts(charges, ["tax"]):
        lines.append(f"tax, apart: {equation(sum_text(tax), total(tax))}")
    if beside := [charge for charge in charges if _is_beside(charge, rule)]:
        lines.append(f"stand beside it, not added: {_named(beside)}{_leading(rule, beside)}")
    if unknown := [charge for charge in charges if charge.type not in KNOWN]:
        lines.append(f"of unknown type, not summed: {_named(unknown)}")
    return Bill(cost, total(tax) if tax else None, lines)


def _added(charges: list[Charge], rule: str) -> tuple[str, Decimal]:
    amounts = _amounts(charges, SUMMED[rule])
    return equation(sum_text(amounts), total(amounts)), total(amounts)


def _components(charges: list[Charge]) -> tuple[str, Decimal]:
    parts = _amounts(charges, PARTS)
    written, cost = sum_text(parts), total(parts)
    for kind in TAKEN_OFF:
        if amounts := _amounts(charges, [kind]):
            written += f" - |{sum_text(amounts)}|"
            cost = EXACT.subtract(cost, EXACT.abs(total(amounts)))
    return equation(written, cost), cost


def _included(charges: list[Charge]) -> tuple[str, Decimal]:
    said, _ = _added(charges, "included")
    return f"0, worth {said}", Decimal(0)


RULES = {
    "net": lambda charges: _added(charges, "net"),
    "total": lambda charges: _added(charges, "total"),
    "components": _components,
    "included": _included,
}


def _amounts(charges: Iterable[Charge], kinds: Iterable[str]) -> list[Decimal]:
    """The amounts of these types, type by type in the order given."""
    charges = list(charges)
    return [charge.amount for kind in kinds for charge in charges if charge.type == kind]


def _is_beside(charge: Charge, rule: str) -> bool:
    return charge.type in KNOWN - {"tax"} and charge.type not in SUMMED.get(rule, ())


def _leading(rule: str, beside: list[Charge]) -> str:
    """The profile's setting, where net and total are both there and it decided between them."""
    other = {"net": "total", "total": "net"}.get(rule)
    decided = other in {charge.type for charge in beside}
    return f' (leading_charge = "{rule}" in the profile)' if decided else ""


def _named(charges: list[Charge]) -> str:
    return ", ".join(f"{charge.type or '(none)'} {plain(charge.amount)}" for charge in charges)
