"""A line of an explanation, and the words that every part of it shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from usage_assets.explain.exact import plain


@dataclass(frozen=True)
class Said:
    """One line; `contradicts` where two figures that must agree do not."""

    text: str
    contradicts: bool = False


def printable(text: str) -> str:
    """Returns `text` without control characters, which names out of the data may hold."""
    return "".join(character for character in text if character.isprintable())


def counted(rows: int, what: str = "row") -> str:
    """Returns `1 row`, `2 rows`."""
    return f"{rows} {what}" if rows == 1 else f"{rows} {what}s"


def amount(money: Decimal | None) -> str:
    """Returns the amount; the word for none where it is NULL, which is not 0."""
    return "none" if money is None else plain(money)


def moment(at: datetime) -> str:
    """Returns a UTC time; the day alone where it is a midnight."""
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M:%S} UTC"
