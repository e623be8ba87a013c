"""Claims about the tables that hold whatever companies use and in whatever order their usage is fetched.

A case is one row that the API answered, made up at random and followed into the tables. A run holds at least
2 × 10 × 40 rows of companies, 3 × 70 long ones and 2 × 80 at edges: 1,170. Rows of the histories come on top, and each
is counted once however often it is fetched. `pytest --cases 10` tries ten times as many,
others at every run, and a failure prints how to have its own again; without the flag they are the same ones always.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets_tests.warehouse.companies import land
from usage_assets_tests.warehouse.edge_cases import (
    AFTER,
    DAILY,
    EDGE_ROWS,
    EDGED_WINDOWS,
    JUNE,
    LONG_ROWS,
    MONTHLY,
    TURNING,
    EdgeRow,
    LongRow,
    Turn,
    june,
    on_june,
)
from usage_assets_tests.warehouse.histories import (
    SEEDS,
    Parts,
    Story,
    answers_of,
    at_random,
    day_by_day,
    of_some_vendors,
    restated,
    seeds_of,
    wander,
)
from usage_assets_tests.warehouse.oracle import Answer
from usage_assets_tests.warehouse.oracle_money import in_pico
from usage_assets_tests.warehouse.pipeline import charge, row
from usage_assets_tests.warehouse.properties import (
    OpenPipeline,
    cases,
    contents,
    expected_lines,
    open_books,
    unexpected,
    unlike,
    unsound,
)

REMEMBERING = {"users", "prices", "restatements", "cost_by_user"}


@cases(2)
@given(seeds_of(10))
def test_every_table_is_what_the_oracle_makes_of_the_rows(seeds: list[int]) -> None:
    answers = answers_of(seeds, rows=40)
    with open_books() as pipeline:
        for answer in answers:
            land(pipeline, answer)

        pipeline.run()

        assert unexpected(pipeline, answers) == {}


@pytest.mark.parametrize("parts", [at_random, day_by_day])
@cases(1)
@given(seeds=seeds_of(6), order=SEEDS)
def test_any_order_of_fetching_loading_and_deriving_gives_the_same_tables(
    seeds: list[int], order: int, parts: Parts
) -> None:
    rng = Random(order)
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    with open_books() as straight, open_books() as wandering:
        for answer in answers:
            land(straight, answer)
        straight.run()

        for _ in wander(wandering, parts(answers, rng), rng):
            pass

        assert unlike(contents(straight), contents(wandering)) == {}
        assert wandering.query("select * from restatements") == []


@cases(1)
@given(seeds_of(6), SEEDS)
def test_after_every_step_the_tables_agree_with_each_other(seeds: list[int], order: int) -> None:
    rng = Random(order)
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    later = [restated(answer, rng) for answer in answers]
    with open_books() as pipeline:
        for fetched in (answers, later):
            for _ in wander(pipeline, at_random(fetched, rng), rng):
                assert unsound(pipeline) == {}


@cases(2)
@given(seeds_of(6), SEEDS)
def test_restated_windows_show_their_last_answer_and_every_change_is_on_record(seeds: list[int], order: int) -> None:
    rng, story = Random(order), Story()
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    with open_books() as pipeline:
        for _ in range(3):
            story.land(answers, pipeline)
            if rng.random() < 0.3:
                pipeline.load()
                story.load()
                answers = [restated(answer, rng) for answer in answers]
                story.land(answers, pipeline)
            pipeline.run()
            story.close()
            assert unexpected(pipeline, story.standing, story.duplicates) == {}
            answers = [restated(answer, rng) for answer in answers if rng.random() < 0.6]

        columns = "account_id, window_start, window_end, currency, rows_before, rows_after, cost_before, cost_after"
        recorded = Counter(pipeline.query(f"select {columns} from restatements"))
        assert unlike({"restatements": story.restatements.elements()}, {"restatements": recorded.elements()}) == {}


@cases(1)
@given(seeds_of(6), SEEDS)
def test_restated_books_equal_books_that_saw_only_the_last_answers(seeds: list[int], order: int) -> None:
    rng, story = Random(order), Story()
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    with open_books() as pipeline, open_books() as fresh:
        for _ in range(2):
            story.land(answers, pipeline)
            pipeline.run()
            story.close()
            answers = [restated(answer, rng) for answer in answers if rng.random() < 0.6]

        _assert_equal_to_fresh(pipeline, fresh, story.standing)


@cases(1)
@given(seeds_of(6), SEEDS)
def test_days_that_become_empty_are_empty_in_every_table(seeds: list[int], order: int) -> None:
    rng = Random(order)
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    emptied = [replace(answer, rows=[]) if rng.random() < 0.5 else answer for answer in answers]
    with open_books() as pipeline:
        for answer in answers:
            land(pipeline, answer)
        pipeline.run()

        for answer in rng.sample(emptied, len(emptied)):
            land(pipeline, answer)
        pipeline.run()

        days = {(line.account_id, line.usage_date) for line in expected_lines(emptied)}
        for table in ("cost", *COST_DEPENDENTS):
            held = set(pipeline.query(f"select distinct account_id, usage_date from {table}"))
            assert held - days == set(), table
        windows = {(one.account_id, one.window_start) for one in emptied if one.rows}
        for table in ("usage", "rejected_rows"):
            assert set(pipeline.query(f"select distinct account_id, window_start from {table}")) - windows == set(), (
                table
            )


@cases(3)
@given(st.lists(LONG_ROWS, min_size=70, max_size=70))
def test_the_days_of_a_split_row_sum_to_it_and_each_is_cut_toward_zero(long_rows: list[LongRow]) -> None:
    with open_books() as pipeline:
        rows = [one.as_row(f"{number}") for number, one in enumerate(long_rows)]
        pipeline.land(rows, day=JUNE, integration="datadog", fetched_at=AFTER)

        pipeline.derive_cost()

        found: dict[str, list[Any]] = {f"{number}": [] for number in range(len(rows))}
        for row_id, *line in pipeline.query(
            "select row_id, usage_date, cost, tax, output_tokens, requests from cost order by usage_date"
        ):
            found[row_id].append(tuple(line))
        assert found == {f"{number}": one.days for number, one in enumerate(long_rows)}
        assert all(one.amount == sum(in_pico(line[1]) for line in found[f"{n}"]) for n, one in enumerate(long_rows))


@cases(2)
@given(st.lists(EDGE_ROWS, min_size=80, max_size=80), SEEDS)
def test_a_row_at_an_edge_counts_once_however_its_neighbours_answer(edges: list[EdgeRow], order: int) -> None:
    rng = Random(order)
    rows = [(edge, edge.as_row(f"{number}", rng)) for number, edge in enumerate(edges)]
    strangers = dict[Any, int]()
    with open_books() as pipeline:
        for account, day in rng.sample(EDGED_WINDOWS, len(EDGED_WINDOWS)):
            answered = [(edge, one) for edge, one in rows if edge.account == account and edge.is_seen_by(day, rng)]
            strangers[account, day] = sum(edge.window != (account, day) for edge, _ in answered)
            pipeline.land([one for _, one in answered], day=day, account=account, integration=account, fetched_at=AFTER)
            if rng.random() < 0.3:
                pipeline.load()

        pipeline.derive_cost()

        counted = pipeline.query("select row_id, account_id, window_start, usage_date, cost from cost")
        assert sorted(counted) == sorted((f"{n}", *edge.window, edge.day, Decimal(1)) for n, edge in enumerate(edges))
        dropped = pipeline.query("select account_id, window_start, dropped_rows from loads")
        assert {(account, day): count for account, day, count in dropped} == strangers


@cases(1)
@given(SEEDS)
def test_a_vendor_that_turns_from_months_to_days_and_back_counts_every_day_once(seed: int) -> None:
    rng = Random(seed)
    turns = [Turn(f"turn-{number}", rng) for number in range(4)]
    with open_books(MONTHLY) as pipeline, open_books(DAILY) as daily, open_books(MONTHLY) as monthly:
        for turn in turns:
            land(pipeline, turn.month)
        pipeline.run()
        pipeline.publish()

        pipeline.profiles = DAILY
        for _ in range(3):
            for turn in turns:
                turn.land_some_days(pipeline)
            pipeline.run()
            assert unexpected(pipeline, [one for turn in turns for one in turn.standing], readings=TURNING) == {}
            assert unsound(pipeline) == {}
        _assert_equal_to_fresh(pipeline, daily, [day for turn in turns for day in turn.days])

        pipeline.publish()
        pipeline.profiles = MONTHLY
        for turn in turns:
            land(pipeline, turn.later_month)
        pipeline.run()
        assert unsound(pipeline) == {}
        _assert_equal_to_fresh(pipeline, monthly, [turn.later_month for turn in turns])


def test_a_day_is_not_lost_to_a_month_that_was_fetched_before_it() -> None:
    with open_books(MONTHLY) as pipeline:
        month = row("month", charge("net", "1"), day=JUNE)
        pipeline.land([month], day=JUNE, fetched_at=on_june(2), integration="turning")
        pipeline.run()
        pipeline.profiles = DAILY
        for day in map(june, (1, 2, 3)):
            pipeline.land(
                [row("day", charge("net", "10"), day=day)], day=day, fetched_at=on_june(9), integration="turning"
            )
        pipeline.run()

        pipeline.profiles = MONTHLY
        pipeline.run()

        assert june(3) in {day for (day,) in pipeline.query("select usage_date from cost")}


def _assert_equal_to_fresh(pipeline: OpenPipeline, fresh: OpenPipeline, answers: list[Answer]) -> None:
    """The tables but those that remember are as on `fresh` pipeline, which see only these answers."""
    for answer in answers:
        land(fresh, answer)
    fresh.run()
    different = unlike(contents(pipeline, "user_key"), contents(fresh, "user_key"))
    assert {table: found for table, found in different.items() if table not in REMEMBERING} == {}
