"""Minor units of currencies by ISO 4217: a cent is 0.01 USD, the yen has none, a fils is 0.001 KWD."""

from __future__ import annotations

from functools import cache

from iso4217 import Currency

from usage_assets.integrations.profiles import Profile


@cache
def exponents() -> dict[str, int]:
    """Return the number of decimals of each currency that has a minor unit, or 0, by its code."""
    return {currency.code: currency.exponent for currency in Currency if currency.exponent is not None}


def amounts_per_unit(profile: Profile, currency: str) -> int | None:
    """Return how many units of a vendor's amounts make a unit of a currency; None if its minor unit is not known."""
    if not profile.divides_by_minor_units:
        return profile.amount_divisor
    exponent = exponents().get(currency)
    return None if exponent is None else int(10**exponent)
