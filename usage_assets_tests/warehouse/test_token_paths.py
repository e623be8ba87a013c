"""Counts of a row are read at the paths of the profile: the first path with a whole number counts."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from usage_assets.integrations.profiles import Profiles
from usage_assets_tests.warehouse.pipeline import Pipeline, row, tokens


def with_input_at(pipeline: Pipeline, *paths: str) -> Pipeline:
    """Set these paths to input tokens in the profile of `pipeline`."""
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"]["meters"] = {"input": list(paths)}
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
def test_a_count_that_the_usage_object_lacks_is_read_from_remote_data(pipeline: Pipeline, usage: object) -> None:
    assert input_of(pipeline, {"usage": usage, "remote_data": {"input_tokens": 8}}) == 8


def test_each_count_is_read_from_the_usage_object_or_from_remote_data(pipeline: Pipeline) -> None:
    given = {"usage": {"tokens": {"output": 5}}, "remote_data": {"input_tokens": 8, "output_tokens": 9}}
    pipeline.land([row("r1", **given)])

    pipeline.load()

    assert pipeline.query("select input_tokens, output_tokens from usage") == [(8, 5)]


def test_a_missing_count_is_null_and_not_zero(pipeline: Pipeline) -> None:
    assert input_of(pipeline, {"usage": {"requests": {"total": 1}}}) is None


@pytest.mark.parametrize(("given", "count"), [({"own": 3}, 3), ({"own": None}, 4), ({}, 4)])
def test_paths_are_tried_in_the_order_of_the_profile(pipeline: Pipeline, given: dict[str, Any], count: int) -> None:
    with_input_at(pipeline, "remote_data.own", "usage.tokens.input")

    assert input_of(pipeline, {"usage": tokens(uncached=4), "remote_data": given}) == count


def test_a_path_may_lead_to_any_member_of_the_row(pipeline: Pipeline) -> None:
    with_input_at(pipeline, "counters.in")

    assert input_of(pipeline, {"counters": {"in": 6}}) == 6


def test_a_path_may_name_a_member_with_special_characters(pipeline: Pipeline) -> None:
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


def test_a_count_has_any_number_of_paths(pipeline: Pipeline) -> None:
    with_input_at(pipeline, *(f"usage.in_{number}" for number in range(1, 10)))

    assert input_of(pipeline, {"usage": {"in_9": 6}}) == 6


def test_a_count_at_a_later_path_is_read_where_an_earlier_path_holds_none(pipeline: Pipeline) -> None:
    with_input_at(pipeline, "usage.first", "usage.second", "remote_data.third")

    assert input_of(pipeline, {"usage": {"first": "many", "second": {}}, "remote_data": {"third": 6}}) == 6
    assert pipeline.query("select check_name from bookkeeping.load_findings") == [("unreadable_counts",)]


@pytest.mark.parametrize("text", ["1e-1", "0x1f", "1e15", "Infinity", "true"])
def test_a_text_that_is_no_whole_number_below_1e15_is_an_unreadable_count(pipeline: Pipeline, text: str) -> None:
    assert input_of(pipeline, {"usage": {"tokens": {"input": text}}}) is None
    assert pipeline.query("select check_name from bookkeeping.load_findings") == [("unreadable_counts",)]
