"""Claims about the tables that hold for random companies and for every order of fetching.

A case is one random row of the API, followed into the tables. A run has at least 2 × 10 × 40 rows of companies,
3 × 70 long rows and 2 × 80 rows at edges: 1,170; the rows of the histories are further cases. `pytest --cases 10` tries
ten times as many cases, others at every run. A failing case is shrunk, and the failure prints how to repeat it. Without
the flag the cases are the same at every run.
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
    ExpectedHistory,
    Parts,
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
    PipelineInMemory,
    cases,
    contents,
    expected_lines,
    pipeline_in_memory,
    unexpected,
    unlike,
    unsound,
)

WITH_MEMORY = {"users", "prices", "restatements", "cost_by_user"}


@cases(2)
@given(seeds_of(10))
def test_every_table_equals_what_the_oracle_computes(seeds: list[int]) -> None:
    answers = answers_of(seeds, rows=40)
    with pipeline_in_memory() as pipeline:
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
    with pipeline_in_memory() as straight, pipeline_in_memory() as wandering:
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
    with pipeline_in_memory() as pipeline:
        for fetched in (answers, later):
            for _ in wander(pipeline, at_random(fetched, rng), rng):
                assert unsound(pipeline) == {}


@cases(2)
@given(seeds_of(6), SEEDS)
def test_restated_windows_show_their_last_answer_and_every_change_is_recorded(seeds: list[int], order: int) -> None:
    rng, history = Random(order), ExpectedHistory()
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    with pipeline_in_memory() as pipeline:
        for _ in range(3):
            history.land(answers, pipeline)
            if rng.random() < 0.3:
                pipeline.load()
                history.load()
                answers = [restated(answer, rng) for answer in answers]
                history.land(answers, pipeline)
            pipeline.run()
            history.run()
            assert unexpected(pipeline, history.active, history.replaced) == {}
            answers = [restated(answer, rng) for answer in answers if rng.random() < 0.6]

        columns = "account_id, window_start, window_end, currency, rows_before, rows_after, cost_before, cost_after"
        recorded = Counter(pipeline.query(f"select {columns} from restatements"))
        assert unlike({"restatements": history.restatements.elements()}, {"restatements": recorded.elements()}) == {}


@cases(1)
@given(seeds_of(6), SEEDS)
def test_restated_tables_equal_tables_that_loaded_only_the_last_answers(seeds: list[int], order: int) -> None:
    rng, history = Random(order), ExpectedHistory()
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    with pipeline_in_memory() as pipeline, pipeline_in_memory() as fresh:
        for _ in range(2):
            history.land(answers, pipeline)
            pipeline.run()
            history.run()
            answers = [restated(answer, rng) for answer in answers if rng.random() < 0.6]

        _assert_equal_to_fresh(pipeline, fresh, history.active)


@cases(1)
@given(seeds_of(6), SEEDS)
def test_days_that_become_empty_are_empty_in_every_table(seeds: list[int], order: int) -> None:
    rng = Random(order)
    answers = of_some_vendors(answers_of(seeds, rows=60), rng)
    emptied = [replace(answer, rows=[]) if rng.random() < 0.5 else answer for answer in answers]
    with pipeline_in_memory() as pipeline:
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
        windows = {(answer.account_id, answer.window_start) for answer in emptied if answer.rows}
        for table in ("usage", "rejected_rows"):
            assert set(pipeline.query(f"select distinct account_id, window_start from {table}")) - windows == set(), (
                table
            )


@cases(3)
@given(st.lists(LONG_ROWS, min_size=70, max_size=70))
def test_the_days_of_a_split_row_sum_to_it_and_each_is_truncated_toward_zero(long_rows: list[LongRow]) -> None:
    with pipeline_in_memory() as pipeline:
        rows = [long_row.as_row(f"{number}") for number, long_row in enumerate(long_rows)]
        pipeline.land(rows, day=JUNE, integration="datadog", fetched_at=AFTER)

        pipeline.derive_cost()

        found: dict[str, list[Any]] = {f"{number}": [] for number in range(len(rows))}
        for row_id, *line in pipeline.query(
            "select row_id, usage_date, cost, tax, output_tokens, requests from cost order by usage_date"
        ):
            found[row_id].append(tuple(line))
        assert found == {f"{number}": long_row.days for number, long_row in enumerate(long_rows)}
        sums = [sum(in_pico(cost) for _, cost, *_ in found[f"{number}"]) for number in range(len(long_rows))]
        assert sums == [long_row.amount for long_row in long_rows]


@cases(2)
@given(st.lists(EDGE_ROWS, min_size=80, max_size=80), SEEDS)
def test_a_row_at_an_edge_counts_once_for_all_answers_of_its_neighbours(edges: list[EdgeRow], order: int) -> None:
    rng = Random(order)
    rows = [(edge, edge.as_row(f"{number}", rng)) for number, edge in enumerate(edges)]
    outside = dict[Any, int]()
    with pipeline_in_memory() as pipeline:
        for account, day in rng.sample(EDGED_WINDOWS, len(EDGED_WINDOWS)):
            answered = [
                (edge, edge_row) for edge, edge_row in rows if edge.account == account and edge.is_seen_by(day, rng)
            ]
            outside[account, day] = sum(edge.window != (account, day) for edge, _ in answered)
            pipeline.land(
                [edge_row for _, edge_row in answered], day=day, account=account, integration=account, fetched_at=AFTER
            )
            if rng.random() < 0.3:
                pipeline.load()

        pipeline.derive_cost()

        counted = pipeline.query("select row_id, account_id, window_start, usage_date, cost from cost")
        assert sorted(counted) == sorted((f"{n}", *edge.window, edge.day, Decimal(1)) for n, edge in enumerate(edges))
        dropped = pipeline.query("select account_id, window_start, dropped_rows from loads")
        assert {(account, day): count for account, day, count in dropped} == outside


@cases(1)
@given(SEEDS)
def test_a_profile_that_changes_from_months_to_days_and_back_counts_every_day_once(seed: int) -> None:
    rng = Random(seed)
    turns = [Turn(f"turn-{number}", rng) for number in range(4)]
    with (
        pipeline_in_memory(MONTHLY) as pipeline,
        pipeline_in_memory(DAILY) as daily,
        pipeline_in_memory(MONTHLY) as monthly,
    ):
        for turn in turns:
            land(pipeline, turn.month)
        pipeline.run()
        pipeline.publish()

        pipeline.profiles = DAILY
        for _ in range(3):
            for turn in turns:
                turn.land_some_days(pipeline)
            pipeline.run()
            assert unexpected(pipeline, [answer for turn in turns for answer in turn.active], readings=TURNING) == {}
            assert unsound(pipeline) == {}
        _assert_equal_to_fresh(pipeline, daily, [day for turn in turns for day in turn.days])

        pipeline.publish()
        pipeline.profiles = MONTHLY
        for turn in turns:
            land(pipeline, turn.later_month)
        pipeline.run()
        assert unsound(pipeline) == {}
        _assert_equal_to_fresh(pipeline, monthly, [turn.later_month for turn in turns])


def test_a_month_that_was_fetched_before_a_day_does_not_replace_it() -> None:
    with pipeline_in_memory(MONTHLY) as pipeline:
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


def _assert_equal_to_fresh(pipeline: PipelineInMemory, fresh: PipelineInMemory, answers: list[Answer]) -> None:
    """Assert that the tables without memory equal those of a `fresh` pipeline that loads only these answers."""
    for answer in answers:
        land(fresh, answer)
    fresh.run()
    different = unlike(contents(pipeline, "user_key"), contents(fresh, "user_key"))
    assert {table: found for table, found in different.items() if table not in WITH_MEMORY} == {}
