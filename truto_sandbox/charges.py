"""Build charges for an intended cost, in the forms that vendors use. Amounts are in millionths."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def money(micros: int) -> Decimal:
    """Return millionths as an exact amount without trailing zeros."""
    amount = Decimal(micros).scaleb(-6)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


@dataclass(frozen=True, slots=True)
class Charges:
    """The charges of one row, with the cost and tax that they must result in.

    Attributes:
        currency: Currency of all amounts.
        cost: The intended cost, without tax.
        amounts: Type and amount of each charge.
        tax: The tax on the cost.
    """

    currency: str
    cost: Decimal
    amounts: tuple[tuple[str, Decimal], ...]
    tax: Decimal = Decimal(0)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the charges as the API shows them."""
        return [{"amount": amount, "currency": self.currency, "type": kind} for kind, amount in self.amounts]


def net_of_discount(cost: int, currency: str, percent: int) -> Charges:
    """Return a total at list price, a discount and the net amount."""
    discount = cost * percent // 100
    return _charges(currency, cost, [("total", cost + discount), ("discount", discount), ("net", cost)])


def net_with_tax(cost: int, currency: str, percent: int) -> Charges:
    """Return a net amount, an equal total and the tax."""
    tax = cost * percent // 100
    return _charges(currency, cost, [("net", cost), ("total", cost), ("tax", tax)], tax)


def total_only(cost: int, currency: str) -> Charges:
    """Return a total alone."""
    return _charges(currency, cost, [("total", cost)])


def total_after(cost: int, currency: str, discount: int, credit: int, tax: int) -> Charges:
    """Return a negative discount, a negative credit, and a total that already includes both."""
    others = [("discount", -discount), ("credit", -credit), ("tax", tax)]
    return _charges(currency, cost, [("total", cost), *((kind, amount) for kind, amount in others if amount)], tax)


def commitment(committed: int, on_demand: int, currency: str) -> Charges:
    """Return a committed amount, an on-demand amount and their total."""
    total = committed + on_demand
    return _charges(currency, total, [("committed", committed), ("on_demand", on_demand), ("total", total)])


def included(value: int, currency: str) -> Charges:
    """Return the value of usage that a subscription includes; it costs nothing."""
    return _charges(currency, 0, [("included", value)])


def usage_with_fee(cost: int, currency: str, credit: int) -> Charges:
    """Return usage, a platform fee and a credit without a total; the cost is their sum."""
    fee = (cost + credit) // 20
    parts = [("usage_based", cost + credit - fee), ("platform_fee", fee)]
    return _charges(currency, cost, [*parts, ("credit", credit)] if credit else parts)


def fee_less_discount(cost: int, currency: str, discount: int) -> Charges:
    """Return a platform fee and a negative discount without a total."""
    return _charges(currency, cost, [("platform_fee", cost + discount), ("discount", -discount)])


def _charges(currency: str, cost: int, amounts: Iterable[tuple[str, int]], tax: int = 0) -> Charges:
    return Charges(currency, money(cost), tuple((kind, money(amount)) for kind, amount in amounts), money(tax))
