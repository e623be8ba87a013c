"""Reading published tables: a single generation, exact money, days as dates or texts, errors for wrong calls."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from usage_assets.completeness import CoverageSpan
from usage_assets.integrations.windows import Window, day_window
from usage_assets.published import AccountTotals, NothingPublished, published_coverage, published_totals
from usage_assets.reading import InvalidDay, UnknownTable, read
from usage_assets.shown_currency import ShownTotal
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, account, charge, row

MAY = date(2026, 5, 10)
MONTHS = 24
READS = 40


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months and two accounts, one with two currencies and a rejected row."""
    pipeline = Pipeline(tmp_path_factory.mktemp("published"))
    pipeline.land([row("may", charge("net", "4"), day=MAY)], day=MAY)
    rows = [
        row("r1", charge("net", "1.000000000001"), product={"id": "p", "name": "Flink"}),
        row("bad", start_date="soon"),
    ]
    pipeline.land([*rows, row("r2", charge("net", "2", "EUR"))])
    pipeline.land([row("r3", day=NEXT_DAY)], day=NEXT_DAY, account="other")
    pipeline.run()
    pipeline.publish()
    return pipeline.published


def test_money_is_exact(published: Path) -> None:
    costs = read("cost", DAY, published=published)["cost"]

    assert Decimal("1.000000000001") in set(costs)


@pytest.mark.parametrize("first", [DAY, "2026-06-10"])
@pytest.mark.parametrize("last", [DAY, "2026-06-10"])
def test_both_days_are_included(published: Path, first: date | str, last: date | str) -> None:
    assert set(read("cost", first, last, published)["row_id"]) == {"r1", "r2"}


def test_a_range_may_be_open(published: Path) -> None:
    assert set(read("cost", end=MAY, published=published)["row_id"]) == {"may"}
    assert set(read("cost", "2026-06-01", published=published)["row_id"]) == {"r1", "r2", "r3"}
    assert len(read("cost", published=published)) == 4


def test_a_range_without_rows_has_the_columns(published: Path) -> None:
    frame = read("cost", "2027-01-01", published=published)

    assert frame.empty
    assert "cost_usd" in frame.columns


def test_a_table_without_days_ignores_them(published: Path) -> None:
    assert len(read("accounts", "2027-01-01", published=published)) == 2


def test_usage_is_read_with_product_quantity_and_unit_and_without_the_raw_object(published: Path) -> None:
    frame = read("usage", DAY, DAY, published)

    assert set(frame["product_name"].dropna()) == {"Flink"}
    assert {"quantity", "unit"} <= set(frame.columns)
    assert "usage_json" not in frame.columns


def test_rejected_rows_are_read(published: Path) -> None:
    assert list(read("rejected_rows", published=published)["row_id"]) == ["bad"]


def test_a_wrong_name_lists_the_right_ones(published: Path) -> None:
    with pytest.raises(
        UnknownTable,
        match="no published table 'costs': choose one of accounts, activity_by_user, budget_status, cost, ",
    ):
        read("costs", published=published)


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", 20260610])
def test_a_wrong_day_is_named(published: Path, day: str) -> None:
    with pytest.raises(InvalidDay, match=f"end is {day!r}: it must be a date, or a text such as '2026-06-01'"):
        read("cost", end=day, published=published)


def test_a_missing_generation_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match=r"Nothing is published in .*: run `usage-assets sync` first"):
        read("cost", published=tmp_path)


def test_a_missing_table_in_the_generation_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()

    with pytest.raises(NothingPublished, match=r"usage is not published in .*: run `usage-assets sync` first"):
        read("usage", published=tmp_path)


def test_totals_are_those_of_each_account(published: Path) -> None:
    total = sum((usd for usd in read("cost_by_account", published=published)["cost_usd"].dropna()), Decimal())

    assert published_totals(published) == {
        "acme": AccountTotals(
            MAY, DAY, 3, ShownTotal("USD", total), {"EUR": Decimal(2), "USD": Decimal("5.000000000001")}
        ),
        "other": AccountTotals(NEXT_DAY, NEXT_DAY, 1, ShownTotal("USD"), {}),
    }


def test_coverage_is_read_as_a_frame_and_as_spans(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path)
    pipeline.land([row()])
    pipeline.land([row(day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()
    seen = datetime(2026, 6, 10, tzinfo=UTC)
    pipeline.cover(accounts=[account("acme", first_seen_at=seen)], backfill_days=10)
    pipeline.publish()

    frame = read("coverage", start=DAY, end=NEXT_DAY, published=pipeline.published)
    [final, provisional, missing, not_ready] = published_coverage(pipeline.published)["acme"]

    assert list(frame["state"]) == ["final", "provisional"]
    assert final == CoverageSpan(day_window(DAY), "final")
    assert provisional == CoverageSpan(day_window(NEXT_DAY), "provisional")
    assert (missing.window, missing.state) == (Window(date(2026, 6, 12), date(2026, 6, 18)), "missing")
    assert (not_ready.window, not_ready.state) == (Window(date(2026, 6, 18), date(2026, 6, 20)), "not_ready")


@pytest.mark.parametrize("module", ["usage_assets.account_table", "usage_assets.reading"])
def test_pandas_and_dagster_are_not_imported_before_they_are_needed(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'pandas', 'dagster'}} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "[]\n"


def test_a_read_stays_in_one_generation_while_another_is_swapped_in(tmp_path: Path) -> None:
    generations = [_generation(tmp_path, number) for number in (1, 2)]

    with _swapping(tmp_path, generations) as swaps:
        seen = [set(read("cost", published=tmp_path)["generation"]) for _ in range(READS)]

    assert len(swaps) > READS
    assert [numbers for numbers in seen if len(numbers) != 1] == []


def _generation(published: Path, number: int) -> Path:
    """Write a generation of many months, with its number in every row."""
    folder = published / f"generation-{number:08d}"
    (folder / "cost").mkdir(parents=True)
    for month in range(MONTHS):
        day = date(2025, 1, 15) + timedelta(days=30 * month)
        file = folder / "cost" / f"{day:%Y-%m}.parquet"
        duckdb.execute(f"copy (select date '{day}' as usage_date, {number} as generation) to '{file}'")
    return folder


@contextmanager
def _swapping(published: Path, generations: list[Path]) -> Iterator[list[Path]]:
    """Swap `current` between the generations as fast as possible; yield the number of swaps."""
    swaps, is_over = list[Path](), threading.Event()

    def swap() -> None:
        while not is_over.is_set():
            generation = generations[len(swaps) % 2]
            link = published / ".current.arriving"
            link.symlink_to(generation.name, target_is_directory=True)
            link.replace(published / "current")
            swaps.append(generation)

    (published / "current").symlink_to(generations[0].name, target_is_directory=True)
    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield swaps
    finally:
        is_over.set()
        thread.join()
