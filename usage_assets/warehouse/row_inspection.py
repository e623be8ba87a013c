"""Inspect a parsed row for tokens that no path of the profile reads, and for values that may change its price.

Pure. Most rows of a vendor have the same members, so one example says whether the rows of its shape need a look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from usage_assets.integrations.price_context import names_a_context, unread
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import unknown_token_fields

INSPECTED = ("usage", "remote_data")
LONGEST_COUNT = 18
MOST_COUNTS = 12


@dataclass(frozen=True)
class Inspection:
    """What no rule of the profile reads in one row.

    Attributes:
        tokens: The count of each unknown token field, by its path.
        context: The pair of each value that may change the price.
    """

    tokens: dict[str, int]
    context: dict[str, str]


def fields(row: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and value of every text, number and boolean in a part of a row."""
    if isinstance(row, dict):
        for name, inner in row.items():
            yield from fields(inner, f"{path}.{name}" if path else name)
    elif isinstance(row, list):
        for inner in row:
            yield from fields(inner, f"{path}[]")
    elif row is not None:
        yield path, row


def inspected_fields(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the members of a row that describe usage."""
    for member in INSPECTED:
        yield from fields(row.get(member), member)


def needs_inspection(example: dict[str, Any], profile: Profile, groups: Collection[str]) -> bool:
    """Return whether the rows with the members of `example` need a look at their values.

    Args:
        example: One of these rows.
        profile: The profile of their integration.
        groups: The objects of which all of these rows have the same members.
    """
    paths = [path for path, _ in inspected_fields(example)]
    return (
        bool(unknown_token_fields(paths, profile) or _unread_contexts(paths, profile))
        or any(_is_list_of_objects(path) for path in paths)
        or any(path not in groups for member in INSPECTED for path in _objects(example.get(member), member))
    )


def inspect(row: dict[str, Any], profile: Profile, counts: Sequence[int]) -> Inspection:
    """Return what no rule of the profile reads in a row.

    Args:
        row: The row.
        profile: The profile of its integration.
        counts: The counts that were read, which do not contain each other. A field that equals one of them or a sum
            of several states them once more.
    """
    found = list(inspected_fields(row))
    paths = [path for path, _ in found]
    unknown, contexts = set(unknown_token_fields(paths, profile)), _unread_contexts(paths, profile)
    stated = _sums(counts) if unknown else set[int]()
    tokens, context = dict[str, int](), dict[str, str]()
    for path, value in found:
        count = as_count(value) if path in unknown else None
        if count and abs(count) not in stated:
            tokens[path] = tokens.get(path, 0) + count
        if path in contexts:
            context |= unread(path, _text(value))
    return Inspection(tokens, context)


def as_count(value: object) -> int | None:
    """Return the whole number that a value states, None for another value."""
    if isinstance(value, bool):
        return None
    text = value if isinstance(value, str) else str(int(value)) if _is_whole(value) else ""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and digits.isascii() and len(digits) <= LONGEST_COUNT else None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unread_contexts(paths: Collection[str], profile: Profile) -> set[str]:
    read = set(profile.context_rules.paths)
    return {path for path in paths if names_a_context(path.rpartition(".")[2]) and path not in read}


def _is_list_of_objects(path: str) -> bool:
    return "[]." in path


def _objects(part: Any, path: str) -> Iterator[str]:
    """Yield the path of every object in a part of a row; objects in lists are left out."""
    if isinstance(part, dict):
        yield path
        for name, inner in part.items():
            yield from _objects(inner, f"{path}.{name}")


def _sums(counts: Sequence[int]) -> set[int]:
    """Return every count and every sum of several counts."""
    sums = {0}
    for count in [abs(count) for count in counts if count][:MOST_COUNTS]:
        sums |= {total + count for total in sums}
    return sums - {0}
