"""Convert the settings of a profile to the parameters of `load/stage.sql`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from usage_assets.integrations.meters import (
    CACHE_READ,
    CACHE_WRITE,
    INPUT,
    LIST,
    OUTPUT,
    TOKEN_METERS,
    Quantity,
    quantities,
)
from usage_assets.integrations.minor_units import exponents
from usage_assets.integrations.profiles import Profile

ROW = "$"
UNITS_PER_AMOUNT = {1: "1", 10: "0.1", 100: "0.01", 1000: "0.001"}
OBJECTS_OF_VENDORS = (
    "usage.tokens",
    "usage.requests",
    "usage.sessions",
    "usage.code",
    "usage.activity",
    "remote_data.actor",
    "remote_data.user",
    "remote_data.core_metrics",
    "remote_data.tokenUsage",
    "remote_data.cache_creation",
)
"""Objects that rows are known to have; the inspection of a row with any other object takes longer."""


def reading_parameters(profile: Profile) -> dict[str, Any]:
    """Return the parameters that read rows of `profile`."""
    return {
        "vendor": profile.vendor or profile.name,
        "currency": profile.currency and profile.currency.strip().upper(),
        "end_is_inclusive": profile.row_end == "inclusive",
        "keeps_duplicates": profile.duplicates == "keep",
        "units_per_amount": UNITS_PER_AMOUNT[profile.amount_divisor],
        "minor_units": minor_units() if profile.divides_by_minor_units else None,
        **_count_paths(profile),
    }


def json_path(dotted: str) -> str:
    """Return a dotted path in DuckDB's notation, its members quoted."""
    return "$" + "".join(f'."{member}"' for member in dotted.split("."))


def groups_of(profile: Profile) -> list[str]:
    """Return the objects of a row whose members make its shape: those that the profile reads, and common ones."""
    read = [path for quantity in quantities(profile.meters) for source in quantity.sources for path in source]
    objects = {parent for path in read if LIST not in path for parent in _parents(path)}
    return sorted({"usage", "remote_data", "model", *objects, *OBJECTS_OF_VENDORS})


def _parents(path: str) -> Iterable[str]:
    members = path.split(".")
    return (".".join(members[:length]) for length in range(1, len(members)))


@dataclass(frozen=True)
class Places:
    """Where the sources of quantities stand in one list of paths, from 1.

    Attributes:
        paths: All paths.
        sums: The places of the paths of each sum; the sums are numbered after the paths.
        sources: The places of the sources of each quantity in order.
    """

    paths: list[str]
    sums: list[list[int]]
    sources: list[list[int]]


def places_of(found: Sequence[Quantity], *, in_list: bool) -> Places:
    """Return the places of the paths into the row, or of those into the elements of its list."""
    sources = [[source for source in quantity.sources if (LIST in source[0]) == in_list] for quantity in found]
    paths = [path for own in sources for source in own for path in source]
    numbers, sums, places = count(1), list[list[int]](), list[list[int]]()
    for own in sources:
        places.append([])
        for source in own:
            summed = [next(numbers) for _ in source]
            if len(summed) > 1:
                sums.append(summed)
            places[-1].append(summed[0] if len(summed) == 1 else len(paths) + len(sums))
    return Places([path.rpartition(f"{LIST}.")[2] for path in paths], sums, places)


def _count_paths(profile: Profile) -> dict[str, Any]:
    """Return the paths of all quantities, of the price context and of lists, and where each quantity's paths stand.

    A row is searched for all paths at once.
    """
    found = quantities(profile.meters)
    names = [quantity.name for quantity in found]
    own, elements = places_of(found, in_list=False), places_of(found, in_list=True)
    roots = list(dict.fromkeys(path.partition(f"{LIST}.")[0] for path in _list_paths(found)))
    models = [path.partition(f"{LIST}.")[2] for path in profile.list_models]
    contexts = profile.context_rules.paths
    return {
        "paths": [json_path(path) for path in (*own.paths, *contexts, *roots)],
        "count_paths": len(own.paths),
        "context_paths": len(contexts),
        "sums": own.sums,
        "sources": own.sources,
        "element_paths": [json_path(path) for path in elements.paths],
        "element_sums": elements.sums,
        "element_sources": elements.sources,
        "element_models": [json_path(path) for path in models],
        "includes": [[names.index(part) + 1 for part in _parts(profile, name) if part in names] for name in names],
        "token_meters": sum(name in TOKEN_METERS for name in names),
        "input_meters": _numbers(names, INPUT),
        "cache_read_meters": _numbers(names, CACHE_READ),
        "cache_write_meters": _numbers(names, CACHE_WRITE),
        "output_meters": _numbers(names, OUTPUT),
        "reasoning": _numbers(names, ["reasoning"]),
        "requests": next(iter(_numbers(names, ["requests"])), 0),
        "sessions": next(iter(_numbers(names, ["sessions"])), 0),
        "groups": [ROW, *(json_path(group) for group in groups_of(profile))],
    }


def _parts(profile: Profile, name: str) -> list[str]:
    """Return the meters that a meter includes, each once: without those that are in another of them."""
    parts = profile.includes.get(name, [])
    within = {inner for part in parts for inner in profile.includes.get(part, [])}
    return [part for part in dict.fromkeys(parts) if part not in within]


def _numbers(names: Sequence[str], wanted: Iterable[str]) -> list[int]:
    """Return the places of the `wanted` quantities among `names`, from 1."""
    return [names.index(name) + 1 for name in wanted if name in names]


def _list_paths(found: Iterable[Quantity]) -> list[str]:
    return [path for quantity in found for source in quantity.sources for path in source if LIST in path]


@cache
def minor_units() -> dict[str, list[str]]:
    """Return one minor unit of each currency in units of that currency, as a DuckDB map of texts."""
    return {
        "key": list(exponents()),
        "value": [str(Decimal(1).scaleb(-exponent)) for exponent in exponents().values()],
    }
