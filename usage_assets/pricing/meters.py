"""The meters: what a row is priced by, under the unit names of `genai-prices`.

A meter is named like its unit without `_tokens` (`input`, `cache_write_1h`), searches and executions in the singular
(`web_search`). A unit may be part of others: a one-hour cache write is a cache write, which is input. The book prices
the most specific unit that it knows, so a meter without a price of its own costs what its nearest priced ancestor does.
"""

from __future__ import annotations

import re
from functools import cache

from genai_prices.data_units import unit_data
from genai_prices.units import UnitDef, UnitRegistry

REQUESTS = "requests"
TOKENS = "_tokens"
PLURAL = re.compile(r"(?:(?<=_search)es|(?<=_execution)s)$")

_UNITS = UnitRegistry(unit_data)


@cache
def unit_of(meter: str) -> UnitDef | None:
    """Return the unit of a meter, None for a name that `genai-prices` does not have."""
    names = (f"{meter}{TOKENS}", meter, f"{meter}es", f"{meter}s")
    return next((_UNITS.units[name] for name in names if name in _UNITS.units), None)


@cache
def lineage_of(meter: str) -> tuple[UnitDef, ...]:
    """Return the unit of a meter and every unit that contains it, the most specific first."""
    unit = unit_of(meter)
    if unit is None:
        return ()
    ancestors = [_UNITS.units[key] for key in _UNITS.ancestor_usage_keys(unit.usage_key)]
    return (unit, *sorted(ancestors, key=lambda ancestor: (-len(ancestor.dimensions), ancestor.usage_key)))


def is_token_meter(meter: str) -> bool:
    """Return whether a meter counts tokens."""
    unit = unit_of(meter)
    return unit is not None and is_token_unit(unit)


def is_token_unit(unit: UnitDef) -> bool:
    """Return whether a unit is a token."""
    return unit.dimensions.get("family") == "tokens"


@cache
def token_meters() -> tuple[str, ...]:
    """Return the meters that count tokens."""
    return tuple(key.removesuffix(TOKENS) for key, unit in _UNITS.units.items() if is_token_unit(unit))


@cache
def count_meters() -> tuple[str, ...]:
    """Return the meters that count something other than tokens: searches, executions, seconds, pages, requests."""
    return tuple(_meter_of(key) for key, unit in _UNITS.units.items() if not is_token_unit(unit))


@cache
def usage_keys() -> tuple[str, ...]:
    """Return the units that a request of `genai-prices` may report: all but the request itself."""
    return tuple(key for key in _UNITS.units if key != REQUESTS)


@cache
def price_keys() -> frozenset[str]:
    """Return the names of the prices that a model may have in `genai-prices`."""
    return frozenset(unit.price_key for unit in _UNITS.units.values())


def _meter_of(usage_key: str) -> str:
    return PLURAL.sub("", usage_key)
