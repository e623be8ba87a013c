"""Charges composed around an intended cost, in the ways vendors state one. All amounts in millionths."""

from decimal import Decimal

from truto_sandbox.items import Bill, money


def net_of_discount(cost: int, currency: str, percent: int) -> Bill:
    """List price, discount and what is left of it."""
    discount = cost * percent // 100
    charges = (("total", money(cost + discount)), ("discount", money(discount)), ("net", money(cost)))
    return Bill(currency, money(cost), charges)


def net_with_tax(cost: int, currency: str, percent: int) -> Bill:
    """A net amount, with the tax on it apart."""
    tax = money(cost * percent // 100)
    return Bill(currency, money(cost), (("net", money(cost)), ("total", money(cost)), ("tax", tax)), tax)


def total_only(cost: int, currency: str) -> Bill:
    """One total and nothing else."""
    return Bill(currency, money(cost), (("total", money(cost)),))


def total_after(cost: int, currency: str, discount: int, credit: int, tax: int) -> Bill:
    """A total from which discount and credit are already taken; both stand beside it, below zero."""
    told = (("discount", -discount), ("credit", -credit), ("tax", tax))
    charges = (("total", money(cost)), *((kind, money(amount)) for kind, amount in told if amount))
    return Bill(currency, money(cost), charges, money(tax))


def commitment(committed: int, on_demand: int, currency: str) -> Bill:
    """What was committed to, what came on top, and their total."""
    parts = (("committed", money(committed)), ("on_demand", money(on_demand)))
    total = money(committed + on_demand)
    return Bill(currency, total, (*parts, ("total", total)))


def included(value: int, currency: str) -> Bill:
    """Usage that the subscription covers: worth something, costing nothing."""
    return Bill(currency, Decimal(0), (("included", money(value)),))


def usage_with_fee(cost: int, currency: str, credit: int) -> Bill:
    """Usage and a platform fee, less a credit, without any total: their sum is the cost."""
    fee = (cost + credit) // 20
    usage = ("usage_based", money(cost + credit - fee))
    reduction = (("credit", money(credit)),) if credit else ()
    return Bill(currency, money(cost), (usage, ("platform_fee", money(fee)), *reduction))


def fee_less_discount(cost: int, currency: str, discount: int) -> Bill:
    """A fee and the discount on it, without any total."""
    charges = (("platform_fee", money(cost + discount)), ("discount", money(-discount)))
    return Bill(currency, money(cost), charges)
