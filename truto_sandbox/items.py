"""Items, which vendors generate: a usage row with its intended cost and tokens.

The ledger sums the cost and tokens; it never reads a row.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from truto_sandbox.charges import Charges

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token and request counts of one item; `uncached` is input without cached tokens, for every vendor."""

    uncached: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0
    reasoning: int = 0
    requests: int = 0

    def as_json(self, *, input_includes_cache: bool) -> Row:
        """Return the `usage.tokens` object in the vendor's convention."""
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
    """A usage row with its cost and tokens; it covers `days` days from `first_day`."""

    row: Row
    first_day: date
    charges: Charges | None = None
    tokens: Tokens = field(default_factory=Tokens)
    days: int = 1


def midnight(day: date) -> str:
    """Return the start of a day as the API writes it."""
    return f"{day.isoformat()}T00:00:00.000Z"


def whole_day(day: date) -> Row:
    """Return the start and the exclusive end of a row that covers one day."""
    return {"start_date": midnight(day), "end_date": midnight(day + timedelta(days=1))}
