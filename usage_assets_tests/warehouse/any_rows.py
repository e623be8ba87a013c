"""Random rows: valid rows in which any member may be any JSON, written in several ways, with random bytes in some."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from usage_assets_tests.warehouse.pipeline import DAY, row

HOSTILE_NAMES = [
    "",
    "*",
    '"',
    "'",
    "\\",
    "$",
    "$.a",
    ".",
    "..",
    "a.b",
    "[]",
    "[0]",
    "a[",
    "#",
    "%",
    "?",
    ";",
    "=",
    "?a=b",
]
HOSTILE_NAMES += [
    "\x00",
    "\x01",
    "\x1b[31m",
    "\n",
    "\u2028",
    "\ud800",
    "\udfff",
    "\U0001f600",
    "é",
    "[/x]",
    "{}",
    "}}}}}}}}",
]
KNOWN_NAMES = [
    "tokens",
    "input",
    "cached_input",
    "cache_write",
    "cache_creation",
    "ephemeral_1h_input_tokens",
    "output",
]
KNOWN_NAMES += [
    "quantity",
    "unit",
    "total",
    "requests",
    "service_tier",
    "speed",
    "batch",
    "inference_geo",
    "id",
    "name",
]
KNOWN_NAMES += ["model_breakdown", "model", "input_tokens", "tokenUsage", "amount", "currency", "type", "workspace"]
KNOWN_NAMES += ["customer_type", "serviceTier", "token_cost", "thinking_tokens", "email", "provider"]
NUMBERS = ["0", "-0", "1", "-1", "1e400", "-1e400", "1E-400", "9.9e21", "1e22", "999999999999999", "1e15", "0.1", "1.0"]
NUMBERS += [
    "12345678901234567890",
    "9223372036854775808",
    "1" * 400,
    "1" * 4301,
    "0." + "3" * 400,
    "-0.0",
    "1e-12",
    "5e-13",
]
TEXTS = [
    "",
    " ",
    "true",
    "NaN",
    "-Infinity",
    "1e15",
    "0x1f",
    "12",
    "12.0",
    "1_000",
    "\x00",
    "\ud83d",
    "null",
    "{}",
    "[]",
]
TEXTS += [
    "2026-06-10",
    "2026-06-10T00:00:00Z",
    "2026-06-10T24:00:00Z",
    "2026-06-10T00:00:00+99:99",
    "infinity",
    "epoch",
]
TEXTS += [
    "2026-06-10T00:00:00.999Z",
    "2026-06-10 00:00:00 BC",
    "9999-12-31T23:59:59Z",
    "294247-01-10",
    "0001-01-01T00:00:00Z",
]
TEXTS += ["2026-06-10T00:00:00+05:30", "2026-06-10T23:59:59-15:59", "2026-06-10T", "2026-06-10TZ", "2026-06-10T0Z"]
TEXTS += [
    "2026-06-10T00:00:00 Europe/Berlin",
    "290000-06-10T00:00:00Z",
    "-290000-06-10",
    "2026-06-10T00:00:00+15:59:59",
]
TEXTS += [
    "USD",
    "usd ",
    "XXX",
    "€",
    "net",
    "total",
    "Discount",
    "credit",
    "tax",
    "flex",
    "fast",
    "us",
    "claude-sonnet-4-5",
]


USUAL_EXAMPLES = 100  # which `conftest` multiplies by N


def cases(examples: int) -> settings:
    """Return the settings of a test that runs `examples` times, and N times as often under `--cases N`."""
    return settings(
        max_examples=examples * settings().max_examples // USUAL_EXAMPLES,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        print_blob=True,
    )


class Number(float):
    """A number written as a given text."""

    def __new__(cls, text: str) -> Number:
        return super().__new__(cls, 0)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


names = st.sampled_from(HOSTILE_NAMES) | st.sampled_from(KNOWN_NAMES) | st.text(max_size=4)
numbers = st.sampled_from(NUMBERS).map(Number) | st.integers(-(10**20), 10**20) | st.floats()
texts = st.sampled_from(TEXTS) | st.text(st.characters(codec=None), max_size=6)
leaves = st.none() | st.booleans() | numbers | texts
values: st.SearchStrategy[Any] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=8
)
objects = st.dictionaries(names, values, max_size=4)
charges = st.lists(
    st.fixed_dictionaries({"amount": numbers, "currency": st.sampled_from(["USD", "EUR", "XXX"]), "type": texts})
    | st.fixed_dictionaries({}, optional={"amount": leaves, "currency": texts, "type": texts, "other": values})
    | values,
    max_size=3,
)
counts = st.dictionaries(st.sampled_from(KNOWN_NAMES), numbers | values, max_size=5)
elements = st.fixed_dictionaries({}, optional={"model": leaves, "tokens": counts, "other": values})
MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "id": leaves | values,
    "product": values | objects,
    "metric_name": leaves,
    "organization": objects,
    "user": st.fixed_dictionaries({}, optional={"id": leaves, "email": leaves, "name": values}) | values,
    "model": st.fixed_dictionaries({}, optional={"id": leaves, "provider": leaves}) | values,
    "surface": leaves,
    "usage": values
    | objects
    | st.fixed_dictionaries({"tokens": counts})
    | st.fixed_dictionaries({"tokens": objects})
    | st.fixed_dictionaries({"quantity": values}),
    "remote_data": values
    | objects
    | st.fixed_dictionaries({"model_breakdown": st.lists(elements | values, max_size=3)}),
    "charges": charges | values,
    "resources": values | st.lists(objects, max_size=2),
    "start_date": texts | values,
    "end_date": texts | values,
    "created_at": texts,
    "updated_at": texts | values,
}
REQUIRED = ["id", "start_date", "end_date"]
MEASURED = ["usage", "remote_data", "charges"]
NAMED = sorted(MEMBERS.keys() - {*REQUIRED, *MEASURED})
EXTRA = st.dictionaries(names, values, max_size=1)


@st.composite
def lines(draw: st.DrawFn, number: int) -> bytes:
    """Draw the line of one row."""
    changed = draw(st.sets(st.sampled_from(MEASURED), max_size=3)) | draw(st.sets(st.sampled_from(NAMED), max_size=2))
    changed |= draw(st.sets(st.sampled_from(REQUIRED), max_size=1)) if draw(st.integers(0, 4)) == 0 else set()
    given = {member: draw(MEMBERS[member]) for member in sorted(changed)}
    any_row = {**row(f"r{number}", day=DAY), **given, **draw(EXTRA)}
    line = written(any_row, is_ascii=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(line)))
        inserted = draw(st.binary(max_size=3) | st.sampled_from([b"NaN", b",", b"}", b'"', b"\xed\xa0\x80", b"\x00"]))
        line = line[:place] + inserted + line[place + draw(st.integers(0, 3)) :]
    # The client writes each row on one line.
    return line.replace(b"\n", b" ").replace(b"\r", b" ") or b"{}"


def written(value: object, *, is_ascii: bool) -> bytes:
    """Return JSON, or what a careless writer takes for JSON: NaN, Infinity, halves of surrogate pairs."""
    return _json(value, is_ascii=is_ascii).encode("utf-8", "surrogatepass")


def _json(value: object, *, is_ascii: bool) -> str:
    if isinstance(value, dict):
        parts = (
            f"{json.dumps(name, ensure_ascii=is_ascii)}: {_json(inner, is_ascii=is_ascii)}"
            for name, inner in value.items()
        )
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(inner, is_ascii=is_ascii) for inner in value) + "]"
    return repr(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=is_ascii)
