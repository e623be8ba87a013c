"""The work of one day, in statements and opened files, does not grow with history.

Seconds depend on the machine, so `make bench ARGS=--history` measures them; these counts are the same everywhere.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.derive import derive_aggregates, derive_cost
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.load import load
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.tables import INSIGHTS
from usage_assets_tests.landing.land import derive_all
from usage_assets_tests.warehouse.pipeline import Pipeline, account, charge, row, tokens

FIRST_DAY = date(2025, 1, 1)
SHORT_HISTORY_DAYS = 3
LONG_HISTORY_DAYS = 120
ACCOUNT = "acme"
INTEGRATION = "claude"


class CountingConnection:
    """Passes every call on to a connection and counts the statements."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.statements = 0

    def execute(self, *arguments: Any) -> duckdb.DuckDBPyConnection:
        self.statements += 1
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class FileCounter:
    """Counts the files that Python opens and the folders that it lists. Python never removes an audit hook."""

    def __init__(self) -> None:
        self.opened = 0
        self.folder: str | None = None
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is not None and event in {"open", "os.listdir", "os.scandir"}:
            self.opened += str(arguments[0]).startswith(self.folder)


@dataclass(frozen=True)
class Work:
    """Statements and opened files of a load, and the statements of the derive after it."""

    load_statements: int
    load_files: int
    derive_statements: int


@dataclass(frozen=True)
class Histories:
    """Two pipelines of one account that differ only in the length of their history."""

    short: Pipeline
    long: Pipeline


@pytest.fixture(scope="module")
def files() -> Iterator[FileCounter]:
    counter = FileCounter()
    yield counter
    counter.folder = None


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory, files: FileCounter) -> Histories:
    made = Histories(Pipeline(tmp_path_factory.mktemp("short")), Pipeline(tmp_path_factory.mktemp("long")))
    work(made.short, files, days(0, SHORT_HISTORY_DAYS))
    work(made.long, files, days(0, LONG_HISTORY_DAYS))
    return made


def test_a_batch_of_a_hundred_windows_runs_the_statements_of_one_window(tmp_path: Path, files: FileCounter) -> None:
    single, many = Pipeline(tmp_path / "single"), Pipeline(tmp_path / "many")

    work_of_single, work_of_many = work(single, files, days(0, 1)), work(many, files, days(0, 100))

    assert work_of_many.load_statements == work_of_single.load_statements
    assert work_of_many.derive_statements <= work_of_single.derive_statements + 1  # days are sorted before the insert


def test_a_new_day_costs_the_same_after_a_short_and_a_long_history(histories: Histories, files: FileCounter) -> None:
    after_short = work(histories.short, files, days(SHORT_HISTORY_DAYS, 1))
    after_long = work(histories.long, files, days(LONG_HISTORY_DAYS, 1))

    assert after_long == after_short


def test_a_restated_day_costs_the_same_in_a_short_and_a_long_history(histories: Histories, files: FileCounter) -> None:
    in_short = work(histories.short, files, days(1, 1), amount="2.50")
    in_long = work(histories.long, files, days(1, 1), amount="2.50")

    assert in_long == in_short


def days(first: int, count: int) -> list[date]:
    return [FIRST_DAY + timedelta(days=first + number) for number in range(count)]


def work(pipeline: Pipeline, files: FileCounter, landed: list[date], *, amount: str = "1.25") -> Work:
    """Land, load and derive days; return the work of load and derive, and forget what is pending."""
    for day in landed:
        rows = [row(f"{day} {number}", charge("net", amount), day=day, usage=tokens(output=7)) for number in range(3)]
        pipeline.land(rows, day=day, account=ACCOUNT, integration=INTEGRATION)
    load_statements, load_files = count_load(pipeline, files)
    derive_statements = count_derive(pipeline)
    derive_all(pipeline.landing)
    return Work(load_statements, load_files, derive_statements)


def count_load(pipeline: Pipeline, files: FileCounter) -> tuple[int, int]:
    with pipeline.warehouse.transaction() as connection:
        counting = CountingConnection(connection)
        files.opened, files.folder = 0, str(pipeline.folder)
        accounts = [account(ACCOUNT, integration=INTEGRATION)]
        load(as_connection(counting), pipeline.landing, pipeline.profiles, accounts, [], pipeline.now)
        files.folder = None
    return counting.statements, files.opened


def count_derive(pipeline: Pipeline) -> int:
    with pipeline.warehouse.transaction() as connection:
        counting = CountingConnection(connection)
        price(as_connection(counting), [], pipeline.book)
        derive_cost(as_connection(counting), [], pipeline.profiles, pipeline.rates)
        derive_aggregates(as_connection(counting), COST_DEPENDENTS, [], pipeline.allocation)
        derive_insights(as_connection(counting), INSIGHTS, [], pipeline.profiles, {}, FileInForce(()))
    return counting.statements


def as_connection(counting: CountingConnection) -> duckdb.DuckDBPyConnection:
    return cast("duckdb.DuckDBPyConnection", counting)
