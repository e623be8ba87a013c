"""Shared parts of the property tests: a pipeline in memory, and the comparison of its tables with the oracle.

`unexpected` and `unsound` return the differences as a dictionary that should be empty. Nothing is asserted here.
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
from hypothesis import HealthCheck, settings

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
COST_COLUMNS = [member.name for member in fields(CostLine) if member.name not in {"is_first_day", "meters"}]
SUM_COLUMNS = [member.name for member in fields(Sums)]
GRAINS = {
    "cost_by_account": ("usage_date", "account_id", "currency"),
    "cost_by_provider": ("usage_date", "account_id", "provider", "currency"),
    "cost_by_model": ("usage_date", "account_id", "provider", "model", "currency"),
    "cost_by_surface": ("usage_date", "account_id", "provider", "surface", "currency"),
    "cost_by_resource": (
        *("usage_date", "account_id", "provider", "product_id", "workspace_id", "resource_id", "currency"),
    ),
    "cost_by_user": ("usage_date", "account_id", "provider", "user_key", "currency"),
}
# without the values that no rule of the profile reads, which change no price
READ_CONTEXT = (
    "coalesce(nullif(array_to_string(list_filter(string_split(price_context, ';'),"
    " lambda pair: not starts_with(pair, '?')), ';'), ''), '(none)')"
)
COMPARED = {
    "usage": ("account_id", "report", "window_start", "file_row", "row_id", "usage_date", "start_at", "end_at"),
    "cost": tuple(READ_CONTEXT if name == "price_context" else name for name in COST_COLUMNS),
    **{table: (*grain, *SUM_COLUMNS) for table, grain in GRAINS.items()},
    "price_variance": (
        *GRAINS["cost_by_model"],
        *("cost_rows", "billed_cost", "list_cost", "estimated_cost", "variance"),
    ),
    "cost_by_meter": (
        *("usage_date", "account_id", "provider", "model", "meter", "currency"),
        *("quantity", "cost", "cost_usd", "list_price_cost_usd", "cache_savings_usd"),
    ),
    "users": ("account_id", "user_id", "user_key", "first_day", "last_day"),
    "loads": ("account_id", "report", "window_start", "usage_rows", "dropped_rows", "duplicate_rows", "is_final"),
    "rejected_rows": ("account_id", "window_start", "file_row"),
}
SUMMED = [table for table in AGGREGATES if table in GRAINS]
REPLACED = "replaced "
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
    """Return the settings of a test that runs `examples` times, and N times as often under `--cases N`."""
    return settings(
        max_examples=examples * settings().max_examples // USUAL_EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow],
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=True,
    )


@dataclass(kw_only=True)
class PipelineInMemory(Pipeline):
    """A pipeline whose database is in memory and stays open between transactions."""

    connection: duckdb.DuckDBPyConnection

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.folder / "usage.duckdb", self.connection.cursor)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return every row of `sql`."""
        with self.connection.cursor() as cursor:
            return cursor.execute(sql).fetchall()


@contextmanager
def pipeline_in_memory(profiles: Profiles = PROFILES) -> Iterator[PipelineInMemory]:
    """Provide an empty pipeline that is removed after the example."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 2}) as connection:
        fill_with_empty_tables(connection, Path(folder))
        yield PipelineInMemory(folder=Path(folder), profiles=profiles, connection=connection)


def contents(pipeline: Pipeline, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, without the columns `left_out` and the times of processing."""
    found = {}
    for table in TABLES:
        columns = [name for name, *_ in pipeline.query(f"describe {table}")]
        named = [f'"{name}"' for name in columns if name not in {*left_out, *TIMES.get(table, [])}]
        found[table] = pipeline.query(f"select {', '.join(named)} from {table} order by all")
    return found


def unlike(here: Mapping[str, Iterable[Any]], there: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    """Return, by table, the first rows that only one of two sets of tables has."""
    found = {}
    for table in [*here, *(table for table in there if table not in here)]:
        ours, theirs = Counter(map(str, here.get(table, []))), Counter(map(str, there.get(table, [])))
        if ours != theirs:
            found[table] = {"only here": _first(ours - theirs), "only there": _first(theirs - ours)}
    return found


def unexpected(
    pipeline: Pipeline,
    active: Iterable[Answer],
    replaced: Iterable[Answer] = (),
    readings: Mapping[str, Reading] = READINGS,
) -> dict[str, Any]:
    """Return where the tables differ from what the oracle computes from the answers `active`.

    Args:
        pipeline: A pipeline that has run.
        active: The latest answer for each window.
        replaced: Answers that were loaded before; the people observed in them are remembered.
        readings: The profile facts by integration.
    """
    expected = _expected_tables(list(active), list(replaced), readings)
    tables = {
        table: Counter(pipeline.query(f"select {', '.join(names)} from {table}")) for table, names in COMPARED.items()
    }
    return {
        table: {"expected": _first(expected[table] - found), "found": _first(found - expected[table])}
        for table, found in tables.items()
        if found != expected[table]
    }


def expected_lines(
    active: Iterable[Answer], replaced: Iterable[Answer] = (), readings: Mapping[str, Reading] = READINGS
) -> list[CostLine]:
    """Return the oracle's lines of `cost`; people are known from every answer, also a replaced one."""
    remembered = [_as_replaced(number, answer) for number, answer in enumerate(replaced)]
    lines = oracle.expected_cost([*active, *remembered], readings, _price, _rate, canonical_model)
    return [line for line in lines if not line.row_id.startswith(REPLACED)]


def _expected_tables(active: list[Answer], replaced: list[Answer], readings: Mapping[str, Reading]) -> dict[str, Lines]:
    lines = expected_lines(active, replaced, readings)
    reads = [read(answer, readings[answer.integration]) for answer in active]
    reads_before = [read(answer, readings[answer.integration]) for answer in replaced]
    return {
        "usage": _usage_rows(reads),
        "cost": Counter(tuple(getattr(line, name) for name in COST_COLUMNS) for line in lines),
        **{table: _aggregate(lines, grain) for table, grain in GRAINS.items()},
        "price_variance": _variances(lines),
        "cost_by_meter": Counter((*key, *sums) for key, sums in oracle.summed_by_meter(lines).items()),
        "users": _users([*reads, *reads_before]),
        "loads": Counter(map(_load, reads)),
        "rejected_rows": Counter(
            (result.answer.account_id, result.answer.window_start, line) for result in reads for line in result.rejected
        ),
    }


def _aggregate(lines: list[CostLine], grain: tuple[str, ...]) -> Lines:
    sums = oracle.summed(lines, grain)
    return Counter((*key, *(getattr(total, name) for name in SUM_COLUMNS)) for key, total in sums.items())


def _load(result: Read) -> tuple[Any, ...]:
    window = result.answer.account_id, result.answer.report, result.answer.window_start
    return *window, len(result.rows), result.dropped, result.identical + result.differing, result.answer.is_final


def _usage_rows(reads: Iterable[Read]) -> Lines:
    return Counter(
        (
            *(result.answer.account_id, result.answer.report, result.answer.window_start, row.line, row.row_id),
            *(row.start.date(), _utc(row.start), _utc(row.end)),
        )
        for result in reads
        for row in result.rows
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _variances(lines: list[CostLine]) -> Lines:
    both = [line for line in lines if line.cost_basis == "billed" and line.estimated_cost is not None]
    grain = GRAINS["cost_by_model"]
    count = Counter(tuple(getattr(line, name) for name in grain) for line in both)
    return Counter(
        (*key, count[key], total.billed_cost, total.list_cost, total.estimated_cost, _variance(total))
        for key, total in oracle.summed(both, grain).items()
    )


def _variance(sums: Sums) -> Decimal | None:
    if sums.billed_cost is None or sums.estimated_cost is None:
        return None
    return decimal(in_pico(sums.billed_cost) - in_pico(sums.estimated_cost))


def _users(reads: Iterable[Read]) -> Lines:
    """Return every user id observed in any load, with the e-mail last observed, else the last in the alphabet."""
    days: dict[tuple[str, str], list[date]] = {}
    emails: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for result in reads:
        for row in result.rows:
            if row.user_id is not None:
                user = result.answer.account_id, row.user_id
                days.setdefault(user, []).append(row.start.date())
                emails.setdefault(user, [(datetime.min.replace(tzinfo=UTC), ":".join(user))])
                emails[user] += [(row.start, row.email)] if row.email else []
    return Counter((*user, max(emails[user])[1], min(days[user]), max(days[user])) for user in days)


def unsound(pipeline: Pipeline) -> dict[str, Any]:
    """Return the violations after a step, each under the sentence that it contradicts."""
    of_cost = _totals(pipeline, "cost")
    wrong: dict[str, Any] = {
        f"{table} sums to cost": unlike({"cost": of_cost.items()}, {"cost": totals.items()})
        for table in SUMMED
        if (totals := _totals(pipeline, table)) != of_cost
    }
    keys = {"usage": ["usage_key"], "cost": ["usage_key", "part", "currency", "usage_date"], **GRAINS}
    keys["loads"] = ["account_id", "report", "window_start", "window_end"]
    for table, key in keys.items():
        if twice := pipeline.query(f"select {', '.join(key)} from {table} group by all having count(*) > 1"):
            wrong[f"{table} holds nothing twice"] = twice[:3]
    if twice := pipeline.query(
        "select month.account_id, month.window_start, day.window_start from loads as month inner join loads as day"
        " using (account_id, report) where month.window_start < day.window_end and day.window_start < month.window_end"
        " and month.window_end - month.window_start > day.window_end - day.window_start"
    ):
        wrong["no day is loaded in two windows"] = twice[:3]
    return wrong


def _totals(pipeline: Pipeline, table: str) -> dict[tuple[Any, ...], list[Decimal | int | None]]:
    """Return the sums of `table` per day, account and currency, computed in Python."""
    totals: dict[tuple[Any, ...], list[Decimal | int | None]] = {}
    names = ", ".join(("usage_date", "account_id", "currency", *MEASURES))
    with localcontext(prec=60):
        for day, account, currency, *given in pipeline.query(f"select {names} from {table}"):
            so_far = totals.setdefault((day, account, currency), [None] * len(MEASURES))
            for i, value in enumerate(given):
                if value is not None:
                    so_far[i] = value + (so_far[i] or 0)
    return totals


def _as_replaced(number: int, answer: Answer) -> Answer:
    rows = [_renamed(row) if isinstance(row, dict) else row for row in answer.rows]
    return replace(answer, report=f"{REPLACED}{number}", rows=rows)


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    row_id = row.get("id")
    return {**row, "id": f"{REPLACED}{row_id}"} if isinstance(row_id, str) and row_id.strip() else row


def _first(lines: Counter[Any]) -> list[Any]:
    return list(lines)[:3]


def _price(provider: str, model: str, context: str, meter: str, day: date) -> Decimal | None:
    return BOOK.unit_price(provider, model, context, meter, day).price


def _rate(currency: str, day: date) -> tuple[Decimal, Decimal] | None:
    found = RATES.rate(currency, day)
    return None if found is None else (found.usd_per_unit, found.units_per_usd)
