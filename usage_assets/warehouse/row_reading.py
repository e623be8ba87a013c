"""Decide which paths of a profile are read in the rows of a batch, and convert them to parameters of `load/stage.sql`.

A profile has about sixty paths and a row holds about ten of them. Only the paths that some row of the batch holds are
read: searching a row for all of them takes twice as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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


@dataclass(frozen=True)
class RowReading:
    """What is read in the rows of a batch.

    Attributes:
        profile: The profile of the integration.
        quantities: Every quantity of the profile, with those of its sources that a row may hold.
        context_paths: The paths of the price context that a row may hold.
        lists: The paths of lists whose elements may hold counts.
    """

    profile: Profile
    quantities: list[Quantity]
    context_paths: list[str]
    lists: list[str]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of `load/stage.sql`."""
        profile = self.profile
        return {
            "vendor": profile.vendor or profile.name,
            "currency": profile.currency and profile.currency.strip().upper(),
            "end_is_inclusive": profile.row_end == "inclusive",
            "keeps_duplicates": profile.duplicates == "keep",
            "units_per_amount": UNITS_PER_AMOUNT[profile.amount_divisor],
            "minor_units": minor_units() if profile.divides_by_minor_units else None,
            **_places_of_counts(self),
            **_parts_of_counts(self),
        }


def reading_of(profile: Profile, held: Collection[str]) -> RowReading:
    """Return what is read in rows that hold no other paths than `held`."""
    found = quantities(profile.meters)
    return RowReading(
        profile,
        [Quantity(quantity.name, _held_sources(quantity, held)) for quantity in found],
        [path for path in profile.context_rules.paths if path in held],
        [path for path in _lists(found) if path in held],
    )


def held_paths(profile: Profile, members: Iterable[Sequence[Sequence[str] | None]]) -> set[str]:
    """Return the paths of all members in the objects of `groups_of`, given the members of each object in each shape."""
    groups = groups_of(profile)
    return {
        name if group == ROW else f"{group}.{name}"
        for of_shape in members
        for group, names in zip(groups, of_shape, strict=True)
        for name in names or ()
    }


def _held_sources(quantity: Quantity, held: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sources without the paths that no row holds; a path into a list counts if the list is held."""
    parted = (tuple(path for path in source if path.partition(LIST)[0] in held) for source in quantity.sources)
    return tuple(source for source in parted if source)


def json_path(dotted: str) -> str:
    """Return a dotted path in DuckDB's notation, its members quoted."""
    return ROW if dotted == ROW else ROW + "".join(f'."{member}"' for member in dotted.split("."))


def groups_of(profile: Profile) -> list[str]:
    """Return the objects of a row whose members make its shape: the row, those that the profile reads, common ones."""
    counts = [path for quantity in quantities(profile.meters) for source in quantity.sources for path in source]
    read = {path.partition(LIST)[0] for path in (*counts, *profile.context_rules.paths)}
    objects = {parent for path in read for parent in _parents(path)}
    return [ROW, *sorted({"usage", "remote_data", "model", *objects, *OBJECTS_OF_VENDORS})]


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


def _places_of_counts(reading: RowReading) -> dict[str, Any]:
    """Return all paths, and where those of each quantity stand among them; a row is searched for all paths at once."""
    own, elements = places_of(reading.quantities, in_list=False), places_of(reading.quantities, in_list=True)
    models = [path.partition(f"{LIST}.")[2] for path in reading.profile.list_models]
    return {
        "paths": [json_path(path) for path in (*own.paths, *reading.context_paths, *reading.lists)],
        "count_paths": len(own.paths),
        "context_paths": len(reading.context_paths),
        "sums": own.sums,
        "sources": own.sources,
        "element_paths": [json_path(path) for path in elements.paths],
        "element_sums": elements.sums,
        "element_sources": elements.sources,
        "element_models": [json_path(path) for path in models],
    }


def _parts_of_counts(reading: RowReading) -> dict[str, Any]:
    """Return which quantities contain others, and which make the columns of `usage`."""
    names = [quantity.name for quantity in reading.quantities]
    return {
        "includes": [
            [names.index(part) + 1 for part in _parts(reading.profile, name) if part in names] for name in names
        ],
        "token_meters": sum(name in TOKEN_METERS for name in names),
        "input_meters": _numbers(names, INPUT),
        "cache_read_meters": _numbers(names, CACHE_READ),
        "cache_write_meters": _numbers(names, CACHE_WRITE),
        "output_meters": _numbers(names, OUTPUT),
        "reasoning": _numbers(names, ["reasoning"]),
        "requests": next(iter(_numbers(names, ["requests"])), 0),
        "sessions": next(iter(_numbers(names, ["sessions"])), 0),
    }


def _parts(profile: Profile, name: str) -> list[str]:
    """Return the meters that a meter includes, each once: without those that are in another of them."""
    parts = profile.includes.get(name, [])
    within = {inner for part in parts for inner in profile.includes.get(part, [])}
    return [part for part in dict.fromkeys(parts) if part not in within]


def _numbers(names: Sequence[str], wanted: Iterable[str]) -> list[int]:
    """Return the places of the `wanted` quantities among `names`, from 1."""
    return [names.index(name) + 1 for name in wanted if name in names]


def _lists(found: Iterable[Quantity]) -> list[str]:
    """Return the paths of the lists whose elements hold quantities, each once."""
    paths = (path for quantity in found for source in quantity.sources for path in source if LIST in path)
    return list(dict.fromkeys(path.partition(LIST)[0] for path in paths))


@cache
def minor_units() -> dict[str, list[str]]:
    """Return one minor unit of each currency in units of that currency, as a DuckDB map of texts."""
    return {
        "key": list(exponents()),
        "value": [str(Decimal(1).scaleb(-exponent)) for exponent in exponents().values()],
    }
