"""Make random rows of the usage API, each from its own `random.Random`, in every shape that vendors send."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = (
    *("net", "total", "on_demand", "committed", "usage_based", "platform_fee", "discount", "credit", "included", "tax"),
    *("mystery", " Net", "TOTAL ", "Tax"),
)
CURRENCIES = ("USD", "USD", "USD", "EUR", "GBP", "JPY", "XXX", " usd", "eur ")
MODELS = (
    *("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "claude-4.5-sonnet-thinking", "claude-opus-4-5"),
    *("gpt-5", "gpt-5-mini", "house-model-9", "auto", " gpt-5", " ", None),
)
PROVIDERS = ("anthropic", " OpenAI", "cursor", "Anthropic ", "", None)
SURFACES = ("api", "chat", "claude_code", "composer", "", None)
PEOPLE = (
    *({"id": "u1", "email": "Ann@Acme.com"}, {"id": "u1", "email": " ann@acme.com "}, {"id": "u1"}),
    *({"id": "u1", "email": "ann.new@acme.com"}, {"id": "u2", "email": "bea@acme.com", "name": "Bea"}),
    *(
        {"id": "u2", "email": ""},
        {"id": "u3"},
        {"id": "u3", "email": None},
        {"email": "cid@acme.com"},
        {"id": ""},
        None,
    ),
)
UNREADABLE: tuple[Any, ...] = (
    None,
    True,
    False,
    "",
    "abc",
    "1,5",
    "Infinity",
    "NaN",
    {},
    [],
    Decimal("1E+22"),
    "-1e22",
    Decimal("1E+400"),
)
LENGTHS = (
    *(timedelta(0), HOUR, 23 * HOUR, DAY, DAY, DAY, DAY, DAY, DAY, DAY + timedelta(milliseconds=1)),
    *(25 * HOUR, 2 * DAY, 5 * DAY, 30 * DAY, 31 * DAY),
)
CONTEXTS: tuple[dict[str, Any], ...] = (
    *({"service_tier": tier} for tier in ("standard", "Priority", "flex", "batch", "unheard")),
    *({"speed": "fast"}, {"speed": "fast", "inference_geo": "us"}, {"inference_geo": "global"}, {"is_batch": True}),
    {"customer_type": "subscription"},
)
JUST_BEFORE = (timedelta(seconds=1), timedelta(milliseconds=1), timedelta(microseconds=1))


def rows_of(row_id: str, window: tuple[date, date], divisor: int, rng: Random) -> list[Any]:
    """Return a row in or near `window`, with duplicates of it and rows that differ from it in one dimension."""
    row: dict[str, Any] = {"id": row_id, **_span(window, rng), **_dimensions(rng), **_usage(rng)}
    if rng.random() < 0.65:
        row["charges"] = _charges(divisor, rng)
    elif rng.random() < 0.3:
        row["charges"] = rng.choice(([], None))
    if rng.random() < 0.3:
        row["updated_at"] = _updated(rng)
    if rng.random() < 0.06:
        return [broken(row, rng)]
    if rng.random() < 0.15:
        return [row, *(_alike(row, divisor, rng) for _ in range(rng.randint(1, 3)))]
    return [row]


def broken(row: dict[str, Any], rng: Random) -> Any:
    """Return `row` with a fault for which it is rejected, or a value that is no row."""
    nameless = {"type": "net", "amount": 1, "currency": rng.choice((None, " "))}
    faults: tuple[Any, ...] = (
        *({"id": None}, {"id": " "}, {"start_date": None}, {"start_date": "soon"}, {"end_date": "2026-06-31"}),
        *({"start_date": "2026-02-30T00:00:00Z"}, {"end_date": "later"}, {"end_date": "2026-01-01T00:00:00Z"}),
        {"charges": [*(row.get("charges") or []), nameless]},
        *({"charges": [{"type": "tax", "amount": amount, "currency": "USD"}]} for amount in UNREADABLE),
        {"charges": [{"type": "net", "currency": "USD"}]},
        *("no row", 7, None, []),
    )
    fault = rng.choice(faults)
    return {**row, **fault} if isinstance(fault, dict) else fault


SEVERAL_RESOURCES = [
    {"id": " lkc-1", "workspace": {"id": "env-1"}},
    {"id": "lkc-2", "workspace": {"id": "env-1"}},
    {"id": "", "name": "no id"},
]


def _alike(row: dict[str, Any], divisor: int, rng: Random) -> dict[str, Any]:
    changes: tuple[dict[str, Any], ...] = (
        *({}, {}, {"updated_at": _updated(rng)}, {"charges": _charges(divisor, rng)}),
        {"charges": _charges(divisor, rng), "updated_at": _updated(rng)},
        *({"surface": "office_agent"}, {"product": {"id": "other"}}, {"metric_name": "other"}),
        *(
            {"resources": [{"id": "lkc-9", "name": "other"}]},
            {"organization": {"id": "other"}},
            {"model": {"id": "o3"}},
        ),
    )
    return {**row, **rng.choice(changes)}


def _updated(rng: Random) -> str:
    return f"2026-07-0{rng.randint(1, 3)}T00:00:00Z"


def _dimensions(rng: Random) -> dict[str, Any]:
    product, metric = (
        rng.choice(("KAFKA", "claude_code", " ", None)),
        rng.choice(("tokens", "KAFKA_NUM_CKUS", "", None)),
    )
    given = {
        "product": None if product is None else {"id": product, "name": f"the {product}"},
        "metric_name": metric,
        "organization": rng.choice((None, None, {"id": "org-1", "name": "Acme"}, {"id": "org-2"})),
        "resources": rng.choice((None, [], [{"id": "lkc-1", "workspace": {"id": "env-1"}}], SEVERAL_RESOURCES)),
        "user": rng.choice(PEOPLE),
        "surface": rng.choice(SURFACES),
    }
    if rng.random() < 0.8:
        given["model"] = {"id": rng.choice(MODELS), "provider": rng.choice(PROVIDERS)}
    return {name: value for name, value in given.items() if value is not None or rng.random() < 0.3}


def _usage(rng: Random) -> dict[str, Any]:
    """Return the `usage` object, and token counts as the vendor names them under `remote_data`."""
    usage: dict[str, Any] = {}
    members: dict[str, Any] = {"usage": usage}
    if rng.random() < 0.6:
        usage["tokens"] = _some({name: _count(rng) for name in ("input", "cached_input", "cache_write", "output")}, rng)
    record = _record(rng)
    if record:
        members["remote_data"] = record
    if rng.random() < 0.4:
        usage["requests"] = {"total": _count(rng), "chat": 3}
    if rng.random() < 0.2:
        usage["sessions"] = {"distinct": rng.randint(0, 50)}
    if rng.random() < 0.2:
        usage |= {"quantity": Decimal("24.5"), "unit": "CKU-hour"}
    return members if usage or rng.random() < 0.5 else {}


def _record(rng: Random) -> dict[str, Any]:
    """Return the vendor's own record: token counts that contain each other, models in a list, and the price context."""
    record: dict[str, Any] = {}
    if rng.random() < 0.2:
        record |= _counts(
            ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens"), rng
        )
    if rng.random() < 0.1:
        record["cache_creation"] = _counts(("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"), rng)
    if rng.random() < 0.1:
        record |= _counts(
            ("input_audio_tokens", "input_cached_tokens", "input_cached_audio_tokens", "output_audio_tokens"), rng
        )
    if rng.random() < 0.1:
        record["server_tool_use"] = {"web_search_requests": rng.randint(0, 9)}
    if rng.random() < 0.15:
        record["model_breakdown"] = [
            {"model": rng.choice(MODELS), "tokens": _counts(("input", "cache_read", "cache_creation", "output"), rng)}
            for _ in range(rng.randint(0, 4))
        ]
    if rng.random() < 0.2:
        record |= rng.choice(CONTEXTS)
    return record


def _counts(names: tuple[str, ...], rng: Random) -> dict[str, int | None]:
    return _some({name: _count(rng) for name in names}, rng)


def _some(counts: dict[str, int | None], rng: Random) -> dict[str, int | None]:
    return {name: count for name, count in counts.items() if rng.random() < 0.7}


def _count(rng: Random) -> int | None:
    return rng.choice((None, 0, 0, 1, rng.randint(2, 99), rng.randint(100, 10**6), rng.randint(100, 10**6), 10**12 - 7))


def _charges(divisor: int, rng: Random) -> list[dict[str, Any]]:
    currencies = [rng.choice(CURRENCIES) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    return [
        _charge(rng.choice(KINDS), rng.choice(currencies), divisor, rng) for _ in range(rng.choice((1, 1, 2, 3, 6)))
    ]


def _charge(kind: str, currency: str, divisor: int, rng: Random) -> dict[str, Any]:
    amount = _amount(divisor, rng)
    written: Any = str(amount) if rng.random() < 0.25 else amount
    named = {} if divisor > 1 and rng.random() < 0.3 else {"currency": currency}
    return {"amount": written, "type": kind, **named}


def _amount(divisor: int, rng: Random) -> int | Decimal:
    """Return a readable amount; with more than twelve decimals only if it is not divided."""
    amounts: tuple[int | Decimal, ...] = (
        *(0, rng.randint(1, 500), -rng.randint(1, 500), _scaled(rng.randint(1, 10**6), 2)),
        *(_scaled(rng.randint(1, 10**6), 2), _scaled(-rng.randint(1, 10**15), 12), _scaled(rng.randint(1, 10**15), 12)),
        *(_scaled(rng.randint(1, 10**32), 12), Decimal("1.5E-7"), Decimal("1E+3"), Decimal("0.10")),
        *((_scaled(rng.randint(1, 10**17), 16), Decimal("5E-13")) if divisor == 1 else (1, 2)),
    )
    return rng.choice(amounts) if rng.random() < 0.99 else Decimal("-9999999999999999999999.5")


def _scaled(number: int, decimals: int) -> Decimal:
    return Decimal(f"{number}e-{decimals}")


def _span(window: tuple[date, date], rng: Random) -> dict[str, Any]:
    """Return start and end in one of their formats; one start in ten is in another window."""
    opening, closing = (datetime.combine(day, time(), UTC) for day in window)
    inside = opening + DAY * rng.randrange((closing - opening).days)
    brink = timedelta(milliseconds=1)
    odd = (
        closing - brink,
        closing,
        opening - brink,
        opening - DAY,
        closing + 9 * HOUR,
        inside + 22 * HOUR,
        inside + 12 * HOUR,
    )
    start = rng.choice(odd) if rng.random() < 0.2 else inside
    end = start + rng.choice(LENGTHS)
    if start == inside and rng.random() < 0.15:
        return {"start_date": f"{start.date()}", "end_date": f"{end.date()}"}
    given = {"start_date": _text(start, rng)}
    if rng.random() < 0.1:
        return given if rng.random() < 0.5 else {**given, "end_date": None}
    return {**given, "end_date": _end_text(start, end, rng)}


def _end_text(start: datetime, end: datetime, rng: Random) -> str:
    is_full_hour = end.minute == end.second == end.microsecond == 0
    if is_full_hour and end > start and rng.random() < 0.5:
        return _text(end - rng.choice(JUST_BEFORE), rng)
    return _text(end, rng)


def _text(at: datetime, rng: Random) -> str:
    """Return `at` as text: with Z, without offset, or in another zone of whole hours."""
    zone = rng.choice((None, None, None, None, timezone(2 * HOUR), timezone(-5 * HOUR)))
    if zone is not None:
        return at.astimezone(zone).isoformat()
    bare = at.replace(tzinfo=None)
    text = bare.isoformat(timespec="milliseconds" if at.microsecond % 1000 == 0 and rng.random() < 0.5 else "auto")
    return text if rng.random() < 0.15 else f"{text}Z"
