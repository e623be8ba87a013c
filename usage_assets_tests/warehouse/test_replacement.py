"""A window that lands again replaces what was there, whole; rows told twice are one."""

from datetime import UTC, date, datetime

import duckdb
import pytest

from usage_assets.warehouse.statements import AGGREGATES
from usage_assets_tests.warehouse.books import DAY, NEXT_DAY, Books, charge, money, row

SEEN = ("usage", "cost", *AGGREGATES)
EARLIER, LATER = "2026-06-12T00:00:00Z", "2026-06-13T00:00:00Z"
ALL_FINAL = datetime(2026, 8, 1, tzinfo=UTC)


def test_a_window_that_lands_again_replaces_its_rows(books: Books) -> None:
    books.land([row("old", charge("net", "1")), row("both", charge("net", "2"))])
    books.close()

    books.land([row("both", charge("net", "5")), row("new", charge("net", "7"))])
    books.close()

    assert books.query("select row_id, cost from cost order by row_id") == [("both", money("5")), ("new", money("7"))]
    assert books.one("select cost from cost_by_account") == money("5") + money("7")
    assert books.one("select count(*) from loads") == 1


def test_an_empty_answer_empties_every_table(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.close()

    books.land([])
    books.close()

    assert {table: books.one(f"select count(*) from {table}") for table in SEEN} == dict.fromkeys(SEEN, 0)
    assert books.one("select usage_rows from loads") == 0


def test_an_empty_first_answer_is_loaded_as_a_day_without_usage(books: Books) -> None:
    books.land([])

    books.reckon()

    assert books.query("select window_start, usage_rows from loads") == [(DAY, 0)]


def test_a_window_that_lands_again_leaves_its_neighbours_alone(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.land([row("r2", charge("net", "2"), day=NEXT_DAY)], day=NEXT_DAY)
    books.land([row("r3", charge("net", "3"))], account="other")
    books.reckon()

    books.land([])
    books.reckon()

    assert books.query("select row_id from cost order by row_id") == [("r2",), ("r3",)]


def test_the_same_answer_again_loads_nothing(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.reckon()

    changed = books.land([row("r1", charge("net", "1"))])
    report = books.reckon()

    assert not changed
    assert report.windows == 0
    assert books.one("select cost from cost") == money("1")


def test_a_load_that_was_done_is_not_done_again(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.load()

    report = books.load()

    assert report.windows == 0


def test_the_same_answer_is_loaded_again_when_it_becomes_final(books: Books) -> None:
    provisional = datetime(2026, 6, 12, tzinfo=UTC)
    books.land([row("r1", charge("net", "1"))], fetched_at=provisional)
    books.close()
    assert books.query("select is_provisional from cost") == [(True,)]
    assert books.one("select provisional_cost from cost_by_account") == money("1")

    books.land([row("r1", charge("net", "1"))], fetched_at=ALL_FINAL)
    books.close()

    assert books.query("select is_provisional from cost") == [(False,)]
    assert books.one("select provisional_cost from cost_by_account") is None


def test_a_row_that_moved_to_another_day_leaves_its_old_days(books: Books) -> None:
    june = date(2026, 6, 1)
    month = {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-07-01T00:00:00Z"}
    books.land([row("r1", charge("total", "30"), **month)], day=june, integration="datadog", fetched_at=ALL_FINAL)
    books.close()

    books.land([row("r1", charge("total", "30"))], day=june, integration="datadog", fetched_at=ALL_FINAL)
    books.close()

    assert books.query("select usage_date, cost from cost_by_account") == [(DAY, money("30"))]


def test_a_run_that_stopped_after_loading_is_made_up_for(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.load()

    books.derive()

    assert books.one("select cost from cost_by_user") == money("1")


def test_a_failed_transaction_leaves_the_books_as_they_were(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))])
    books.reckon()

    with pytest.raises(duckdb.Error), books.warehouse.transaction() as connection:
        connection.execute("delete from cost; select no_such_column from cost")

    assert books.one("select count(*) from cost") == 1


def test_identical_rows_are_one_row(books: Books) -> None:
    books.land([row("r1", charge("net", "1"))] * 3)

    report = books.reckon()

    assert books.query("select row_id, cost from cost") == [("r1", money("1"))]
    assert books.one("select duplicate_rows from loads") == 2
    assert report.duplicates == 2


def test_of_rows_told_differently_the_latest_update_stays(books: Books) -> None:
    books.land(
        [
            row("r1", charge("net", "1"), updated_at=EARLIER),
            row("r1", charge("net", "2"), updated_at=LATER),
            row("r1", charge("net", "3")),
        ]
    )

    books.reckon()

    assert books.one("select cost from cost") == money("2")


def test_of_rows_updated_at_once_the_last_one_stays(books: Books) -> None:
    books.land([row("r1", charge("net", amount), updated_at=LATER) for amount in ("2", "1")])

    books.reckon()

    assert books.one("select cost from cost") == money("1")


def test_one_id_with_other_dimensions_is_another_row(books: Books) -> None:
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
    books.land([row("r1", charge("net", "1"))] + [row("r1", charge("net", "1"), **given) for given in other])

    books.reckon()

    assert books.one("select sum(cost) from cost") == 1 + len(other)
    assert books.one("select duplicate_rows from loads") == 0


def test_dimensions_that_read_alike_one_after_the_other_are_not_alike(books: Books) -> None:
    books.land(
        [
            row("r1", charge("net", "1"), product={"id": "ab"}, metric_name="c"),
            row("r1", charge("net", "1"), product={"id": "a"}, metric_name="bc"),
            row("r1", charge("net", "1"), product={"id": "d\x1fe"}, metric_name="f"),
            row("r1", charge("net", "1"), product={"id": "d"}, metric_name="e\x1ff"),
            row("r1", charge("net", "1"), user={"id": "u"}),
            row("r1", charge("net", "1"), model={"id": "u"}),
        ]
    )

    books.reckon()

    assert books.one("select count(*) from usage") == 6


def test_a_name_that_changed_is_no_other_dimension(books: Books) -> None:
    books.land([row("r1", charge("net", "1"), user={"id": "u", "name": name}) for name in ("Ann", "Anna")])

    books.reckon()

    assert books.query("select user_name from usage") == [("Anna",)]
