"""Where a row's counts are read: at the profile's paths, of which the first that holds a whole number counts."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from usage_assets.integrations.profiles import Profiles
from usage_assets_tests.warehouse.pipeline import Pipeline, row, tokens


def with_input_at(pipeline: Pipeline, *paths: str) -> Pipeline:
    """`pipeline` whose vendor has its input tokens at `paths`."""
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"]["tokens"] = {"input": list(paths)}
    pipeline.profiles = Profiles(shipped)
    return pipeline


def input_of(pipeline: Pipeline, given: dict[str, Any]) -> int | None:
    pipeline.land([row("r1", **given)])
    pipeline.load()
    found: int | None = pipeline.one("select input_tokens from usage")
    return found


def test_counts_are_read_from_the_usage_object(pipeline: Pipeline) -> None:
    assert input_of(pipeline, {"usage": tokens(uncached=7), "remote_data": {"input_tokens": 8}}) == 7


@pytest.mark.parametrize(
    "usage", [None, {}, {"tokens": {}}, {"tokens": {"input": None}}, {"tokens": {"input": "many"}}]
)
def test_what_the_usage_object_lacks_is_read_from_the_vendors_row(pipeline: Pipeline, usage: object) -> None:
    assert input_of(pipeline, {"usage": usage, "remote_data": {"input_tokens": 8}}) == 8


def test_one_count_may_be_in_the_usage_object_and_another_in_the_vendors_row(pipeline: Pipeline) -> None:
    given = {"usage": {"tokens": {"output": 5}}, "remote_data": {"input_tokens": 8, "output_tokens": 9}}
    pipeline.land([row("r1", **given)])

    pipeline.load()

    assert pipeline.query("select input_tokens, output_tokens from usage") == [(8, 5)]


def test_a_count_that_is_nowhere_is_missing_and_not_zero(pipeline: Pipeline) -> None:
    assert input_of(pipeline, {"usage": {"requests": {"total": 1}}}) is None


@pytest.mark.parametrize(("given", "count"), [({"own": 3}, 3), ({"own": None}, 4), ({}, 4)])
def test_paths_are_tried_in_the_order_of_the_profile(pipeline: Pipeline, given: dict[str, Any], count: int) -> None:
    with_input_at(pipeline, "remote_data.own", "usage.tokens.input")

    assert input_of(pipeline, {"usage": tokens(uncached=4), "remote_data": given}) == count


def test_a_path_may_lead_to_any_member_of_the_row(pipeline: Pipeline) -> None:
    with_input_at(pipeline, "counters.in")

    assert input_of(pipeline, {"counters": {"in": 6}}) == 6


def test_a_member_whose_name_holds_odd_letters_can_be_named(pipeline: Pipeline) -> None:
    with_input_at(pipeline, "usage.input-tokens (all)")

    assert input_of(pipeline, {"usage": {"input-tokens (all)": 6}}) == 6


def test_a_count_may_be_a_text(pipeline: Pipeline) -> None:
    assert input_of(pipeline, {"usage": {"tokens": {"input": "12"}}}) == 12


@pytest.mark.parametrize(("count", "read"), [(12.0, 12), (1.5, None), (0.4, None), ("1.5", None), ("12.0", 12)])
def test_only_a_whole_number_is_a_count(pipeline: Pipeline, count: object, read: int | None) -> None:
    assert input_of(pipeline, {"usage": {"tokens": {"input": count}}}) == read
    assert pipeline.query("select check_name from bookkeeping.load_findings") == (
        [] if read else [("unreadable_counts",)]
    )
