"""Shared pieces of the property tests: many companies on one set of pipeline, and what the oracle says of their tables.

`unexpected` and `unsound` say what is wrong, as a dictionary that should be empty. Nothing is asserted here.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
from hypothesis import HealthCheck, Phase, settings

from usage_assets.integrations.profiles import Profiles
from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.names import canonical_model
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.tables import TABLES
from usage_assets_tests.warehouse import oracle
from usage_assets_tests.warehouse.companies import ACCOUNTS, PROFILES, reading_of
from usage_assets_tests.warehouse.empty import fill_with_empty_tables
from usage_assets_tests.warehouse.oracle import Answer, CostLine, Reading, Sums
from usage_assets_tests.warehouse.oracle_money import decimal, in_pico
from usage_assets_tests.warehouse.oracle_rows import Read, read
from usage_assets_tests.warehouse.pipeline import Pipeline

USUAL_EXAMPLES = 100  # which `conftest` multiplies by N

Lines: TypeAlias = Counter[tuple[Any, ...]]

READINGS = {name: reading_of(PROFILES.of(name)) for name in ACCOUNTS.values()}
BOOK, RATES = PriceBook(), ExchangeRates()
COST_COLUMNS = [member.name for member in fields(CostLine) if member.name != "is_first_day"]
SUM_COLUMNS = [member.name for member in fields(Sums)]
GRAINS = {
    "cost_by_account": ("usage_date", "account_id", "currency"),
    "cost_by_provider": ("usage_date", "account_id", "provider", "currency"),
    "cost_by_model": ("usage_date", "account_id", "provider", "model", "currency"),
    "cost_by_surface": ("usage_date", "account_id", "provider", "surface", "currency"),
    "cost_by_user": ("usage_date", "account_id", "provider", "user_key", "currency"),
}
COMPARED = {
    "usage": ("account_id", "report", "window_start", "file_row", "row_id", "usage_date", "start_at", "end_at"),
    "cost": tuple(COST_COLUMNS),
    **{table: (*grain, *SUM_COLUMNS) for table, grain in GRAINS.items()},
    "price_variance": (
        *GRAINS["cost_by_model"],
        *("cost_rows", "billed_cost", "list_cost", "estimated_cost", "variance"),
    ),
    "users": ("account_id", "user_id", "user_key", "first_day", "last_day"),
    "loads": ("account_id", "report", "window_start", "usage_rows", "dropped_rows", "duplicate_rows", "is_final"),
    "rejected_rows": ("account_id", "window_start", "file_row"),
}
SUPERSEDED = "duplicates "
TIMES = {
    "usage": ["fetched_at"],
    "loads": ["fetched_at", "loaded_at"],
    "rejected_rows": ["rejected_at"],
    "restatements": ["restated_at"],
}
MEASURES = (
    *("cost", "billed_cost", "estimated_cost", "list_cost", "tax", "cost_usd"),
    *("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "requests"),
)


def cases(examples: int) -> settings:
    """Settings of a test that runs `examples` times, and N times as often under `--cases N`.

    A failing example is not shrunk, which would take minutes: the difference it shows names rows, which are small.
    """
    return settings(
        max_examples=examples * settings().max_examples // USUAL_EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=True,
    )


@dataclass(kw_only=True)
class OpenPipeline(Pipeline):
    """Pipeline in memory, whose database stays open between transactions."""

    connection: duckdb.DuckDBPyConnection

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.folder / "usage.duckdb", self.connection.cursor)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Everything that `sql` finds."""
        with self.connection.cursor() as cursor:
            return cursor.execute(sql).fetchall()


@contextmanager
def open_books(profiles: Profiles = PROFILES) -> Iterator[OpenPipeline]:
    """Empty pipeline for one example, gone with it."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 2}) as connection:
        fill_with_empty_tables(connection, Path(folder))
        yield OpenPipeline(folder=Path(folder), profiles=profiles, connection=connection)


def contents(pipeline: Pipeline, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without the columns `left_out` and those that say when something was done."""
    found = {}
    for table in TABLES:
        columns = [name for name, *_ in pipeline.query(f"describe {table}")]
        named = [f'"{name}"' for name in columns if name not in {*left_out, *TIMES.get(table, [])}]
        found[table] = pipeline.query(f"select {', '.join(named)} from {table} order by all")
    return found


def unlike(one: Mapping[str, Iterable[Any]], other: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    """The first rows by table that only one of two sets of tables has."""
    found = {}
    for table in [*one, *(table for table in other if table not in one)]:
        ours, theirs = Counter(map(str, one.get(table, []))), Counter(map(str, other.get(table, [])))
        if ours != theirs:
            found[table] = {"only here": _first(ours - theirs), "only there": _first(theirs - ours)}
    return found


def unexpected(
    pipeline: Pipeline,
    standing: Iterable[Answer],
    duplicates: Iterable[Answer] = (),
    readings: Mapping[str, Reading] = READINGS,
) -> dict[str, Any]:
    """Where the tables differ from what the oracle makes of the answers `standing`.

    Args:
        pipeline: pipeline that have been closed.
        standing: the answer that counts for each window.
        duplicates: answers that were loaded before; who was seen in them is remembered.
        readings: the profile facts by integration.
    """
    expected = _expected_tables(list(standing), list(duplicates), readings)
    tables = {
        table: Counter(pipeline.query(f"select {', '.join(names)} from {table}")) for table, names in COMPARED.items()
    }
    return {
        table: {"expected": _first(expected[table] - found), "found": _first(found - expected[table])}
        for table, found in tables.items()
        if found != expected[table]
    }


def expected_lines(
    standing: Iterable[Answer], duplicates: Iterable[Answer] = (), readings: Mapping[str, Reading] = READINGS
) -> list[CostLine]:
    """The oracle's lines of `cost`; people are known as in any answer, also a duplicates one."""
    remembered = [_as_superseded(number, answer) for number, answer in enumerate(duplicates)]
    lines = oracle.expected_cost([*standing, *remembered], readings, _price, _rate, canonical_model)
    return [line for line in lines if not line.row_id.startswith(SUPERSEDED)]


def _expected_tables(
    standing: list[Answer], duplicates: list[Answer], readings: Mapping[str, Reading]
) -> dict[str, Lines]:
    lines = expected_lines(standing, duplicates, readings)
    reads = [read(answer, readings[answer.integration]) for answer in standing]
    reads_before = [read(answer, readings[answer.integration]) for answer in duplicates]
    return {
        "usage": _usage_rows(reads),
        "cost": Counter(tuple(getattr(line, name) for name in COST_COLUMNS) for line in lines),
        **{table: _aggregate(lines, grain) for table, grain in GRAINS.items()},
        "price_variance": _variances(lines),
        "users": _users([*reads, *reads_before]),
        "loads": Counter(map(_load, reads)),
        "rejected_rows": Counter(
            (one.answer.account_id, one.answer.window_start, line) for one in reads for line in one.rejected
        ),
    }


def _aggregate(lines: list[CostLine], grain: tuple[str, ...]) -> Lines:
    sums = oracle.summed(lines, grain)
    return Counter((*key, *(getattr(one, name) for name in SUM_COLUMNS)) for key, one in sums.items())


def _load(one: Read) -> tuple[Any, ...]:
    window = one.answer.account_id, one.answer.report, one.answer.window_start
    return *window, len(one.rows), one.dropped, one.identical + one.differing, one.answer.is_final


def _usage_rows(reads: Iterable[Read]) -> Lines:
    return Counter(
        (
            *(one.answer.account_id, one.answer.report, one.answer.window_start, row.line, row.row_id),
            *(row.start.date(), row.start.replace(tzinfo=None), row.end.replace(tzinfo=None)),
        )
        for one in reads
        for row in one.rows
    )


def _variances(lines: list[CostLine]) -> Lines:
    both = [line for line in lines if line.cost_basis == "billed" and line.estimated_cost is not None]
    grain = GRAINS["cost_by_model"]
    count = Counter(tuple(getattr(line, name) for name in grain) for line in both)
    return Counter(
        (*key, count[key], one.billed_cost, one.list_cost, one.estimated_cost, _less(one))
        for key, one in oracle.summed(both, grain).items()
    )


def _less(sums: Sums) -> Decimal | None:
    if sums.billed_cost is None or sums.estimated_cost is None:
        return None
    return decimal(in_pico(sums.billed_cost) - in_pico(sums.estimated_cost))


def _users(reads: Iterable[Read]) -> Lines:
    """Every user id that was ever seen, with the e-mail of the latest day, else the last in the alphabet."""
    days: dict[tuple[str, str], list[date]] = {}
    emails: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for one in reads:
        for row in one.rows:
            if row.user_id is not None:
                user = one.answer.account_id, row.user_id
                days.setdefault(user, []).append(row.start.date())
                emails.setdefault(user, [(datetime.min.replace(tzinfo=UTC), ":".join(user))])
                emails[user] += [(row.start, row.email)] if row.email else []
    return Counter((*user, max(emails[user])[1], min(days[user]), max(days[user])) for user in days)


def unsound(pipeline: Pipeline) -> dict[str, Any]:
    """What must never be, after whatever step: each finding under the sentence it breaks."""
    of_cost = _totals(pipeline, "cost")
    wrong: dict[str, Any] = {
        f"{table} sums to cost": unlike({"cost": of_cost.items()}, {"cost": totals.items()})
        for table in AGGREGATES
        if (totals := _totals(pipeline, table)) != of_cost
    }
    keys = {"usage": ["usage_key"], "cost": ["usage_key", "currency", "usage_date"], **GRAINS}
    keys["loads"] = ["account_id", "report", "window_start", "window_end"]
    for table, key in keys.items():
        if twice := pipeline.query(f"select {', '.join(key)} from {table} group by all having count(*) > 1"):
            wrong[f"{table} holds nothing twice"] = twice[:3]
    if twice := pipeline.query(
        "select one.account_id, one.window_start, other.window_start from loads as one inner join loads as other"
        " using (account_id, report) where one.window_start < other.window_end and other.window_start < one.window_end"
        " and one.window_end - one.window_start > other.window_end - other.window_start"
    ):
        wrong["no day is loaded in two windows"] = twice[:3]
    return wrong


def _totals(pipeline: Pipeline, table: str) -> dict[tuple[Any, ...], list[Decimal | int | None]]:
    """The sums of `table` per day, account and currency, added up in Python."""
    totals: dict[tuple[Any, ...], list[Decimal | int | None]] = {}
    names = ", ".join(("usage_date", "account_id", "currency", *MEASURES))
    with localcontext(prec=60):
        for day, account, currency, *given in pipeline.query(f"select {names} from {table}"):
            so_far = totals.setdefault((day, account, currency), [None] * len(MEASURES))
            for i, value in enumerate(given):
                if value is not None:
                    so_far[i] = value + (so_far[i] or 0)
    return totals


def _as_superseded(number: int, answer: Answer) -> Answer:
    rows = [_renamed(row) if isinstance(row, dict) else row for row in answer.rows]
    return replace(answer, report=f"{SUPERSEDED}{number}", rows=rows)


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    row_id = row.get("id")
    return {**row, "id": f"{SUPERSEDED}{row_id}"} if isinstance(row_id, str) and row_id.strip() else row


def _first(lines: Counter[Any]) -> list[Any]:
    return list(lines)[:3]


def _price(provider: str, model: str, day: date) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    found = BOOK.unit_prices(provider, model, day)
    if found is None:
        return None
    return found.input_price, found.cached_input_price, found.cache_write_price, found.output_price


def _rate(currency: str, day: date) -> tuple[Decimal, Decimal] | None:
    found = RATES.rate(currency, day)
    return None if found is None else (found.usd_per_unit, found.units_per_usd)
