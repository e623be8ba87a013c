"""Pages of a listing, and the opaque cursors between them. A cursor is valid for one query only."""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from truto_sandbox.errors import bad_request
from truto_sandbox.items import Row
from truto_sandbox.query import Query

DEFAULT_LIMIT = 100
MAX_ROWS = 1000
MAX_ROWS_UNLIMITED = 10_000

_LIMIT = re.compile(r"0*([1-9][0-9]*)")
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Position:
    """A position in a listing: a block and an offset inside it."""

    block: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows that are generated block by block, so that a page generates only the blocks it needs.

    Attributes:
        blocks: Number of blocks, empty ones included.
        rows_of: Returns the rows of one block.
    """

    blocks: int
    rows_of: Callable[[int], Sequence[Row]]

    def rows_from(self, start: Position) -> Iterator[tuple[Position, Row]]:
        """Yield every row from `start` to the end with its position."""
        skipped = start.offset
        for block in range(start.block, self.blocks):
            for offset, row in enumerate(self.rows_of(block)[skipped:], skipped):
                yield Position(block, offset), row
            skipped = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Rows and the start of the next page, None after the last page."""

    rows: list[Row]
    next_start: Position | None


def page_of(listing: Listing, start: Position, limit: int) -> Page:
    """Return at most `limit` rows from `start`."""
    rows: list[Row] = []
    for position, row in listing.rows_from(start):
        if len(rows) == limit:
            return Page(rows, position)
        rows.append(row)
    return Page(rows, None)


def limit_of(query: Query, most: int = MAX_ROWS, default: int = DEFAULT_LIMIT) -> int:
    """Return the requested page size; a larger size than `most` is reduced silently, as in Truto.

    Raises:
        ApiError: 400 for a size that is not a positive integer.
    """
    if query.flag("truto_ignore_limit"):
        return MAX_ROWS_UNLIMITED
    text = query.text("limit")
    if text is None:
        return default
    number = _LIMIT.fullmatch(text)
    if number is None:
        raise bad_request(f"limit must be a positive integer, not {text!r}")
    return min(int(number[1][:_DIGITS]), most)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Encodes and decodes the cursors of one query.

    Attributes:
        query_key: The resource and filters for which the cursors are valid.
    """

    query_key: str

    def encode(self, position: Position | None) -> str | None:
        """Return the cursor of a position, None for None."""
        if position is None:
            return None
        text = f"{position.block}.{position.offset}"
        return base64.urlsafe_b64encode(f"{text}.{self._checksum(text)}".encode()).decode().rstrip("=")

    def start_of(self, query: Query) -> Position:
        """Return where the requested page starts: at the request's cursor, else at the first row.

        Raises:
            ApiError: 400 for an invalid cursor or a cursor of another query.
        """
        cursor = query.text("next_cursor") or query.text("cursor")
        if cursor is None:
            return Position()
        try:
            decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
            text, _, checksum = decoded.rpartition(".")
            block, offset = map(int, text.split("."))
        except ValueError as error:
            raise bad_request("next_cursor is not a cursor of this API") from error
        if checksum != self._checksum(text):
            raise bad_request("next_cursor belongs to another query")
        return Position(block, offset)

    def _checksum(self, text: str) -> str:
        return blake2b(f"{self.query_key}|{text}".encode(), digest_size=9).hexdigest()
