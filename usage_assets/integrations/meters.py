"""Meters of a row: the quantities that a price applies to, and the paths into the row that a profile has for them.

A meter is named as the price book names its unit, without `_tokens`. The numbers that a vendor writes may contain each
other: an input that includes what was read from the cache. The load subtracts the contained numbers, so that every
token is in one meter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

INPUT = ("input", "input_audio", "input_image", "input_video")
CACHE_READ = ("cache_read", "cache_audio_read", "cache_image_read")
CACHE_WRITE = ("cache_write", "cache_write_1h", "cache_audio_write", "cache_image_write")
OUTPUT = ("output", "output_audio", "output_image", "output_video")
CALLS = ("web_search", "social_search", "storage_search", "rerank_search", "code_execution")
TOKEN_METERS = (*INPUT, *CACHE_READ, *CACHE_WRITE, *OUTPUT)
METERS = (*TOKEN_METERS, *CALLS)
COUNTS = ("reasoning", "requests", "sessions")
"""Numbers that have a column of their own and no price."""
QUANTITIES = (*METERS, *COUNTS)
IGNORED = "ignored"
"""Counts that repeat others, such as totals: nothing reads them beside counts that are read."""
NOT_TOKENS = "not_tokens"
"""Numbers with names like token counts that count no tokens, such as limits."""
UNREAD = (IGNORED, NOT_TOKENS)
LIST = "[]"

PATH = re.compile(r'[^."\\*\[\]]+(?:\[\])?(?:\.[^."\\*\[\]]+(?:\[\])?)*')


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Paths whose numbers are added."""

    sum: list[str]


Source: TypeAlias = str | Sum
Sources: TypeAlias = Source | list[Source]
"""Where a quantity is read: the first source that holds a number counts."""


@dataclass(frozen=True)
class Quantity:
    """A meter or count of a profile, with the paths of each of its sources in order."""

    name: str
    sources: tuple[tuple[str, ...], ...]


def quantities(meters: Mapping[str, Sources]) -> list[Quantity]:
    """Return the quantities that a profile has paths for, in the order of `QUANTITIES`."""
    return [Quantity(name, _source_paths(meters[name])) for name in QUANTITIES if meters.get(name)]


def known_paths(meters: Mapping[str, Sources]) -> set[str]:
    """Return every path that a profile reads a number at."""
    return {path for quantity in quantities(meters) for source in quantity.sources for path in source}


def check_meters(meters: Mapping[str, Sources]) -> None:
    """Check the table `meters` of a profile.

    Raises:
        ValueError: A name is no meter, a path cannot be read, or a sum cannot be added.
    """
    for name, sources in meters.items():
        if name not in {*QUANTITIES, *UNREAD}:
            raise ValueError(
                f"meters.{name} is no meter: it must be one of {', '.join(QUANTITIES)}, {' or '.join(UNREAD)}"
            )
        for source in _source_paths(sources):
            for path in source:
                check_path(f"meters.{name}", path, lists=True)
            if len({path.partition(LIST)[0] if LIST in path else None for path in source}) != 1:
                raise ValueError(f"meters.{name} holds the sum {list(source)}: add paths of the row, or of one list")


def check_path(setting: str, path: str, *, lists: bool = False) -> None:
    """Check a path into the row.

    Raises:
        ValueError: It is no path, or it walks a list where `lists` is false, or more than one list.
    """
    if PATH.fullmatch(path) is None:
        raise ValueError(f"{setting} holds {path!r}: write a path as members with dots between, such as usage.in")
    if path.count(LIST) > int(lists) or path.endswith(LIST):
        raise ValueError(f"{setting} holds {path!r}: " + ("a path walks one list" if lists else "no list is walked"))


def check_includes(name: str, parts: Sequence[str]) -> None:
    """Check the list of meters whose numbers another meter's number includes.

    Raises:
        ValueError: A name is no meter, or the meter itself.
    """
    for part in parts:
        if part not in METERS or part == name:
            raise ValueError(f"{name}_includes holds {part!r}: it must be one of the other meters")


def _source_paths(sources: Sources) -> tuple[tuple[str, ...], ...]:
    given = sources if isinstance(sources, list) else [sources]
    return tuple(tuple(source.sum) if isinstance(source, Sum) else (source,) for source in given)
