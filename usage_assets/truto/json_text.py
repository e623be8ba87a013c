"""Cut JSON text into its parts by strings and brackets alone, so that a parser's objection to one part costs that part.

The parts are not checked: a part may hold NaN, bytes that are no UTF-8, or any depth of nesting.
"""

from __future__ import annotations

import re

WHITESPACE = b" \t\r\n"
STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
TOKEN = re.compile(STRING + rb'|[\[\]{},"]', re.DOTALL)
MEMBER = re.compile(rb"(" + STRING + rb")[ \t\r\n]*:[ \t\r\n]*", re.DOTALL)
CLOSING = {b"[": b"]", b"{": b"}"}


def parts_of(text: bytes) -> list[bytes]:
    """Return the elements of a JSON array, or the members of a JSON object, each as its own text.

    Raises:
        ValueError: The text is no array or object, or it is truncated or has brackets that do not match.
    """
    stripped = text.strip(WHITESPACE)
    if stripped[:1] not in CLOSING:
        raise ValueError("it is no JSON array or object")
    *commas, end = _boundaries(stripped)
    if end != len(stripped) - 1:
        raise ValueError("it has text after its end")
    starts = [1, *(comma + 1 for comma in commas)]
    parts = [stripped[start:stop].strip(WHITESPACE) for start, stop in zip(starts, [*commas, end], strict=True)]
    if parts == [b""]:
        return []
    if b"" in parts:
        raise ValueError("it has an empty element")
    return parts


def members_of(text: bytes) -> list[tuple[bytes, bytes]]:
    """Return the names, in quotes, and the values of a JSON object, each as its own text.

    Raises:
        ValueError: The text is no object, or `parts_of` cannot cut it.
    """
    if not text.lstrip(WHITESPACE).startswith(b"{"):
        raise ValueError("it is no JSON object")
    members = []
    for part in parts_of(text):
        name = MEMBER.match(part)
        if name is None or name.end() == len(part):
            raise ValueError("it has a member without name or value")
        members.append((name[1], part[name.end() :]))
    return members


def _boundaries(text: bytes) -> list[int]:
    """Return the positions of the commas between the parts, and of the bracket that closes the text."""
    commas, expected = list[int](), list[bytes]()
    for token in TOKEN.finditer(text):
        sign = token[0]
        if sign in CLOSING:
            expected.append(CLOSING[sign])
        elif sign in (b"]", b"}"):
            if expected.pop() != sign:
                raise ValueError("its brackets do not match")
            if not expected:
                return [*commas, token.start()]
        elif sign == b"," and len(expected) == 1:
            commas.append(token.start())
        elif sign == b'"':
            break
    raise ValueError("it is truncated")
