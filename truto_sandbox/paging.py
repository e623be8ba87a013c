"""Pages of a listing and the opaque cursors between them. A cursor is worth nothing with another query."""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from truto_sandbox.errors import bad_request
from truto_sandbox.items import Row
from truto_sandbox.query import Query

DEFAULT_LIMIT = 100
MOST_ROWS = 1000
MOST_ROWS_UNLIMITED = 10_000

_LIMIT = re.compile(r"0*([1-9][0-9]*)")
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a listing: a block, and how many of its rows are passed."""

    block: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows that are made block by block, so that a page costs what it shows.

    Attributes:
        blocks: How many blocks there are, empty ones included.
        rows_of: The rows of one block.
    """

    blocks: int
    rows_of: Callable[[int], Sequence[Row]]

    def rows_from(self, start: Position) -> Iterator[tuple[Position, Row]]:
        """Every row from a place on, with the place where it stands."""
        passed = start.passed
        for block in range(start.block, self.blocks):
            for place, row in enumerate(self.rows_of(block)[passed:], passed):
                yield Position(block, place), row
            passed = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next page starts; None after the last."""

    rows: list[Row]
    following: Position | None


def page_of(listing: Listing, start: Position, limit: int) -> Page:
    """At most `limit` rows from a place on."""
    rows: list[Row] = []
    for position, row in listing.rows_from(start):
        if len(rows) == limit:
            return Page(rows, position)
        rows.append(row)
    return Page(rows, None)


def limit_of(query: Query, most: int = MOST_ROWS, default: int = DEFAULT_LIMIT) -> int:
    """The page size asked for; a greater one than there is is cut without a word."""
    if query.flag("truto_ignore_limit"):
        return MOST_ROWS_UNLIMITED
    text = query.text("limit")
    if text is None:
        return default
    number = _LIMIT.fullmatch(text)
    if number is None:
        raise bad_request(f"limit must be a whole number above 0, not {text!r}")
    return min(int(number[1][:_DIGITS]), most)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads the cursors of one query.

    Attributes:
        bound_to: The resource and the selection that a cursor is good for.
    """

    bound_to: str

    def write(self, position: Position | None) -> str | None:
        """The cursor of a place; None of none."""
        if position is None:
            return None
        place = f"{position.block}.{position.passed}"
        return base64.urlsafe_b64encode(f"{place}.{self._seal(place)}".encode()).decode().rstrip("=")

    def read(self, query: Query) -> Position:
        """The place a request asks for: the start, unless it carries a cursor.

        Raises:
            ApiError: 400 for a cursor of another query, or for none at all.
        """
        cursor = query.text("next_cursor") or query.text("cursor")
        if cursor is None:
            return Position()
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
            place, _, seal = text.rpartition(".")
            block, passed = map(int, place.split("."))
        except ValueError as error:
            raise bad_request("next_cursor is not a cursor of this API") from error
        if seal != self._seal(place):
            raise bad_request("next_cursor belongs to another query")
        return Position(block, passed)

    def _seal(self, place: str) -> str:
        return blake2b(f"{self.bound_to}|{place}".encode(), digest_size=9).hexdigest()
