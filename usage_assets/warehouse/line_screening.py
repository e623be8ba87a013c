"""Screen the lines of a landing file before DuckDB reads them: which cannot be loaded and why, which need a repair.

DuckDB fails a whole statement over one line that is not JSON, and reads some lines that other parsers refuse. Pure
functions over bytes. A page is looked at as a whole first; its lines are parsed one by one only if it is suspicious.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from usage_assets.landing.lines import lines_in

MOST_BYTES = 16_000_000
MOST_DEPTH = 100
SHOWN_BYTES = 20_000

DEEP = (b"}}}}}}}}", b"]]]]]]]]", b"]}]}]}]}")
"""How a text that nests deep ends in most cases; a text that nests very deep is found by its parser."""
# An escaped backslash, a surrogate pair, or half a pair.
SURROGATES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
OPENING, CLOSING = frozenset("{["), frozenset("}]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')


class AnyObject(msgspec.Struct):
    """An object of which no member is read."""


ROWS = msgspec.json.Decoder(AnyObject)


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be loaded: the reason, and its text with every unreadable byte escaped."""

    reason: str
    text: str


@dataclass(frozen=True)
class RepairedLine:
    """A line that is loaded with U+FFFD in place of characters that no text can hold."""

    line: bytes


def is_suspicious(page: bytes) -> bool:
    """Return whether a page may have a line that cannot be loaded as it is."""
    return (
        (len(page) > MOST_BYTES and max(map(len, page.split(b"\n"))) > MOST_BYTES)
        or any(sign in page for sign in DEEP)
        or not _is_utf8(page)
        or not _holds_objects(page)
    )


def screened(page: bytes) -> Iterator[tuple[int, BadLine | RepairedLine]]:
    """Yield the number within the page, from 1, of each line that cannot be loaded as it is."""
    if is_suspicious(page):
        for number, line in enumerate(lines_in([page]), start=1):
            reason = reason_against(line)
            repaired = line if reason else repaired_line(line)
            if reason:
                yield number, BadLine(reason, shown_text(line))
            elif repaired != line:
                yield number, RepairedLine(repaired)


def reason_against(line: bytes) -> str | None:
    """Return why a line cannot be loaded; None if it can."""
    if len(line) > MOST_BYTES:
        return f"the row has {len(line):,} bytes, and {MOST_BYTES:,} are the most"
    if not _is_utf8(line):
        return "the row is not UTF-8"
    if b"\x00" in line:
        return "the row holds a NUL character"
    if not line.lstrip().startswith(b"{"):
        return "the row is not an object"
    if depth(line.decode()) > MOST_DEPTH:
        return f"the row nests deeper than {MOST_DEPTH} levels"
    return _json_error(line)


def repaired_line(line: bytes) -> bytes:
    """Return the line with U+FFFD for each half of a surrogate pair, which JSON can write and no text can hold."""
    return SURROGATES.sub(lambda found: rb"\ufffd" if found["half"] else found[0], line)


def depth(text: str) -> int:
    """Return how deep the objects and lists of a JSON text nest."""
    level = deepest = 0
    for token in STRUCTURE.finditer(text):
        level += (token[0] in OPENING) - (token[0] in CLOSING)
        deepest = max(deepest, level)
    return deepest


def shown_text(line: bytes) -> str:
    """Return the text of a line for people: unreadable bytes and control characters escaped, a long line truncated."""
    text = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line[:SHOWN_BYTES].decode(errors="backslashreplace"))
    return text if len(line) <= SHOWN_BYTES else f"{text}… ({len(line):,} bytes)"


def _json_error(line: bytes) -> str | None:
    try:
        json.loads(line, parse_constant=_refuse, parse_int=str)
    except json.JSONDecodeError as error:
        return f"the row is not JSON ({error.msg} at character {error.pos})"
    except NotJson as error:
        return f"the row holds {error}, which is not JSON"
    return None


class NotJson(ValueError):
    """A constant that Python reads and JSON does not have."""


def _refuse(constant: str) -> NoReturn:
    raise NotJson(constant)


def _holds_objects(page: bytes) -> bool:
    """Return whether every line is an object by the strictest parser; it refuses half a surrogate pair, too."""
    try:
        return len(ROWS.decode_lines(page)) == page.count(b"\n")
    except (msgspec.DecodeError, RecursionError):
        return False


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
