"""Read one answer: rows, rejected rows, dropped rows, and duplicates."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from usage_assets_tests.warehouse import oracle_times as times
from usage_assets_tests.warehouse.oracle_money import amount_of, pico

NO_TYPE = "(no type)"
PRICED = ("input", "cached_input", "cache_write", "output")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The settings of a profile for reading rows."""

    vendor: str
    currency: str | None = None
    row_end_inclusive: bool = False
    input_includes_cache: bool = False
    leading: tuple[str, ...] = ("net", "total")
    amount_divisor: int = 1
    bills_by: str = "row"
    tokens: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one request; `rows` as in the JSON, amounts exact."""

    account_id: str
    integration: str
    report: str
    window_start: date
    window_end: date
    fetched_at: datetime
    is_final: bool
    rows: list[Any]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A usage row; None for missing values. `charges` are pico by currency and type."""

    line: int
    row_id: str
    start: datetime
    end: datetime
    product_id: str | None
    metric_name: str | None
    organization_id: str | None
    model_id: str | None
    provider: str | None
    surface: str | None
    user_id: str | None
    email: str | None
    charges: dict[str, dict[str, int]]
    counts: dict[str, int | None]
    updated_at: datetime
    identity: tuple[Any, ...]
    content: str


@dataclass(frozen=True)
class Read:
    """The rows of one answer by outcome: `identical` and `differing` count the duplicates of `rows`."""

    answer: Answer
    rows: list[Row]
    rejected: list[int]
    dropped: int
    identical: int
    differing: int


class RejectedError(ValueError):
    """A row that is rejected."""


def read(answer: Answer, reading: Reading) -> Read:
    """Return the rows of `answer` by outcome: dropped before rejected, then duplicates."""
    rows: list[Row] = []
    rejected: list[int] = []
    dropped = 0
    for line, raw in enumerate(answer.rows, start=1):
        if starts_outside(raw, answer):
            dropped += 1
            continue
        try:
            rows.append(_row(line, raw, answer, reading))
        except (RejectedError, times.UnreadableDateError):
            rejected.append(line)
    return _without_duplicates(answer, rows, rejected, dropped)


def starts_outside(raw: Any, answer: Answer) -> bool:
    """Return whether the row has a start in another window."""
    try:
        start = times.start_of(raw.get("start_date") if isinstance(raw, dict) else None)
    except times.UnreadableDateError:
        return False
    return not times.midnight(answer.window_start) <= start < times.midnight(answer.window_end)


def _without_duplicates(answer: Answer, rows: list[Row], rejected: list[int], dropped: int) -> Read:
    alike: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault(row.identity, []).append(row)
    kept = [max(group, key=lambda row: (row.updated_at, row.line)) for group in alike.values()]
    differing = sum(len({row.content for row in group}) - 1 for group in alike.values())
    return Read(answer, kept, rejected, dropped, len(rows) - len(kept) - differing, differing)


def _row(line: int, raw: Any, answer: Answer, reading: Reading) -> Row:
    row_id = text(raw, "id")
    if row_id is None:
        raise RejectedError("no id")
    start, end = _span(raw, answer, reading)
    dimensions = {
        "product_id": text(raw, "product", "id"),
        "metric_name": text(raw, "metric_name"),
        "organization_id": text(raw, "organization", "id"),
        "model_id": text(raw, "model", "id"),
        "surface": text(raw, "surface"),
        "user_id": text(raw, "user", "id"),
    }
    resources = _as_text(raw.get("resources") or [])
    return Row(
        line=line,
        row_id=row_id,
        start=start,
        end=end,
        **dimensions,
        provider=_lower(text(raw, "model", "provider")),
        email=_lower(text(raw, "user", "email")),
        charges=_charges(raw.get("charges"), reading),
        counts=counts_of(raw, reading),
        updated_at=_updated_at(raw),
        identity=(row_id, start, end, *dimensions.values(), resources, text(raw, "usage", "unit")),
        content=_as_text(raw),
    )


def _span(raw: dict[str, Any], answer: Answer, reading: Reading) -> tuple[datetime, datetime]:
    start = times.start_of(raw.get("start_date"))
    if text(raw, "end_date") is None and isinstance(raw.get("end_date"), str | None):
        return start, times.midnight(answer.window_end)
    end = times.end_of(raw["end_date"], row_end_inclusive=reading.row_end_inclusive)
    if end < start:
        raise RejectedError("ends before it starts")
    return start, end


def _charges(charges: Any, reading: Reading) -> dict[str, dict[str, int]]:
    """Return pico by currency and type; every named currency has an entry."""
    by_currency: dict[str, dict[str, int]] = {}
    for currency, kind, amount in _read_charges(charges, reading):
        of_currency = by_currency.setdefault(currency, {})
        of_currency[kind] = of_currency.get(kind, 0) + amount
    return by_currency


def _read_charges(charges: Any, reading: Reading) -> Iterator[tuple[str, str, int]]:
    if not isinstance(charges, list | None):
        raise RejectedError("charges are no list")
    for charge in charges or []:
        amount = amount_of(charge.get("amount")) if isinstance(charge, dict) else None
        if amount is None:
            raise RejectedError("unreadable amount")
        currency = text(charge, "currency") or reading.currency
        if currency is None:
            raise RejectedError("no currency")
        kind = text(charge, "type") or NO_TYPE
        yield currency.upper(), kind.lower(), pico(amount / reading.amount_divisor)


def counts_of(raw: dict[str, Any], reading: Reading) -> dict[str, int | None]:
    """Return the counts by name, input without its cached part."""
    counts = {name: _first_whole(raw, paths) for name, paths in reading.tokens.items()}
    whole, cached = counts.get("input"), counts.get("cached_input")
    if reading.input_includes_cache and whole is not None and cached is not None and cached <= whole:
        counts["input"] = whole - cached
    return counts


def _first_whole(raw: dict[str, Any], paths: Iterable[str]) -> int | None:
    for path in paths:
        value = _walked(raw, path.split("."))
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value):
            return int(value)
    return None


def text(raw: Any, *path: str) -> str | None:
    """Return the text at `path`, trimmed; None if it is missing or blank."""
    value = _walked(raw, path)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def _walked(raw: Any, path: Iterable[str]) -> Any:
    for name in path:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def _updated_at(raw: dict[str, Any]) -> datetime:
    try:
        return times.start_of(raw.get("updated_at"))
    except times.UnreadableDateError:
        return datetime.min.replace(tzinfo=UTC)


def _as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda number: f"number {number}")


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()
