"""Read one answer: rows, rejected rows, dropped rows, and duplicates."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from usage_assets.pricing.names import canonical_model
from usage_assets_tests.warehouse import oracle_times as times
from usage_assets_tests.warehouse.oracle_money import added, amount_of, pico

NO_TYPE = "(no type)"
COLUMNS = {
    "input_tokens": ("input", "input_audio", "input_image", "input_video"),
    "cached_input_tokens": ("cache_read", "cache_audio_read", "cache_image_read"),
    "cache_write_tokens": ("cache_write", "cache_write_1h", "cache_audio_write", "cache_image_write"),
    "output_tokens": ("output", "output_audio", "output_image", "output_video"),
}
TOKENS = tuple(meter for meters in COLUMNS.values() for meter in meters)
CALLS = ("web_search", "social_search", "storage_search", "rerank_search", "code_execution")
METERS = (*TOKENS, *CALLS)
MINOR_DIGITS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}

Meters = dict[str, int | None]


Factor: TypeAlias = tuple[tuple[str, ...], Mapping[str, str], Mapping[str, str], date | None, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class ContextReading:
    """How a price context is read: values by name, factors, plan users.

    A factor is its paths, values, prefixes, first day, and the models without it.
    """

    values: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = field(default_factory=dict)
    factors: tuple[Factor, ...] = ()
    covered: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The settings of a profile for reading rows."""

    vendor: str
    currency: str | None = None
    row_end_inclusive: bool = False
    leading: tuple[str, ...] = ("net", "total")
    amount_divisor: int = 1
    minor_units: bool = False
    reduction_sign: str = "positive"
    bills_by: str = "row"
    meters: Mapping[str, tuple[tuple[str, ...], ...]]
    """The sources of each quantity: paths whose numbers are added."""
    includes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    list_models: tuple[str, ...] = ()
    context: ContextReading = field(default_factory=ContextReading)


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
    workspace_id: str
    resource_id: str
    model_id: str | None
    provider: str | None
    surface: str | None
    user_id: str | None
    email: str | None
    charges: dict[str, dict[str, int]]
    parts: list[tuple[str | None, Meters]]
    """The model id and the meters of each part; most rows have one part."""
    requests: int | None
    sessions: int | None
    price_context: str
    is_covered: bool
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
    return not answer.window_start <= start.date() < answer.window_end


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
        workspace_id=_single_id(raw, "workspace", "id"),
        resource_id=_single_id(raw, "id"),
        provider=_lower(text(raw, "model", "provider")),
        email=_lower(text(raw, "user", "email")),
        charges=_charges(raw.get("charges"), reading),
        parts=parts_of(raw, reading),
        requests=_first_number(raw, reading.meters.get("requests", ())),
        sessions=_first_number(raw, reading.meters.get("sessions", ())),
        price_context=context_of(raw, reading.context, start.date()),
        is_covered=_text_at(raw, reading.context.covered[0]) in reading.context.covered[1],
        updated_at=_updated_at(raw),
        identity=(row_id, start, end, *dimensions.values(), resources, text(raw, "usage", "unit")),
        content=_as_text(raw),
    )


def _single_id(raw: dict[str, Any], *path: str) -> str:
    found = {text(resource, *path) for resource in raw.get("resources") or []} - {None}
    return "(several)" if len(found) > 1 else next((name for name in found if name), "(none)")


def _span(raw: dict[str, Any], answer: Answer, reading: Reading) -> tuple[datetime, datetime]:
    start = times.start_of(raw.get("start_date"))
    if text(raw, "end_date") is None and isinstance(raw.get("end_date"), str | None):
        return start, times.midnight(answer.window_end, start.tzinfo)
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
        yield currency.upper(), kind.lower(), pico(amount / _divisor(currency.upper(), reading))


def _divisor(currency: str, reading: Reading) -> int:
    if not reading.minor_units:
        return reading.amount_divisor
    if currency not in MINOR_DIGITS:
        raise RejectedError("no minor unit")
    return int(10 ** MINOR_DIGITS[currency])


def parts_of(raw: dict[str, Any], reading: Reading) -> list[tuple[str | None, Meters]]:
    """Return the parts of a row: the elements of its list where they hold as many tokens as the row, else the row."""
    own, model = _own_counts(raw, reading), text(raw, "model", "id")
    listed = [
        (_list_model(element, reading), _separate(_counts(element, reading, in_list=True), reading.includes))
        for element in _elements(raw, reading)
    ]
    tokens, own_tokens = _tokens(counts for _, counts in listed), _tokens([_separate(own, reading.includes)])
    is_counted = any(counts.get(name) for _, counts in listed for name in TOKENS)
    if not is_counted or abs(tokens or 0) < abs(own_tokens or 0):
        return [(model, _separate(own, reading.includes))]
    # What the row counts besides tokens is its last part.
    besides = {name: None if name in TOKENS else count for name, count in own.items()}
    first = next((name for name, _ in listed if name is not None), None)
    return [*((name or model, counts) for name, counts in listed), (model or first, besides)]


def _tokens(parts: Iterable[Meters]) -> int | None:
    return added([counts.get(name) for counts in parts for name in TOKENS])


def _own_counts(raw: dict[str, Any], reading: Reading) -> Meters:
    """Return the numbers of a row; where all its token counts are 0, a later path may hold the tokens."""
    own = _counts(raw, reading, in_list=False)
    if added([own.get(name) for name in TOKENS]) == 0:
        others = _counts(raw, reading, in_list=False, zeros=False)
        if any(others.get(name) is not None for name in TOKENS):
            return {name: others[name] if name in TOKENS else count for name, count in own.items()}
    return own


def _counts(raw: dict[str, Any], reading: Reading, *, in_list: bool, zeros: bool = True) -> Meters:
    """Return the numbers of all meters as the vendor writes them, of a row or of an element of its list."""
    found = {}
    for name in METERS:
        sources = [source for source in reading.meters.get(name, ()) if ("[]" in source[0]) == in_list]
        paths = [tuple(path.rpartition("[].")[2] for path in source) for source in sources]
        found[name] = _first_number(raw, paths, zeros=zeros)
    return found


def _separate(counts: Meters, includes: Mapping[str, tuple[str, ...]]) -> Meters:
    """Return the numbers less those that they include, unless these are more."""
    separate = dict(counts)
    for name, parts in includes.items():
        inner = added([_with_inner(counts, part, includes) for part in parts])
        whole = counts.get(name)
        if inner is not None and whole is not None and abs(inner) <= abs(whole):
            separate[name] = whole - inner
    return separate


def _with_inner(counts: Meters, name: str, includes: Mapping[str, tuple[str, ...]]) -> int | None:
    own = counts.get(name)
    return own if own is not None else added([counts.get(part) for part in includes.get(name, ())])


def _elements(raw: dict[str, Any], reading: Reading) -> list[Any]:
    """Return the first list with elements at the paths that walk one."""
    paths = [path for sources in reading.meters.values() for source in sources for path in source if "[]" in path]
    roots = dict.fromkeys(path.partition("[].")[0] for path in paths)
    lists = (_walked(raw, root.split(".")) for root in roots)
    return next((found for found in lists if isinstance(found, list) and found), [])


def _list_model(element: Any, reading: Reading) -> str | None:
    models = (text(element, *path.partition("[].")[2].split(".")) for path in reading.list_models)
    return next((model for model in models if model is not None), None)


def _first_number(raw: Any, sources: Iterable[tuple[str, ...]], *, zeros: bool = True) -> int | None:
    for source in sources:
        found = added([_whole(_walked(raw, path.split("."))) for path in source])
        if found is not None and (found or zeros):
            return found
    return None


def _whole(value: Any) -> int | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return int(value) if is_number and value == int(value) else None


def context_of(raw: dict[str, Any], reading: ContextReading, day: date) -> str:
    """Return the price context of a row as text, sorted pairs, without the values that no rule reads."""
    pairs: dict[str, str] = {}
    for name, (paths, values) in reading.values.items():
        value = _text_at(raw, paths)
        meant = values.get(value, "") if value is not None else ""
        if "=" in meant:
            pairs |= dict([meant.split("=", 1)])
        elif meant:
            pairs[name] = meant
    factor = Decimal(1)
    model = canonical_model(text(raw, "model", "id") or "")
    for paths, values, prefixes, first_day, without in reading.factors:
        value = _text_at(raw, paths)
        is_without = any(re.fullmatch(re.escape(name).replace(r"\*", ".*"), model) for name in without)
        if value is not None and not is_without and (first_day is None or day >= first_day):
            by_prefix = [
                prefixes[prefix] for prefix in sorted(prefixes, key=len, reverse=True) if value.startswith(prefix)
            ]
            factor *= Decimal(values.get(value) or (by_prefix or ["1"])[0])
    if factor != 1:
        pairs["factor"] = f"{factor.normalize():f}"
    return ";".join(f"{name}={value}" for name, value in sorted(pairs.items())) or "(none)"


def _text_at(raw: Any, paths: Iterable[str]) -> str | None:
    found = (_walked(raw, path.split(".")) for path in paths)
    return next((str(value).strip().lower() for value in found if isinstance(value, str | bool | int)), None)


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
