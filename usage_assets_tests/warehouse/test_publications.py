"""A warehouse file that is missing, empty or older than the last publication is noticed and brought up from landing."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from usage_assets.warehouse.errors import ShrunkMonth
from usage_assets.warehouse.publications import needs_derive
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

MAY, APRIL = date(2026, 5, 10), date(2026, 4, 10)
COSTS = [("2026-04", 1), ("2026-05", 2), ("2026-06", 30)]


def published_costs(pipeline: Pipeline) -> list[tuple[str, object]]:
    files = f"{pipeline.published}/current/cost/*.parquet"
    query = "select strftime(usage_date, '%Y-%m'), sum(cost)::integer from '{}' group by all order by all"
    return duckdb.execute(query.format(files)).fetchall()


def is_needed(pipeline: Pipeline) -> bool:
    return needs_derive(pipeline.warehouse, pipeline.landing, pipeline.published)


def run(pipeline: Pipeline) -> None:
    pipeline.run()
    pipeline.publish()


@pytest.fixture
def older(pipeline: Pipeline, tmp_path: Path) -> Path:
    """Publish three months, of which the last is restated; return a copy of the file with the first month alone."""
    copy = tmp_path / "backup.duckdb"
    pipeline.land([row("r1", charge("net", "1"), day=APRIL)], day=APRIL)
    run(pipeline)
    pipeline.land([row("r2", charge("net", "2"), day=MAY)], day=MAY)
    pipeline.land([row("r3", charge("net", "3"), day=DAY)], day=DAY)
    run(pipeline)
    shutil.copy(pipeline.warehouse.path, copy)
    pipeline.land([row("r3", charge("net", "30"), day=DAY)], day=DAY)
    run(pipeline)
    return copy


# What is noticed


def test_without_landed_windows_no_derive_run_is_needed(pipeline: Pipeline) -> None:
    assert not is_needed(pipeline)


@pytest.mark.usefixtures("older")
def test_after_a_publication_no_derive_run_is_needed(pipeline: Pipeline) -> None:
    assert (is_needed(pipeline), published_costs(pipeline)) == (False, COSTS)


@pytest.mark.usefixtures("older")
def test_a_missing_file_is_noticed_and_filled_with_every_landed_window(pipeline: Pipeline) -> None:
    pipeline.warehouse.path.unlink()
    noticed = is_needed(pipeline)

    run(pipeline)

    assert (noticed, published_costs(pipeline), is_needed(pipeline)) == (True, COSTS, False)


@pytest.mark.usefixtures("older")
def test_an_empty_file_is_noticed_and_filled_with_every_landed_window(pipeline: Pipeline) -> None:
    pipeline.warehouse.path.write_bytes(b"")
    noticed = is_needed(pipeline)

    run(pipeline)

    assert (noticed, published_costs(pipeline), is_needed(pipeline)) == (True, COSTS, False)


def test_an_older_file_is_noticed_and_gets_the_windows_that_it_lacks(pipeline: Pipeline, older: Path) -> None:
    shutil.copy(older, pipeline.warehouse.path)
    noticed = is_needed(pipeline)

    report = pipeline.run()
    pipeline.publish()

    assert (noticed, report.windows) == (True, 1)
    assert (published_costs(pipeline), is_needed(pipeline)) == (COSTS, False)


@pytest.mark.usefixtures("older")
def test_removed_published_files_are_noticed_and_written_again(pipeline: Pipeline) -> None:
    shutil.rmtree(pipeline.published)
    noticed = is_needed(pipeline)

    run(pipeline)

    assert (noticed, published_costs(pipeline)) == (True, COSTS)


@pytest.mark.usefixtures("older")
def test_a_landing_folder_from_another_time_is_noticed(pipeline: Pipeline) -> None:
    (pipeline.landing.root / "publication").write_text("another")

    assert is_needed(pipeline)


@pytest.mark.usefixtures("older")
def test_while_another_process_writes_it_decides(pipeline: Pipeline) -> None:
    (pipeline.landing.root / "publication").write_text("another")

    with pipeline.warehouse.transaction():
        assert not needs_derive(pipeline.warehouse, pipeline.landing, pipeline.published, wait_seconds=0.05)


# Fewer rows


def test_a_month_without_loaded_windows_is_not_published_with_fewer_rows(pipeline: Pipeline, older: Path) -> None:
    assert older.exists()
    pipeline.amend("delete from usage where usage_date < '2026-05-01'")
    before = (pipeline.published / "current").resolve()
    pipeline.land([row("r4", charge("net", "4"), day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()

    with pytest.raises(ShrunkMonth, match=r"table usage has 1 rows of 2026-04, and the warehouse has 0.*rebuild"):
        pipeline.publish()

    assert ((pipeline.published / "current").resolve(), len(pipeline.landing.pending())) == (before, 1)


@pytest.mark.usefixtures("older")
def test_a_month_whose_window_was_loaded_may_have_fewer_rows(pipeline: Pipeline) -> None:
    pipeline.land([], day=MAY)

    run(pipeline)

    assert published_costs(pipeline) == [COSTS[0], COSTS[2]]


@pytest.mark.usefixtures("older")
def test_a_rebuilt_warehouse_may_have_fewer_rows(pipeline: Pipeline) -> None:
    pipeline.land([], day=MAY)
    pipeline.warehouse.set_aside()

    run(pipeline)

    assert published_costs(pipeline) == [COSTS[0], COSTS[2]]


@pytest.mark.usefixtures("older")
def test_fewer_rows_are_published_where_nothing_is_published(pipeline: Pipeline) -> None:
    pipeline.amend("delete from usage where usage_date < '2026-05-01'")
    (pipeline.published / "current").unlink()

    pipeline.publish()

    assert len(list((pipeline.published / "current" / "usage").iterdir())) == 2


@pytest.mark.usefixtures("older")
def test_a_damaged_published_file_is_written_again(pipeline: Pipeline) -> None:
    damaged = pipeline.published / "current" / "usage" / "2026-04.parquet"
    damaged.write_bytes(bytes(100))

    pipeline.publish()

    usage = f"select count(*) from '{pipeline.published}/current/usage/*.parquet'"
    assert duckdb.execute(usage).fetchall() == [(3,)]


# A new file


def test_leftovers_of_a_file_that_was_never_finished_do_no_harm(pipeline: Pipeline) -> None:
    for name in (".usage.duckdb.arriving", ".usage.duckdb.arriving.wal", "usage.duckdb.wal"):
        (pipeline.folder / name).write_bytes(b"half a file")
    pipeline.land([row("r1", charge("net", "1"), day=APRIL)], day=APRIL)

    run(pipeline)

    assert published_costs(pipeline) == COSTS[:1]


def test_a_file_that_is_being_made_has_another_name(pipeline: Pipeline) -> None:
    made = list[Path]()

    def make_and_stop(path: Path) -> None:
        made.append(path)
        path.write_bytes(b"half a file")
        raise KeyboardInterrupt

    pipeline.create = make_and_stop
    with pytest.raises(KeyboardInterrupt), pipeline.warehouse.transaction():
        pass

    assert (made, pipeline.warehouse.path.exists()) == ([pipeline.folder / ".usage.duckdb.arriving"], False)


@pytest.mark.usefixtures("older")
def test_a_removed_file_beside_a_damaged_landing_file_is_not_published_until_it_is_fetched_again(
    pipeline: Pipeline,
) -> None:
    pipeline.warehouse.path.unlink()
    [damaged] = (pipeline.landing.root / "windows").glob(f"*/*/{MAY}*.zst")
    damaged.write_bytes(b"")

    pipeline.run()
    with pytest.raises(ShrunkMonth, match=r"for 2026-05-10 was damaged"):
        pipeline.publish()
    refused = published_costs(pipeline)
    pipeline.land([row("r2", charge("net", "2"), day=MAY)], day=MAY)
    run(pipeline)

    assert (refused, published_costs(pipeline)) == (COSTS, COSTS)
