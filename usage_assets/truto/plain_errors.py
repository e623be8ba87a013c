"""Say in plain words why a row of the API cannot be parsed. The parser's own words name types of Python."""

from __future__ import annotations

import re

import msgspec

WRONG_KIND = re.compile(r"Expected `(?P<wanted>\w+)[^`]*`, got `(?P<given>\w+)`(?: - at `\$\.(?P<member>.+)`)?")
MISSING = re.compile(r"Object missing required field `(?P<name>.+?)`(?: - at `\$\.(?P<object>.+)`)?")
KINDS = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def plain_reason(error: Exception) -> str:
    """Return what is wrong with a row that a parser refused, such as "it has no `status`"."""
    if isinstance(error, RecursionError):
        return "it nests too deep"
    if isinstance(error, msgspec.ValidationError):
        return _reason(str(error))
    if isinstance(error, msgspec.DecodeError | UnicodeError):
        return "it is not JSON"
    return str(error)


def _reason(message: str) -> str:
    if found := MISSING.fullmatch(message):
        return f"it has no `{'.'.join(filter(None, (found['object'], found['name'])))}`"
    if found := WRONG_KIND.fullmatch(message):
        subject = f"its `{found['member']}`" if found["member"] else "it"
        given, wanted = (KINDS.get(found[kind], found[kind]) for kind in ("given", "wanted"))
        return f"{subject} is {given} and must be {wanted}"
    return message
