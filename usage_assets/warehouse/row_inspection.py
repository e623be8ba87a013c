"""Inspect a parsed row for tokens that no path of the profile reads, and for values that may change its price.

A total that the profile ignores is such a token if no other token of its row is read. Pure. Most rows of a vendor have
the same members, so one example says whether the rows of its shape need a look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from usage_assets.integrations.price_context import names_a_context, unread
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import ignored_token_fields, unknown_token_fields

INSPECTED = ("usage", "remote_data", "model")
LONGEST_COUNT = 18
MOST_COUNTS = 12


@dataclass(frozen=True)
class Inspection:
    """What no rule of the profile reads in one row.

    Attributes:
        tokens: The count of each token field that nothing reads, by its path.
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
    """Yield the fields of a row that may describe usage: of some of its members, and those outside any member."""
    for member in INSPECTED:
        yield from fields(row.get(member), member)
    yield from ((name, value) for name, value in row.items() if isinstance(value, str | int | float))


def empty_places(part: Any, path: str) -> Iterator[str]:
    """Yield the path of every null and empty list in a part of a row, where another row may hold a value."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from empty_places(inner, f"{path}.{name}")
    elif not part and (part is None or isinstance(part, list)):
        yield path


class RowInspector:
    """Inspects the rows of one integration.

    Args:
        profile: The profile of the integration.
        groups: The objects of which all rows of one shape have the same members.
    """

    def __init__(self, profile: Profile, groups: Collection[str]) -> None:
        self._profile = profile
        self._groups = groups
        self._read = set(profile.context_rules.paths)
        # Rows repeat their paths, and each question about a path searches all paths of the profile.
        self._is_unknown = cache(lambda path: bool(unknown_token_fields([path], profile)))
        self._is_ignored = cache(lambda path: bool(ignored_token_fields([path], profile)))
        self._is_context = cache(lambda path: path not in self._read and names_a_context(path))

    def needs_inspection(self, example: dict[str, Any]) -> bool:
        """Return whether the rows of a shape need a look at their values; `example` is one of them."""
        paths = _paths(example)
        return (
            any(self._is_unknown(path) or self._is_context(path) for path in paths)
            or any(map(_is_in_list_of_objects, paths))
            or any(path not in self._groups for member in INSPECTED for path in _objects(example.get(member), member))
        )

    def has_ignored_tokens(self, example: dict[str, Any]) -> bool:
        """Return whether the rows of a shape may hold a total, so that those without another token need a look."""
        return any(map(self._is_ignored, _paths(example)))

    def inspect(self, row: dict[str, Any], counts: Sequence[int], *, has_tokens: bool) -> Inspection:
        """Return what no rule of the profile reads in a row.

        Args:
            row: The row.
            counts: The counts that were read, which do not contain each other. A field that equals one of them or a
                sum of several states them once more.
            has_tokens: Whether a token of the row was read; if not, its totals state tokens that nothing reads.
        """
        unknown, totals, context = Counter[str](), Counter[str](), dict[str, str]()
        for path, value in inspected_fields(row):
            if self._is_unknown(path):
                unknown[path] += as_count(value) or 0
            if not has_tokens and self._is_ignored(path):
                totals[path] += as_count(value) or 0
            if self._is_context(path):
                context |= unread(path, _text(value))
        stated = _sums(counts) if any(unknown.values()) else set[int]()
        unstated = {path: count for path, count in unknown.items() if abs(count) not in stated}
        return Inspection({path: count for path, count in {**unstated, **totals}.items() if count}, context)


def as_count(value: object) -> int | None:
    """Return the whole number that a value states, None for another value."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value) if isinstance(value, int | str) else ""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and digits.isascii() and len(digits) <= LONGEST_COUNT else None


def _paths(example: dict[str, Any]) -> list[str]:
    """Return the path of every field of a row, also of those without a value."""
    empty = (path for member in INSPECTED for path in empty_places(example.get(member), member))
    return [*(path for path, _ in inspected_fields(example)), *empty]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_in_list_of_objects(path: str) -> bool:
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
