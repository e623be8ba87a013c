"""`activity_by_user`: the numbers of `usage` that no meter reads, summed per day, whatever the members are called."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.warehouse.activity import MOST_PATHS, PATHS_AT_ONCE
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, row

ANN = {"id": "7", "email": "Ann@acme.example"}


def used(row_id: str, usage: Any, **given: Any) -> dict[str, Any]:
    return row(row_id, **{"user": ANN, "usage": usage, **given})


def written(row_id: str, usage: str) -> str:
    """Return a row whose `usage` is written as `usage` in the JSON."""
    return msgspec.json.encode(row(row_id, usage=msgspec.Raw(usage.encode()))).decode()


def values(pipeline: Pipeline) -> dict[str, Decimal]:
    """Return the value of each metric, of which there is one line."""
    rows = pipeline.query("select metric, value from activity_by_user")
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def activity_of(pipeline: Pipeline, *usages: Any) -> dict[str, Decimal]:
    pipeline.land([used(f"r{number}", usage) for number, usage in enumerate(usages)])
    pipeline.run()
    return values(pipeline)


def test_numbers_are_added_over_the_rows_of_a_day(pipeline: Pipeline) -> None:
    assert activity_of(
        pipeline, {"code": {"lines_added": 5, "commits": 0}}, {"code": {"lines_added": 7}}, {"requests": {"agent": 0.5}}
    ) == {"code.lines_added": 12, "code.commits": 0, "requests.agent": Decimal("0.5")}


def test_numbers_below_one_are_added_exactly(pipeline: Pipeline) -> None:
    assert activity_of(pipeline, *[{"hours": 0.1}] * 10) == {"hours": 1}


def test_a_distinct_count_is_the_maximum_and_marked(pipeline: Pipeline) -> None:
    activity_of(pipeline, {"sessions": {"distinct": 4}, "turns": 1}, {"sessions": {"distinct": 9}, "turns": 1})

    assert pipeline.query("select metric, value, is_maximum from activity_by_user order by all") == [
        ("sessions.distinct", 9, True),
        ("turns", 2, False),
    ]


def test_counts_that_have_a_column_are_left_out(pipeline: Pipeline) -> None:
    counted = {"requests": {"total": 3}, "tokens": {"input": 4, "total": 9}, "quantity": 5, "unit": "GB"}

    assert activity_of(pipeline, {**counted, "turns": 1}) == {"turns": 1}


@pytest.mark.parametrize("value", [True, False, None, "5", {}, [], "NaN", [True], {"b": "x"}])
def test_what_is_no_number_is_no_activity(pipeline: Pipeline, value: Any) -> None:
    assert activity_of(pipeline, {"a": value, "turns": 1}) == {"turns": 1}


def test_numbers_in_lists_are_added_under_their_own_path(pipeline: Pipeline) -> None:
    assert activity_of(pipeline, {"x": [1, 2, {"y": 3}, [4]], "turns": 1}, {"x": 9}) == {
        "x": 9,
        "x[]": 3,
        "x[].y": 3,
        "x[][]": 4,
        "turns": 1,
    }


def test_a_member_that_is_an_object_in_one_row_and_a_number_in_another_counts_in_both(pipeline: Pipeline) -> None:
    rows = [{"tool": {"edit": {"ok": 1}}}, {"tool": 5}, {"tool": {"edit": 2}}, {"code": 3}, {"code": {"x": 4}}]

    assert activity_of(pipeline, *rows) == {"tool.edit.ok": 1, "tool": 5, "tool.edit": 2, "code": 3, "code.x": 4}


def test_braces_and_brackets_in_texts_hide_no_number(pipeline: Pipeline) -> None:
    assert activity_of(pipeline, {"s": "{[", "x": 1}, {"s": "a", "x": {"y": 2}}, {"s": "a", "x": [3]}) == {
        "x": 1,
        "x.y": 2,
        "x[]": 3,
    }


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("a.b", '"a.b"'),
        ('q"q', r'"q\"q"'),
        ("*", "*"),
        ("n" * 300, "n" * 300),
        ("\x00\x1b[31m", r'"\u0000\u001b[31m"'),
        ("'; drop table usage; --", '"\'; drop table usage; --"'),
        ("$.code", '"$.code"'),
        ("", '""'),
        ("é", "é"),
    ],
)
def test_a_hostile_name_is_a_metric_like_any_other(pipeline: Pipeline, name: str, metric: str) -> None:
    assert activity_of(pipeline, {name: 2, "turns": 1}, {name: 3}) == {metric: 5, "turns": 1}


def test_names_that_look_alike_are_kept_apart(pipeline: Pipeline) -> None:
    assert activity_of(pipeline, {"a.b": 1}, {"a": {"b": 2}}, {"A": {"b": 4}}, {"a": {"B": 8}}) == {
        '"a.b"': 1,
        "a.b": 2,
        "A.b": 4,
        "a.B": 8,
    }


def test_of_equal_names_in_one_object_the_first_counts(pipeline: Pipeline) -> None:
    plain, unusual = '{"turns": 1, "turns": 5}', '{"x.y": 0, "turns": 1, "turns": 5}'
    pipeline.land([written("r1", plain), written("r2", unusual)])
    pipeline.run()

    assert values(pipeline) == {'"x.y"': 0, "turns": 2}


def test_a_row_with_a_thousand_members_has_a_thousand_metrics(pipeline: Pipeline) -> None:
    assert activity_of(pipeline, {f"m{number}": 1 for number in range(1000)}, {"turns": 1}) == {
        "turns": 1,
        **{f"m{number}": 1 for number in range(1000)},
    }


@pytest.mark.parametrize("members", [PATHS_AT_ONCE - 1, PATHS_AT_ONCE, PATHS_AT_ONCE + 1, MOST_PATHS, MOST_PATHS + 1])
def test_no_number_is_lost_where_paths_are_read_some_at_a_time(pipeline: Pipeline, members: int) -> None:
    usage = {f"m{number}": number for number in range(members)}

    assert activity_of(pipeline, usage, usage) == {f"m{number}": 2 * number for number in range(members)}


def test_many_rows_with_members_of_their_own_are_all_read(pipeline: Pipeline) -> None:
    rows = [{f"m{number}_{place}": 1 for place in range(5)} for number in range(60)]

    assert len(activity_of(pipeline, *rows)) == 300


def test_objects_at_any_depth_are_read(pipeline: Pipeline) -> None:
    nested: Any = 7
    for level in reversed(range(20)):
        nested = {f"level{level}": nested}

    assert activity_of(pipeline, nested) == {".".join(f"level{level}" for level in range(20)): 7}


def test_an_object_without_end_costs_that_row(pipeline: Pipeline) -> None:
    deep = '{"a":' * 900 + "1" + "}" * 900
    pipeline.land([written("deep", deep), used("r1", {"turns": 1}, user={})])
    pipeline.run()

    assert values(pipeline)["turns"] == 1


@pytest.mark.parametrize(("number", "value"), [("999999999999999", 999999999999999), ("-3", -3), ("1e3", 1000)])
def test_numbers_below_1e15_count(pipeline: Pipeline, number: str, value: int) -> None:
    pipeline.land([written("r1", f'{{"turns": {number}}}')])
    pipeline.run()

    assert values(pipeline) == {"turns": value}


@pytest.mark.parametrize("number", ["1e15", "1e400", "-1e15", "123456789012345678901234567890"])
def test_larger_numbers_are_left_out(pipeline: Pipeline, number: str) -> None:
    pipeline.land([written("r1", f'{{"turns": {number}, "x": 1}}')])
    pipeline.run()

    assert values(pipeline) == {"x": 1}


def test_rows_are_grouped_by_day_account_provider_surface_and_person(pipeline: Pipeline) -> None:
    turns = {"turns": 1}
    pipeline.land([used("r1", turns), used("r2", turns, surface="chat"), used("r3", turns, user={"id": "8"})])
    pipeline.land([used("r1", turns, day=NEXT_DAY, model={"id": "m", "provider": "Maker"})], day=NEXT_DAY)
    pipeline.land([used("r1", turns)], account="other", integration="claude")
    pipeline.run()

    columns = "usage_date, account_id, integration, provider, surface, user_key, value::integer"
    assert pipeline.query(f"select {columns} from activity_by_user order by all") == [
        (DAY, "acme", "confluent", "confluent", "(none)", "acme:8", 1),
        (DAY, "acme", "confluent", "confluent", "(none)", "ann@acme.example", 1),
        (DAY, "acme", "confluent", "confluent", "chat", "ann@acme.example", 1),
        (DAY, "other", "claude", "anthropic", "(none)", "ann@acme.example", 1),
        (NEXT_DAY, "acme", "confluent", "maker", "(none)", "ann@acme.example", 1),
    ]


def test_a_row_of_several_days_counts_on_its_first(pipeline: Pipeline) -> None:
    month = {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-07-01T00:00:00Z"}
    pipeline.land([used("r1", {"turns": 30}, **month)], integration="datadog")
    pipeline.run()

    assert pipeline.query("select usage_date::varchar, value::integer from activity_by_user") == [("2026-06-01", 30)]


def test_a_restated_day_replaces_its_activity(pipeline: Pipeline) -> None:
    pipeline.land([used("r1", {"turns": 1}), used("r2", {"gone": 1})])
    pipeline.land([used("r1", {"turns": 5}, day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()

    pipeline.land([used("r1", {"turns": 2})])
    pipeline.run()

    assert pipeline.query("select usage_date, metric, value::integer from activity_by_user order by all") == [
        (DAY, "turns", 2),
        (NEXT_DAY, "turns", 5),
    ]


def test_days_that_do_not_count_have_no_activity(pipeline: Pipeline) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([used("r1", {"turns": 1}, day=day)], day=day)
    pipeline.run()

    pipeline.rules = AccountRules((AccountRule("acme", ignored=(DAY, DAY)),))
    pipeline.run()

    assert pipeline.query("select usage_date from activity_by_user") == [(NEXT_DAY,)]


def test_a_person_whose_email_becomes_known_keeps_all_activity(pipeline: Pipeline) -> None:
    pipeline.land([used("r1", {"turns": 1}, user={"id": "7"})])
    pipeline.land([used("r1", {"turns": 1}, day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()

    assert pipeline.query("select distinct user_key from activity_by_user") == [("ann@acme.example",)]


def test_activity_is_published_by_month(pipeline: Pipeline) -> None:
    pipeline.land([used("r1", {"turns": 1})])
    pipeline.land([used("r1", {"turns": 1}, day=DAY + timedelta(days=30))], day=DAY + timedelta(days=30))
    pipeline.run()
    pipeline.publish()

    folder = pipeline.published / "current" / "activity_by_user"
    assert sorted(file.name for file in folder.iterdir()) == ["2026-06.parquet", "2026-07.parquet"]
