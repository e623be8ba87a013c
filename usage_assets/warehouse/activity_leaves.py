"""Read the numbers of a `usage` object or of a part of it. Pure; for objects that the statements cannot read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from usage_assets.integrations.activity_fields import Names

LONGEST_NUMBER = 40
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""A name that may stand in a path of a statement; other names of members are only ever values."""


def is_plain(name: str) -> bool:
    """Return whether a name may stand in a path of a statement."""
    return PLAIN_NAME.fullmatch(name) is not None


def numbers_in(text: str) -> Iterator[tuple[Names, str]]:
    """Yield the names that lead to each number in a JSON text, and the number; nothing of a text that is no JSON.

    Booleans and texts are no numbers. Of equal names in one object the first counts, as in the statements.
    """
    try:
        value = json.loads(text, parse_int=_whole_number, object_pairs_hook=_first_members)
    except (ValueError, RecursionError):
        return
    waiting: list[tuple[Names, Any]] = [((), value)]
    while waiting:
        names, part = waiting.pop()
        if isinstance(part, dict):
            waiting += [((*names, name), inner) for name, inner in part.items()]
        elif isinstance(part, list):
            waiting += [((*names, None), inner) for inner in part]
        elif isinstance(part, int | float) and not isinstance(part, bool):
            yield names, repr(part)


def plain_objects_in(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the names that lead to each object in a JSON text, itself included, as long as they are plain."""
    try:
        value = json.loads(text, parse_int=_whole_number, object_pairs_hook=_first_members)
    except (ValueError, RecursionError):
        return
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while waiting:
        names, part = waiting.pop()
        if isinstance(part, dict):
            yield names
            waiting += [((*names, name), inner) for name, inner in part.items() if is_plain(name)]


def _first_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(reversed(pairs))


def _whole_number(digits: str) -> int | float:
    """Return a number of any length; Python refuses to convert more than 4,300 digits."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)
