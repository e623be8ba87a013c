"""A window that lands again replaces all its rows; duplicates within a window become one row."""

from datetime import UTC, date, datetime

import duckdb
import pytest

from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row

SEEN = ("usage", "cost", *AGGREGATES)
EARLIER, LATER = "2026-06-12T00:00:00Z", "2026-06-13T00:00:00Z"
ALL_FINAL = datetime(2026, 8, 1, tzinfo=UTC)


def test_a_window_that_lands_again_replaces_its_rows(pipeline: Pipeline) -> None:
    pipeline.land([row("old", charge("net", "1")), row("both", charge("net", "2"))])
    pipeline.run()

    pipeline.land([row("both", charge("net", "5")), row("new", charge("net", "7"))])
    pipeline.run()

    assert pipeline.query("select row_id, cost from cost order by row_id") == [
        ("both", money("5")),
        ("new", money("7")),
    ]
    assert pipeline.one("select cost from cost_by_account") == money("5") + money("7")
    assert pipeline.one("select count(*) from loads") == 1


def test_an_empty_answer_empties_every_table(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()

    pipeline.land([])
    pipeline.run()

    assert {table: pipeline.one(f"select count(*) from {table}") for table in SEEN} == dict.fromkeys(SEEN, 0)
    assert pipeline.one("select usage_rows from loads") == 0


def test_an_empty_first_answer_is_loaded_as_a_day_without_usage(pipeline: Pipeline) -> None:
    pipeline.land([])

    pipeline.derive_cost()

    assert pipeline.query("select window_start, usage_rows from loads") == [(DAY, 0)]


def test_a_window_that_lands_again_changes_no_other_window(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.land([row("r2", charge("net", "2"), day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.land([row("r3", charge("net", "3"))], account="other")
    pipeline.derive_cost()

    pipeline.land([])
    pipeline.derive_cost()

    assert pipeline.query("select row_id from cost order by row_id") == [("r2",), ("r3",)]


def test_the_same_answer_is_not_loaded_again(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.derive_cost()

    changed = pipeline.land([row("r1", charge("net", "1"))])
    report = pipeline.derive_cost()

    assert not changed
    assert report.windows == 0
    assert pipeline.one("select cost from cost") == money("1")


def test_a_loaded_window_is_not_loaded_again(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.load()

    report = pipeline.load()

    assert report.windows == 0


def test_the_same_answer_is_loaded_again_when_it_becomes_final(pipeline: Pipeline) -> None:
    provisional = datetime(2026, 6, 12, tzinfo=UTC)
    pipeline.land([row("r1", charge("net", "1"))], fetched_at=provisional)
    pipeline.run()
    assert pipeline.query("select is_provisional from cost") == [(True,)]
    assert pipeline.one("select provisional_cost from cost_by_account") == money("1")

    pipeline.land([row("r1", charge("net", "1"))], fetched_at=ALL_FINAL)
    pipeline.run()

    assert pipeline.query("select is_provisional from cost") == [(False,)]
    assert pipeline.one("select provisional_cost from cost_by_account") is None


def test_a_row_that_moves_to_another_day_leaves_its_former_days(pipeline: Pipeline) -> None:
    june = date(2026, 6, 1)
    month = {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-07-01T00:00:00Z"}
    pipeline.land([row("r1", charge("total", "30"), **month)], day=june, integration="datadog", fetched_at=ALL_FINAL)
    pipeline.run()

    pipeline.land([row("r1", charge("total", "30"))], day=june, integration="datadog", fetched_at=ALL_FINAL)
    pipeline.run()

    assert pipeline.query("select usage_date, cost from cost_by_account") == [(DAY, money("30"))]


def test_a_run_that_stopped_after_loading_is_completed_by_the_next(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.load()

    pipeline.derive()

    assert pipeline.one("select cost from cost_by_user") == money("1")


def test_a_failed_transaction_changes_no_table(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.derive_cost()

    with pytest.raises(duckdb.Error), pipeline.warehouse.transaction() as connection:
        connection.execute("delete from cost; select no_such_column from cost")

    assert pipeline.one("select count(*) from cost") == 1


def test_identical_rows_are_one_row(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))] * 3)

    report = pipeline.derive_cost()

    assert pipeline.query("select row_id, cost from cost") == [("r1", money("1"))]
    assert pipeline.one("select duplicate_rows from loads") == 2
    assert report.duplicates == 2


def test_of_differing_duplicates_the_latest_update_is_kept(pipeline: Pipeline) -> None:
    pipeline.land(
        [
            row("r1", charge("net", "1"), updated_at=EARLIER),
            row("r1", charge("net", "2"), updated_at=LATER),
            row("r1", charge("net", "3")),
        ]
    )

    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == money("2")


def test_of_duplicates_with_equal_updates_the_last_is_kept(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", amount), updated_at=LATER) for amount in ("2", "1")])

    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == money("1")


def test_rows_with_one_id_and_other_dimensions_are_no_duplicates(pipeline: Pipeline) -> None:
    other: list[dict[str, object]] = [
        {"metric_name": "b"},
        {"surface": "cli"},
        {"product": {"id": "p"}},
        {"organization": {"id": "o"}},
        {"user": {"id": "u"}},
        {"model": {"id": "m"}},
        {"model": {"id": "m", "provider": "x"}},
        {"resources": [{"id": "s", "name": "n"}]},
        {"end_date": "2026-06-10T12:00:00Z"},
        {"usage": {"unit": "token"}},
    ]
    pipeline.land([row("r1", charge("net", "1"))] + [row("r1", charge("net", "1"), **given) for given in other])

    pipeline.derive_cost()

    assert pipeline.one("select sum(cost) from cost") == 1 + len(other)
    assert pipeline.one("select duplicate_rows from loads") == 0


def test_dimensions_that_are_equal_when_joined_are_no_duplicates(pipeline: Pipeline) -> None:
    pipeline.land(
        [
            row("r1", charge("net", "1"), product={"id": "ab"}, metric_name="c"),
            row("r1", charge("net", "1"), product={"id": "a"}, metric_name="bc"),
            row("r1", charge("net", "1"), product={"id": "d\x1fe"}, metric_name="f"),
            row("r1", charge("net", "1"), product={"id": "d"}, metric_name="e\x1ff"),
            row("r1", charge("net", "1"), user={"id": "u"}),
            row("r1", charge("net", "1"), model={"id": "u"}),
        ]
    )

    pipeline.derive_cost()

    assert pipeline.one("select count(*) from usage") == 6


def test_rows_that_differ_in_a_name_are_duplicates(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), user={"id": "u", "name": name}) for name in ("Ann", "Anna")])

    pipeline.derive_cost()

    assert pipeline.query("select user_name from usage") == [("Anna",)]


def test_an_empty_warehouse_loads_every_landed_window(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.land([row("r2", charge("net", "2"), day=NEXT_DAY)], day=NEXT_DAY, account="other")
    pipeline.run()
    pipeline.publish()
    pipeline.warehouse.path.unlink()

    report = pipeline.load()

    assert (report.windows, report.rows) == (2, 2)
    assert pipeline.landing.pending() == []
    assert pipeline.query("select row_id from usage order by row_id") == [("r1",), ("r2",)]


def test_an_empty_landing_folder_loads_nothing(pipeline: Pipeline) -> None:
    assert pipeline.load().windows == 0


def test_a_broken_manifest_costs_its_own_window_which_is_missing_from_then_on(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.land([row("r2", charge("net", "2"), day=NEXT_DAY)], day=NEXT_DAY)
    [manifest] = pipeline.landing.root.glob(f"windows/*/*/{DAY}_*.json")
    manifest.write_text("{")

    report = pipeline.run()
    pipeline.publish()

    assert (report.windows, pipeline.one("select sum(cost) from cost")) == (1, 2)
    assert [key.window_start for key in pipeline.landing.windows()] == [NEXT_DAY]
    assert pipeline.landing.pending() == []
