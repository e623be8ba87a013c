"""Tokens that no path of the profile reads turn a check red; what repeats a count, money and zeros do not.

A total repeats the counts of its row: in a row without any count that is read, it is all that is known of the tokens.
"""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest

from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row, tokens
from usage_assets_tests.warehouse.vendor_rows import CLAUDE_ACTIVITY, CLAUDE_COST, CODEX, CONFLUENT, CURSOR, DATADOG

OPUS = {"id": "claude-opus-4-8", "provider": "anthropic"}


def findings(
    pipeline: Pipeline, *rows: dict[str, Any] | str, integration: str = "claude", day: date = DAY
) -> CheckFindings:
    """Return what `unknown_token_fields` finds in rows."""
    pipeline.land(rows, day=day, integration=integration, fetched_at=datetime(2026, 12, 1, tzinfo=UTC))
    pipeline.run()
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, "unknown_token_fields", pipeline.profiles, examples=3)


def with_meter(name: str, paths: list[str]) -> Profiles:
    """Return the shipped profiles with other `paths` of a meter of claude."""
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["claude"]["meters"] = {name: paths}
    return Profiles(shipped)


def fields(found: CheckFindings) -> dict[str, str]:
    return {example["field"]: example["tokens"] for example in found.examples}


@pytest.mark.parametrize(
    ("given", "field", "count"),
    [
        ({"remote_data": {"details": {"deep": {"thinking_tokens": 7}}}}, "remote_data.details.deep.thinking_tokens", 7),
        ({"remote_data": {"calls": [{"tokens": 3}, {"tokens": 4}]}}, "remote_data.calls[].tokens", 3 + 4),
        ({"remote_data": {"tokens_by_call": [3, 4]}}, "remote_data.tokens_by_call[]", 3 + 4),
        ({"remote_data": {"calls": [[{"a": {"tokens": 5}}]]}}, "remote_data.calls[][].a.tokens", 5),
        ({"usage": [{"tokens": {"input": 6}}]}, "usage[].tokens.input", 6),
        ({"usage": {"tokens": 6}}, "usage.tokens", 6),
        ({"usage": {"tokens": {"audio": "12"}}}, "usage.tokens.audio", 12),
        ({"usage": {"tokens": {"audio": 12.0}}}, "usage.tokens.audio", 12),
        ({"usage": {"tokens": {"audio": -4}}}, "usage.tokens.audio", -4),
        ({"usage": {"prompt": {"TokenCount": 9}}}, "usage.prompt.TokenCount", 9),
        ({"usage": {"cache_read": 9}}, "usage.cache_read", 9),
        ({"remote_data": {"details": {"uncached_input": 9}}}, "remote_data.details.uncached_input", 9),
        ({"thinking_tokens": 9}, "thinking_tokens", 9),
        ({"remote_data": {"cost": {"tokens": 9}}}, "remote_data.cost.tokens", 9),
        (
            {"remote_data": {"model_breakdown": [{"tokens": {"thinking": 8}}]}},
            "remote_data.model_breakdown[].tokens.thinking",
            8,
        ),
    ],
)
def test_tokens_that_nothing_reads_are_found(pipeline: Pipeline, given: dict[str, Any], field: str, count: int) -> None:
    assert fields(findings(pipeline, row("r1", model=OPUS, **given))) == {field: str(count)}


@pytest.mark.parametrize(
    "given",
    [
        {"remote_data": {"thinking_tokens": 0, "calls": [{"tokens": 0}]}},
        {"remote_data": {"thinking_tokens": None, "calls": []}},
        {"remote_data": {"tokenUsage": {"discountPercentOff": 20, "discount": 12.5}}},
        {"remote_data": {"tokenUsage": {"totalCents": 20, "costUsd": 1}, "cursorTokenFee": 2, "token_cost": 5}},
        {"remote_data": {"token_costs": {"input": 3}, "tokens_price": 4, "tokenCharges": 6, "token_spend": 1}},
        {"remote_data": {"token_id": 12, "apiTokenId": 77, "token": "abc", "has_tokens": True}},
        {"remote_data": {"prompt_tokens": 10}},
        {"remote_data": {"billed_tokens": 10 + 3, "all_tokens": 10 + 3 + 2, "calls": [{"tokens": 3 + 2}]}},
        {"remote_data": {"corrected_tokens": -10}},
        {"usage": {"tokens": {"total": 99}}, "remote_data": {"total_tokens": 98}},
    ],
    ids=[
        "zeros",
        "nothing",
        "percentages",
        "money",
        "more money",
        "ids and texts",
        "a count",
        "sums of counts",
        "a sign",
        "ignored",
    ],
)
def test_what_is_no_token_or_states_a_count_again_is_no_finding(pipeline: Pipeline, given: dict[str, Any]) -> None:
    counted = {"input": 10, "cached_input": 3, "output": 2}
    usage = {"tokens": {**counted, **given.get("usage", {}).get("tokens", {})}}

    assert fields(findings(pipeline, row("r1", model=OPUS, **{**given, "usage": usage}))) == {}


def test_each_row_is_compared_with_its_own_counts(pipeline: Pipeline) -> None:
    rows = [row(f"r{n}", usage=tokens(uncached=n), remote_data={"all_tokens": 2}) for n in (1, 2, 3)]

    found = findings(pipeline, *rows)

    assert (found.rows, found.tokens) == (2, 2 + 2)


TOTAL_ALONE: list[dict[str, Any]] = [
    {"usage": {"tokens": {"total": 2_000_000}}},
    {"usage": {"tokens": {"total": "2000000"}}},
    {"usage": {"tokens": {"total": 2_000_000, "input": 0, "cached_input": 0, "cache_write": None, "output": 0}}},
    {"usage": {"tokens": {"total": 2_000_000, "output": "many"}}},
    {"usage": {"tokens": {"total": 2_000_000, "reasoning": 2_000_000}}},
    {"usage": {"tokens": {"total": 2_000_000}, "tools": {"web_search": 3}, "requests": {"total": 4}}},
    {"usage": {"tokens": {"total": 2_000_000}}, "remote_data": {"model_breakdown": [{"tokens": {"input": 0}}]}},
]


@pytest.mark.parametrize("given", TOTAL_ALONE)
def test_a_total_is_found_if_no_token_of_its_row_is_read(pipeline: Pipeline, given: dict[str, Any]) -> None:
    assert fields(findings(pipeline, row("r1", model=OPUS, **given))) == {"usage.tokens.total": "2000000"}


def test_any_ignored_field_is_found_if_no_token_of_its_row_is_read(pipeline: Pipeline) -> None:
    found = findings(pipeline, row("r1", remote_data={"input_text_tokens": 5}), integration="openai_codex")

    assert fields(found) == {"remote_data.input_text_tokens": "5"}


@pytest.mark.parametrize("count", ["input", "cached_input", "cache_write", "output"])
def test_a_total_beside_any_count_is_no_finding(pipeline: Pipeline, count: str) -> None:
    assert findings(pipeline, row("r1", model=OPUS, usage={"tokens": {count: 7, "total": 9}})).count == 0


def test_a_total_beside_the_counts_of_a_list_is_no_finding(pipeline: Pipeline) -> None:
    models = [{"model": OPUS["id"], "tokens": {"input": 7}}]
    given = {"usage": {"tokens": {"total": 9}}, "remote_data": {"model_breakdown": models}}

    assert findings(pipeline, row("r1", model=OPUS, **given)).count == 0


@pytest.mark.parametrize("total", [0, None, "0", 0.0])
def test_a_total_of_nothing_is_no_finding(pipeline: Pipeline, total: object) -> None:
    assert findings(pipeline, row("r1", model=OPUS, usage={"tokens": {"total": total}})).count == 0


@pytest.mark.parametrize("first", [{"input": 7, "total": 7}, {"input": 0, "total": 0}, {"input": None, "total": None}])
def test_each_total_is_compared_with_the_counts_of_its_own_row(pipeline: Pipeline, first: dict[str, Any]) -> None:
    rows = [first, {"input": 0, "total": 6}, {"input": 5, "total": 5}]

    found = findings(pipeline, *(row(f"r{n}", model=OPUS, usage={"tokens": given}) for n, given in enumerate(rows)))

    assert (found.rows, found.tokens) == (1, 6)


@pytest.mark.parametrize(
    ("name", "count"), [("not_tokens", None), ("input", 9)], ids=["which counts no tokens", "which is read as input"]
)
def test_a_total_is_no_finding_if_the_profile_says_what_it_is(pipeline: Pipeline, name: str, count: int | None) -> None:
    pipeline.profiles = with_meter(name, ["usage.tokens.input", "usage.tokens.total"])

    assert findings(pipeline, row("r1", model=OPUS, usage={"tokens": {"total": 9}})).count == 0
    assert pipeline.one("select input_tokens from usage") == count


@pytest.mark.parametrize("first", [None, 0, 5, "", {}, [], {"thinking_tokens": None}, {"other": 1}])
def test_tokens_are_found_whatever_the_same_member_of_other_rows_holds(pipeline: Pipeline, first: object) -> None:
    rows = [row("r1", remote_data={"details": first}), row("r2", remote_data={"details": {"thinking_tokens": 6}})]

    assert fields(findings(pipeline, *rows)) == {"remote_data.details.thinking_tokens": "6"}


def test_tokens_are_found_in_any_of_many_rows(pipeline: Pipeline) -> None:
    usual = [row(f"r{n}", charge("net", "1"), usage=tokens(uncached=5), remote_data={"x": 1}) for n in range(500)]
    rows = [*usual, row("odd", usage=tokens(uncached=5), remote_data={"x": 1, "audio_tokens": 7}), *usual]

    assert fields(findings(pipeline, *rows)) == {"remote_data.audio_tokens": "7"}


@pytest.mark.parametrize(
    ("integration", "document"),
    [
        ("claude", {"uncached_input_tokens": 5, "cache_creation": {"ephemeral_2h_input_tokens": 9}}),
        ("claude", {"model_breakdown": [{"model": "claude-opus-4-8", "tokens": {"prompt": 5, "reply": 4}}]}),
        ("openai_codex", {"input_tokens": 10, "output_prediction_tokens": 4}),
        ("cursor", {"tokenUsage": {"inputTokens": 3, "thinkingTokens": 4}}),
        ("snowflake", {"TOKENS": 5, "TOKEN_CREDITS": 0.1}),
        ("snowflake", {"usage": {"prompt_tokens": 5}}),
    ],
)
def test_a_vendors_record_whose_tokens_nothing_reads_is_not_green(
    pipeline: Pipeline, integration: str, document: dict[str, Any]
) -> None:
    assert findings(pipeline, row("r1", remote_data=document), integration=integration).count > 0


@pytest.mark.parametrize(
    ("integration", "day", "document"),
    [
        ("claude", date(2026, 11, 20), CLAUDE_ACTIVITY),
        ("claude", date(2026, 11, 20), CLAUDE_COST),
        ("openai_codex", date(2026, 11, 22), CODEX),
        ("confluent", date(2026, 11, 18), CONFLUENT),
        ("cursor", date(2026, 11, 20), CURSOR),
        ("datadog", date(2026, 10, 1), DATADOG),
    ],
)
def test_the_documented_rows_have_no_unknown_tokens(
    pipeline: Pipeline, integration: str, day: date, document: str
) -> None:
    found = findings(pipeline, document, integration=integration, day=day)

    assert pipeline.one("select count(*) from usage") == 1
    assert fields(found) == {}
