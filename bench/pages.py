"""Build the pages of the server: rows from a few templates, with day and ids replaced in place.

Unlike the rows of `truto_sandbox`, all rows have the same shape, so that every row costs the same work.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec

FIRST_DAY = date(2023, 1, 1)
PAGE_MARK = b"PPPPPPPP"
DAY_MARK = b"2001-01-01"
NEXT_DAY_MARK = b"2001-01-02"
TEMPLATES = 8
ACCOUNTS, DAYS, PAGE_ROWS = 20, 5, 1000
INTEGRATION = "claude"
EXACT = Decimal("0.000000000001")
MODELS = ("claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001", "claude-sonnet-4-6")
SURFACES = ("claude_code", "chat", "api", "cowork", "office_agent")
NOTE = "Rows of the benchmark hold the vendor's own record, which is as long as the unified part of the row."


@dataclass(frozen=True)
class Shape:
    """The size of the served data: accounts × days windows, each of `pages` pages of `page_rows` rows."""

    accounts: int
    days: int
    pages: int
    page_rows: int = PAGE_ROWS

    @property
    def rows(self) -> int:
        """The rows of all windows."""
        return self.accounts * self.days * self.pages * self.page_rows

    @property
    def account_ids(self) -> list[str]:
        """The ids of the accounts."""
        return [f"account-{number:04d}" for number in range(self.accounts)]

    @property
    def dates(self) -> list[date]:
        """The days, oldest first."""
        return [FIRST_DAY + timedelta(days=number) for number in range(self.days)]


def shape_of(rows: int) -> Shape:
    """Return a shape of about `rows`: 20 accounts × 5 days, fewer accounts below 100,000 rows."""
    accounts = min(ACCOUNTS, max(1, rows // (DAYS * PAGE_ROWS)))
    return Shape(accounts, DAYS, pages=max(1, round(rows / (accounts * DAYS * PAGE_ROWS))))


@dataclass(frozen=True)
class Expected:
    """The right result of every candidate: rows, their exact cost, and the bytes of all pages."""

    rows: int
    cost: Decimal
    bytes: int


class Pages:
    """The pages of one shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        templates = [_template(number, shape.page_rows) for number in range(TEMPLATES)]
        self._rows = [rows for rows, _ in templates]
        self._costs = [cost for _, cost in templates]

    def page(self, account: int, day: date, page: int) -> bytes:
        """Return the body of one page: its rows and the cursor of the next page."""
        number = self._number(account, (day - FIRST_DAY).days, page)
        rows = self._rows[number % TEMPLATES]
        rows = rows.replace(PAGE_MARK, b"%08d" % number)
        rows = rows.replace(DAY_MARK, str(day).encode()).replace(NEXT_DAY_MARK, str(day + timedelta(days=1)).encode())
        return b"".join((b'{"result":[', rows, self._tail(page)))

    def expected(self) -> Expected:
        """Return the right result for all pages."""
        shape, cost, size = self.shape, Decimal(0), 0
        for account in range(shape.accounts):
            for day in range(shape.days):
                for page in range(shape.pages):
                    number = self._number(account, day, page) % TEMPLATES
                    cost += self._costs[number]
                    size += len(b'{"result":[') + len(self._rows[number]) + len(self._tail(page))
        return Expected(shape.rows, cost, size)

    def _number(self, account: int, day: int, page: int) -> int:
        return (account * max(self.shape.days, 1) + day) * self.shape.pages + page

    def _tail(self, page: int) -> bytes:
        cursor = f'"{page + 1}"' if page + 1 < self.shape.pages else "null"
        return f'],"next_cursor":{cursor},"prev_cursor":null,"result_count":{self.shape.page_rows}}}'.encode()


def _template(number: int, rows: int) -> tuple[bytes, Decimal]:
    """Return the comma-separated rows of one page, with marks for day and ids, and their exact cost."""
    draw = random.Random(number)  # noqa: S311 - the same rows on every machine
    drawn = [_row(row, draw) for row in range(rows)]
    return b",".join(text for text, _ in drawn), sum((cost for _, cost in drawn), Decimal(0))


def _row(number: int, draw: random.Random) -> tuple[bytes, Decimal]:
    cost, user, model = _amount(number, draw), draw.randrange(400), draw.choice(MODELS)
    day, next_day, surface = DAY_MARK.decode(), NEXT_DAY_MARK.decode(), draw.choice(SURFACES)
    row = {
        "id": f"usage_{PAGE_MARK.decode()}_{number:04d}",
        "product": {"id": surface, "name": surface.replace("_", " ").title()},
        "metric_name": "tokens",
        "organization": {"id": "org-8d1353ef", "name": "Northwind"},
        "user": {
            "id": f"user_{user:012x}",
            "email": f"person{user:04d}@northwind.example",
            "name": f"Person {user:04d}",
        },
        "model": {"id": model, "provider": "anthropic"},
        "surface": surface,
        "charges": _charges(number, cost),
        **_usage(draw, model),
        "start_date": f"{day}T00:00:00.000Z",
        "end_date": f"{next_day}T00:00:00.000Z",
        "created_at": f"{next_day}T04:10:00.000Z",
        "updated_at": f"{next_day}T04:10:00.000Z",
    }
    return msgspec.json.encode(row), cost


def _usage(draw: random.Random, model: str) -> dict[str, object]:
    """Return the counts of a row, in the unified members and in the vendor's own."""
    uncached, cached, written, output = (
        draw.randrange(10**5),
        draw.randrange(10**6),
        draw.randrange(10**4),
        draw.randrange(10**4),
    )
    return {
        "usage": {
            "requests": {"total": draw.randrange(1, 200)},
            "sessions": {"distinct": draw.randrange(1, 20)},
            "tokens": {"input": uncached, "cached_input": cached, "cache_write": written, "output": output},
        },
        "remote_data": {
            "actor": {"type": "user", "user_id": f"user_{draw.randrange(400):012x}"},
            "model": model,
            "starting_at": f"{DAY_MARK.decode()}T00:00:00Z",
            "ending_at": f"{NEXT_DAY_MARK.decode()}T00:00:00Z",
            "uncached_input_tokens": uncached,
            "cache_read_input_tokens": cached,
            "cache_creation": {"ephemeral_5m_input_tokens": written},
            "output_tokens": output,
            "is_batch": False,
            "note": NOTE,
        },
    }


def _amount(number: int, draw: random.Random) -> Decimal:
    """Return an amount of two, six or twelve decimals; every fiftieth has more digits than a double holds."""
    if number % 50 == 0:
        return draw.randrange(10**17, 10**18) * EXACT
    decimals = (2, 6, 12)[number % 3]
    return draw.randrange(1, 5 * 10**decimals) * Decimal(1).scaleb(-decimals)


def _charges(number: int, cost: Decimal) -> list[dict[str, object]]:
    charges: list[dict[str, object]] = [_charge("net", cost)]
    if number % 4 == 0:
        charges.append(_charge("tax", Decimal("0.19")))
    return charges


def _charge(kind: str, amount: Decimal) -> dict[str, object]:
    return {"amount": msgspec.Raw(f"{amount:f}".encode()), "currency": "USD", "type": kind}
