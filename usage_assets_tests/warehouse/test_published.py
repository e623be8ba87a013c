"""Publishing writes complete generations; only the months that changed are written again."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.tables import MONTHLY_TABLES, NOT_PUBLISHED, WHOLE_TABLES
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, money, row, tokens

MAY = date(2026, 5, 10)
SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}


@pytest.fixture
def derived(pipeline: Pipeline) -> Pipeline:
    """Two months and two accounts, with charges in two currencies and an estimate."""
    return _derived(pipeline)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The same data, for tests that only read."""
    return _derived(Pipeline(tmp_path_factory.mktemp("shared")))


@pytest.mark.parametrize("table", AGGREGATES)
def test_an_aggregate_equals_cost_to_the_last_digit(shared: Pipeline, table: str) -> None:
    sums = ", ".join(f"sum({measure})" for measure in AGGREGATES[table].measures)
    per_day = f"select usage_date, account_id, currency, {sums} from {{}} group by all order by all"

    of_cost = shared.query(per_day.format("cost"))

    assert len(of_cost) == 2 * 2 + 1
    assert shared.query(per_day.format(table)) == of_cost


def test_published_files_equal_the_tables(derived: Pipeline) -> None:
    generation = derived.publish()

    for table in [*MONTHLY_TABLES, *WHOLE_TABLES]:
        hidden = f"exclude ({', '.join(NOT_PUBLISHED[table])})" if table in NOT_PUBLISHED else ""
        assert _published(generation, table) == derived.query(f"select * {hidden} from {table} order by all"), table


def test_an_exact_amount_is_published_exactly(derived: Pipeline) -> None:
    generation = derived.publish()

    lines = duckdb.execute(f"select cost from '{generation}/cost/2026-06.parquet' where row_id = 'r1'").fetchall()
    assert lines == [(money("1234567890.123456789012"),)] * 2


def test_current_names_the_latest_generation(derived: Pipeline) -> None:
    derived.publish()
    derived.land([])
    derived.run()

    generation = derived.publish()

    assert (derived.published / "current").resolve() == generation.resolve()


def test_a_month_without_change_is_the_same_file(derived: Pipeline) -> None:
    first = derived.publish()
    derived.land([row("r1", charge("net", "2"))], day=DAY)
    derived.run()

    second = derived.publish()

    assert (second / "cost/2026-05.parquet").samefile(first / "cost/2026-05.parquet")
    assert not (second / "cost/2026-06.parquet").samefile(first / "cost/2026-06.parquet")


def test_a_month_without_rows_is_no_longer_published(derived: Pipeline) -> None:
    derived.publish()
    derived.land([], day=MAY)
    derived.run()

    generation = derived.publish()

    assert [file.name for file in (generation / "cost_by_model").iterdir()] == ["2026-06.parquet"]


def test_only_the_last_two_generations_are_kept(derived: Pipeline) -> None:
    generations = [derived.publish() for _ in range(3)]

    assert _folders(derived.published) == [folder.name for folder in generations[1:]]


def test_leftovers_of_an_interrupted_publishing_do_no_harm(derived: Pipeline) -> None:
    derived.published.mkdir()
    for left in (".generation-00000001.arriving/cost", ".current.arriving"):
        (derived.published / left).mkdir(parents=True) if "cost" in left else (derived.published / left).touch()

    generation = derived.publish()

    assert _published(generation, "cost") == derived.query("from cost order by all")


def test_a_landed_window_stays_pending_until_it_is_published(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    assert len(pipeline.landing.pending()) == 1

    pipeline.publish()

    assert pipeline.landing.pending() == []


def test_a_window_that_is_loaded_and_not_derived_stays_pending(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.load()

    pipeline.publish()

    assert len(pipeline.landing.pending()) == 1


def test_a_window_that_lands_after_the_load_stays_pending(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.land([row("r1", charge("net", "2"))])

    pipeline.publish()

    assert len(pipeline.landing.pending()) == 1


def _derived(pipeline: Pipeline) -> Pipeline:
    rows = [
        row("r1", charge("net", "1234567890.123456789012"), charge("tax", "0.000000000001"), usage=tokens(uncached=5)),
        row("r2", charge("net", "0.3", "EUR"), charge("net", "0.1"), user={"id": "7"}),
        row("r3", model=SONNET, usage=tokens(uncached=1_001, output=3), surface="cli"),
    ]
    pipeline.land(rows)
    pipeline.land(rows, account="other")
    pipeline.land([row("r4", charge("net", "4"), day=MAY)], day=MAY)
    pipeline.run()
    return pipeline


def _published(generation: Path, table: str) -> list[tuple[object, ...]]:
    files = f"{generation}/{table}/*.parquet" if table in MONTHLY_TABLES else f"{generation}/{table}.parquet"
    return duckdb.execute(f"from '{files}' order by all").fetchall()


def _folders(published: Path) -> list[str]:
    return sorted(folder.name for folder in published.glob("generation-*"))
