"""Meters of a row: every token is in exactly one meter, whatever the counts of the vendor include."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.integrations.profiles import ProfileError, Profiles
from usage_assets_tests.warehouse.any_rows import cases
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row
from usage_assets_tests.warehouse.temporary import temporary_pipeline

OPUS = {"id": "claude-opus-4-6", "provider": "anthropic"}

Meters = dict[str, int]


def meters_of(pipeline: Pipeline, row_id: str = "r1") -> Meters:
    """Return the meters of a row that has one part."""
    listed = pipeline.query(f"select unnest(meters, recursive := true) from usage where row_id = '{row_id}'")
    assert {part for part, *_ in listed} <= {1}
    return {meter: quantity for _, _, meter, quantity in listed}


def loaded(pipeline: Pipeline, integration: str = "claude", **given: Any) -> Pipeline:
    """Load one row."""
    pipeline.land([row("r1", **given)], integration=integration)
    pipeline.load()
    return pipeline


def with_settings(pipeline: Pipeline, **settings: Any) -> Pipeline:
    """Change the profile `confluent` of a pipeline."""
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"] |= settings
    pipeline.profiles = Profiles(shipped)
    return pipeline


def findings(pipeline: Pipeline) -> list[str]:
    return [
        name for (name,) in pipeline.query("select distinct check_name from bookkeeping.load_findings order by all")
    ]


# Sums of paths


def test_the_numbers_at_the_paths_of_a_sum_are_added(pipeline: Pipeline) -> None:
    with_settings(pipeline, meters={"input": {"sum": ["usage.text", "usage.files"]}})

    loaded(pipeline, "confluent", usage={"text": 3, "files": 4})

    assert meters_of(pipeline) == {"input": 3 + 4}


@pytest.mark.parametrize("files_count", [None, "many", {}, []])
def test_a_sum_takes_what_it_can_read(pipeline: Pipeline, files_count: object) -> None:
    with_settings(pipeline, meters={"input": {"sum": ["usage.text", "usage.files"]}})

    loaded(pipeline, "confluent", usage={"text": 3, "files": files_count})

    assert meters_of(pipeline) == {"input": 3}


def test_the_first_source_that_holds_a_number_counts(pipeline: Pipeline) -> None:
    sources = ["usage.first", {"sum": ["usage.a", "usage.b"]}, "usage.last"]
    with_settings(pipeline, meters={"input": sources})
    pipeline.land(
        [
            row("first", usage={"first": 1, "a": 2, "b": 3, "last": 9}),
            row("sum", usage={"a": 2, "b": 3, "last": 9}),
            row("last", usage={"last": 9}),
        ]
    )

    pipeline.load()

    counts = dict(pipeline.query("select row_id, input_tokens from usage"))
    assert counts == {"first": 1, "sum": 2 + 3, "last": 9}


@pytest.mark.parametrize(("output", "read"), [(0, 9), (None, 9), (5, 0)])
def test_a_zero_counts_unless_all_token_counts_of_the_row_are_zero(
    pipeline: Pipeline, output: int | None, read: int
) -> None:
    loaded(pipeline, "claude", usage={"tokens": {"input": 0, "output": output}}, remote_data={"input_tokens": 9})

    assert pipeline.one("select input_tokens from usage") == read


def test_tokens_are_zero_where_no_path_holds_others(pipeline: Pipeline) -> None:
    loaded(pipeline, "claude", usage={"tokens": {"input": 0, "output": 0}})

    assert pipeline.query("select input_tokens, output_tokens from usage") == [(0, 0)]


@pytest.mark.parametrize(
    ("tokens", "model"),
    [
        ({"input": 0, "output": 0}, None),
        ({"input": 2_000_000, "output": 0}, None),
        ({"input": 2_000_000}, "claude-opus-5"),
    ],
)
def test_a_list_of_models_is_priced_by_model_also_beside_its_totals(
    pipeline: Pipeline, tokens: dict[str, int], model: str | None
) -> None:
    breakdown = [{"model": name, "tokens": {"input": 1_000_000}} for name in ("claude-opus-5", "claude-haiku-4-5")]
    named = {"model": {"id": model, "provider": "anthropic"}} if model else {}
    loaded(pipeline, "claude", usage={"tokens": tokens}, remote_data={"model_breakdown": breakdown}, **named)

    pipeline.derive()

    assert pipeline.one("select sum(cost) from cost") == 5 + 1


def test_a_row_with_more_tokens_than_its_list_keeps_its_own(pipeline: Pipeline) -> None:
    breakdown = [{"model": "claude-haiku-4-5", "tokens": {"input": 1_000_000}}]
    model = {"id": "claude-opus-5", "provider": "anthropic"}
    usage = {"tokens": {"input": 2_000_000}}
    loaded(pipeline, "claude", usage=usage, remote_data={"model_breakdown": breakdown}, model=model)

    pipeline.derive()

    assert pipeline.one("select sum(cost) from cost") == 2 * 5


def test_searches_of_a_row_with_several_models_have_the_price_of_the_first(pipeline: Pipeline) -> None:
    breakdown = [{"model": name, "tokens": {"input": 1_000_000}} for name in ("claude-opus-5", "claude-haiku-4-5")]
    usage = {"tools": {"web_search": 1000}}
    loaded(pipeline, "claude", usage=usage, remote_data={"model_breakdown": breakdown})

    pipeline.derive()

    assert pipeline.one("select sum(cost) from cost") == 5 + 1 + 10


# Cache writes


ONE_HOUR, FIVE_MINUTES = 1_000_000, 500_000
SPLIT = {"ephemeral_1h_input_tokens": ONE_HOUR, "ephemeral_5m_input_tokens": FIVE_MINUTES}


@pytest.mark.parametrize(
    "given",
    [
        {"remote_data": {"cache_creation": SPLIT}},
        {"usage": {"tokens": {"cache_creation": SPLIT}}},
        {"usage": {"tokens": {"cache_creation": ONE_HOUR + FIVE_MINUTES}}, "remote_data": {"cache_creation": SPLIT}},
        {"usage": {"tokens": {"cache_write_5m": FIVE_MINUTES, "cache_write_1h": ONE_HOUR}}},
        {"remote_data": {"cache_creation_input_tokens": ONE_HOUR + FIVE_MINUTES, "cache_creation": SPLIT}},
    ],
    ids=["the vendor's split", "a split under usage", "a sum under usage", "two counts", "the vendor's sum and split"],
)
def test_writes_for_an_hour_are_a_meter_of_their_own(pipeline: Pipeline, given: dict[str, Any]) -> None:
    loaded(pipeline, **given)

    assert meters_of(pipeline) == {"cache_write": FIVE_MINUTES, "cache_write_1h": ONE_HOUR}
    assert pipeline.one("select cache_write_tokens from usage") == FIVE_MINUTES + ONE_HOUR


# Counts that include others


def test_an_input_of_openai_includes_reads_writes_and_audio(pipeline: Pipeline) -> None:
    vendor = {
        "input_tokens": 935_040,
        "input_cached_tokens": 875_306,
        "input_cache_write_tokens": 57_610,
        "input_audio_tokens": 24,
        "output_tokens": 11_150,
        "output_audio_tokens": 150,
    }

    loaded(pipeline, "openai_codex", remote_data=vendor)

    assert meters_of(pipeline) == {
        "input": 935_040 - 875_306 - 57_610 - 24,
        "input_audio": 24,
        "cache_read": 875_306,
        "cache_write": 57_610,
        "output": 11_150 - 150,
        "output_audio": 150,
    }
    columns = "input_tokens, cached_input_tokens, cache_write_tokens, output_tokens"
    assert pipeline.query(f"select {columns} from usage") == [(935_040 - 875_306 - 57_610, 875_306, 57_610, 11_150)]
    assert findings(pipeline) == []


def test_parts_beyond_the_whole_are_counted_beside_it(pipeline: Pipeline) -> None:
    loaded(pipeline, "openai_codex", usage={"tokens": {"input": 4, "cached_input": 9}})

    assert meters_of(pipeline) == {"input": 4, "cache_read": 9}
    assert findings(pipeline) == ["cached_beyond_input"]


def test_parts_are_counted_where_the_whole_is_missing(pipeline: Pipeline) -> None:
    loaded(pipeline, "openai_codex", usage={"tokens": {"cached_input": 9}})

    assert meters_of(pipeline) == {"cache_read": 9}
    assert pipeline.one("select input_tokens from usage") is None
    assert findings(pipeline) == []


def test_a_part_of_a_missing_part_is_included_in_the_whole(pipeline: Pipeline) -> None:
    loaded(pipeline, "openai_codex", remote_data={"input_tokens": 10, "input_cached_audio_tokens": 4})

    assert meters_of(pipeline) == {"input": 10 - 4, "cache_audio_read": 4}


@pytest.mark.parametrize(
    "includes", [["cache_write"], ["cache_write", "cache_write_1h"], ["cache_write_1h", "cache_write", "cache_write"]]
)
def test_a_part_of_a_part_is_subtracted_once(pipeline: Pipeline, includes: list[str]) -> None:
    with_settings(pipeline, input_includes=includes)
    usage = {"tokens": {"input": 10, "cache_write_5m": 3, "cache_write_1h": 2}}

    loaded(pipeline, "confluent", usage=usage)

    assert meters_of(pipeline) == {"input": 10 - 3 - 2, "cache_write": 3, "cache_write_1h": 2}


@pytest.mark.parametrize(
    "paths", [[], ["usage.a", "remote_data.models[].b"], ["remote_data.a[].b", "remote_data.c[].b"]]
)
def test_a_sum_that_cannot_be_added_is_refused(pipeline: Pipeline, paths: list[str]) -> None:
    with pytest.raises(ProfileError, match="add paths of the row, or of one list"):
        with_settings(pipeline, meters={"input": {"sum": paths}})


def test_negative_counts_of_a_correction_are_disjoint_too(pipeline: Pipeline) -> None:
    loaded(pipeline, "openai_codex", usage={"tokens": {"input": -10, "cached_input": -4, "output": -1}})

    assert meters_of(pipeline) == {"input": -10 + 4, "cache_read": -4, "output": -1}
    assert findings(pipeline) == ["negative_counts"]


def test_a_meter_of_zero_is_left_out(pipeline: Pipeline) -> None:
    loaded(pipeline, usage={"tokens": {"input": 0, "output": 3}})

    assert meters_of(pipeline) == {"output": 3}
    assert pipeline.one("select input_tokens from usage") == 0


count = st.integers(0, 10**9)
leaf_counts = st.fixed_dictionaries(
    {
        name: count | st.just(0)
        for name in ("input", "input_audio", "input_image", "read", "audio_read", "image_read", "write", "write_1h")
    }
    | dict.fromkeys(("output", "output_audio", "output_image"), count)
)
INCLUSIVE: dict[str, Any] = {
    "input_includes": ["cache_read", "cache_write", "input_audio", "input_image"],
    "cache_read_includes": ["cache_audio_read", "cache_image_read"],
    "cache_write_includes": ["cache_write_1h"],
    "output_includes": ["output_audio", "output_image"],
    "meters": {
        "input": "usage.input",
        "input_audio": "usage.input_audio",
        "input_image": "usage.input_image",
        "cache_read": "usage.read",
        "cache_audio_read": "usage.audio_read",
        "cache_image_read": "usage.image_read",
        "cache_write": "usage.write",
        "cache_write_1h": "usage.write_1h",
        "output": "usage.output",
        "output_audio": "usage.output_audio",
        "output_image": "usage.output_image",
    },
}


def nested(leaves: Meters, given: set[str]) -> Meters:
    """Return the counts of a vendor whose counts include each other; a count of 0 may be left out."""
    read = leaves["read"] + leaves["audio_read"] + leaves["image_read"]
    write = leaves["write"] + leaves["write_1h"]
    whole = {
        **leaves,
        "read": read,
        "write": write,
        "input": leaves["input"] + leaves["input_audio"] + leaves["input_image"] + read + write,
        "output": leaves["output"] + leaves["output_audio"] + leaves["output_image"],
    }
    return {name: number for name, number in whole.items() if number or name in given}


@given(st.lists(st.tuples(leaf_counts, st.sets(st.sampled_from(["input_audio", "read", "write_1h", "write"])))))
@cases(20)
def test_meters_are_disjoint_and_sum_to_the_whole(drawn: list[tuple[Meters, set[str]]]) -> None:
    with temporary_pipeline() as pipeline:
        with_settings(pipeline, **INCLUSIVE)
        pipeline.land(row(f"r{n}", usage=nested(*one)) for n, one in enumerate(drawn))

        pipeline.load()

        for number, (leaves, _) in enumerate(drawn):
            paths = {meter: path.removeprefix("usage.") for meter, path in INCLUSIVE["meters"].items()}
            expected = {meter: leaves[path] for meter, path in paths.items() if leaves[path]}
            assert meters_of(pipeline, f"r{number}") == expected
        assert findings(pipeline) == []


# Lists of models


def parts_of(pipeline: Pipeline) -> list[tuple[int, str, str, int]]:
    """Return part, model, meter and quantity of every meter."""
    return pipeline.query("select unnest(meters, recursive := true) from usage")


def breakdown(*elements: object, **given: Any) -> dict[str, Any]:
    return {"remote_data": {"model_breakdown": list(elements)}, **given}


def element(model: object, **tokens: object) -> dict[str, Any]:
    return {"model": model, "tokens": tokens}


def test_each_model_of_a_record_is_a_part(pipeline: Pipeline) -> None:
    loaded(
        pipeline, **breakdown(element("claude-opus-4-6", input=5, cache_read=2), element("claude-haiku-4-5", output=3))
    )

    assert parts_of(pipeline) == [
        (1, "claude-opus-4-6", "input", 5),
        (1, "claude-opus-4-6", "cache_read", 2),
        (2, "claude-haiku-4-5", "output", 3),
    ]
    columns = "input_tokens, cached_input_tokens, cache_write_tokens, output_tokens"
    assert pipeline.query(f"select {columns} from usage") == [(5, 2, None, 3)]


def test_the_model_of_a_part_is_canonical(pipeline: Pipeline) -> None:
    loaded(pipeline, **breakdown(element("claude-sonnet-4-5-20250929", input=5)))

    assert parts_of(pipeline) == [(1, "claude-sonnet-4-5", "input", 5)]


@pytest.mark.parametrize("model", [None, "", " "])
def test_an_element_without_model_has_that_of_the_row(pipeline: Pipeline, model: object) -> None:
    loaded(pipeline, model=OPUS, **breakdown(element(model, input=5), element("claude-haiku-4-5", input=1)))

    assert parts_of(pipeline) == [(1, "claude-opus-4-6", "input", 5), (2, "claude-haiku-4-5", "input", 1)]


@pytest.mark.parametrize("other", [None, 5, "text", [], {}, {"model": "claude-haiku-4-5"}, {"tokens": 7}])
def test_an_element_without_counts_is_no_part(pipeline: Pipeline, other: object) -> None:
    loaded(pipeline, **breakdown(other, element("claude-opus-4-6", input=5)))

    assert [part[1:] for part in parts_of(pipeline)] == [("claude-opus-4-6", "input", 5)]


@pytest.mark.parametrize("listed", [[], None, {}, "text", "[text", 5])
def test_a_record_without_elements_has_no_tokens(pipeline: Pipeline, listed: object) -> None:
    loaded(pipeline, remote_data={"model_breakdown": listed})

    assert pipeline.query("select input_tokens, len(meters) from usage") == [(None, 0)]


def test_the_counts_of_the_row_count_and_not_those_of_its_list(pipeline: Pipeline) -> None:
    loaded(pipeline, model=OPUS, usage={"tokens": {"input": 6}}, **breakdown(element("claude-haiku-4-5", input=5)))

    assert parts_of(pipeline) == [(1, "claude-opus-4-6", "input", 6)]


def test_a_row_of_several_models_is_priced_by_each_model(pipeline: Pipeline) -> None:
    loaded(
        pipeline, **breakdown(element("claude-opus-4-6", input=1_000_000), element("claude-haiku-4-5", input=1_000_000))
    )

    pipeline.run()

    costs = pipeline.query("select part, model, cost from cost order by part")
    assert costs == [(1, "claude-opus-4-6", 5), (2, "claude-haiku-4-5", 1)]


CANCELLING = (element("claude-opus-4-6", input=1_000_000), element("claude-sonnet-4-5", input=-1_000_000))


def test_models_whose_tokens_cancel_out_are_priced_by_themselves(pipeline: Pipeline) -> None:
    loaded(pipeline, **breakdown(*CANCELLING))

    pipeline.run()

    costs = pipeline.query("select part, model, cost from cost order by part")
    assert costs == [(1, "claude-opus-4-6", 5), (2, "claude-sonnet-4-5", -3)]
    assert findings(pipeline) == ["negative_counts"]


def test_a_charge_of_models_whose_prices_cancel_out_is_in_no_part_lost(pipeline: Pipeline) -> None:
    elements = [element("claude-opus-4-6", input=count) for count in (1_000_000, -1_000_000)]
    pipeline.land([row("r1", charge("net", "7"), **breakdown(*elements))], integration="claude")

    pipeline.run()

    assert pipeline.one("select sum(cost) from cost") == 7


def test_tokens_of_the_row_count_if_those_of_its_list_cancel_out(pipeline: Pipeline) -> None:
    loaded(pipeline, model=OPUS, usage={"tokens": {"input": 6}}, **breakdown(*CANCELLING))

    assert parts_of(pipeline) == [(1, "claude-opus-4-6", "input", 6)]


def test_the_model_of_a_single_element_counts_and_not_that_of_the_row(pipeline: Pipeline) -> None:
    loaded(pipeline, model=OPUS, **breakdown(element("claude-haiku-4-5", input=5)))

    assert parts_of(pipeline) == [(1, "claude-haiku-4-5", "input", 5)]


def test_searches_of_the_row_are_a_part_beside_its_list(pipeline: Pipeline) -> None:
    searches = {"server_tool_use": {"web_search_requests": 4}}
    pipeline.land(
        [
            row(
                "r1",
                model=OPUS,
                remote_data={**breakdown(element("claude-haiku-4-5", input=5))["remote_data"], **searches},
            )
        ],
        integration="claude",
    )
    pipeline.load()

    assert parts_of(pipeline) == [(1, "claude-haiku-4-5", "input", 5), (2, "claude-opus-4-6", "web_search", 4)]


@pytest.mark.parametrize("tokens", [{"input": "many", "output": 1}, {"input": "many"}])
def test_an_unreadable_count_in_a_list_is_a_finding(pipeline: Pipeline, tokens: dict[str, object]) -> None:
    loaded(pipeline, **breakdown(element("claude-opus-4-6", **tokens)))

    assert findings(pipeline) == ["unreadable_counts"]
