"""What a vendor reports, before it is JSON: the intended cost and tokens, and the row made from them.

The ledger sums what stands here; it never reads a row.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

_ONE = Decimal(1)


def money(micros: int) -> Decimal:
    """Millionths as an exact amount, without trailing zeros."""
    amount = Decimal(micros).scaleb(-6)
    return amount.quantize(_ONE) if amount == amount.to_integral_value() else amount.normalize()


@dataclass(frozen=True, slots=True)
class Bill:
    """What an item is meant to cost, and the charges that say so."""

    currency: str
    cost: Decimal
    charges: tuple[tuple[str, Decimal], ...]
    tax: Decimal = Decimal(0)

    def as_json(self) -> list[Row]:
        """The charges as the API shows them."""
        return [{"amount": amount, "currency": self.currency, "type": kind} for kind, amount in self.charges]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Counts of one item; `uncached` is the input that no cache served, whatever the vendor calls input."""

    uncached: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0
    reasoning: int = 0
    requests: int = 0

    def as_json(self, *, input_includes_cache: bool) -> Row:
        """The `usage.tokens` object in the vendor's convention."""
        return {
            "input": self.uncached + (self.cached if input_includes_cache else 0),
            "cached_input": self.cached,
            "cache_write": self.written,
            "output": self.output,
            "reasoning": self.reasoning,
            "total": self.uncached + self.cached + self.written + self.output,
        }


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a vendor with what it was made from; it covers `days` days from `first_day` on."""

    row: Row
    first_day: date
    bill: Bill | None = None
    tokens: Tokens = field(default_factory=Tokens)
    days: int = 1


def midnight(day: date) -> str:
    """The day's start as the API writes it."""
    return f"{day.isoformat()}T00:00:00.000Z"


def whole_day(day: date) -> Row:
    """Start and exclusive end of a day row."""
    return {"start_date": midnight(day), "end_date": midnight(day + timedelta(days=1))}
