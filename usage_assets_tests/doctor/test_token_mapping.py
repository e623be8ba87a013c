"""The numbers in a schema of any shape, and the comparison of a profile with them."""

import json
from typing import Any

import msgspec
import pytest

from truto_sandbox.schema import usage_list_schema
from usage_assets.doctor.findings import Finding, Level, ok
from usage_assets.doctor.token_mapping import mapping_findings, number_fields
from usage_assets.integrations.profiles import Profile, load_profiles

NUMBER = {"type": "number"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TOKENS = record(input=NUMBER, output=NUMBER)
ROW = record(id={"type": "string"}, usage=record(tokens=TOKENS))
FIELDS = ["usage.tokens.input", "usage.tokens.output"]


def profile(**tokens: list[str]) -> Profile:
    return msgspec.structs.replace(load_profiles().of("claude"), meters=tokens)


def findings_of(row: dict[str, Any], **tokens: list[str]) -> list[Finding]:
    return mapping_findings({"schema": row}, profile(**tokens), "acc-1")


def warnings(row: dict[str, Any], **tokens: list[str]) -> list[str]:
    return [finding.message for finding in findings_of(row, **tokens) if finding.level is Level.warn]


# Shapes of a schema


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"response_schema": ROW}, id="response_schema"),
        pytest.param({"schema": ROW}, id="schema"),
        pytest.param(ROW, id="bare"),
        pytest.param({"result": {"schema": ROW}}, id="in an envelope"),
        pytest.param({"schema": json.dumps(ROW)}, id="as text"),
        pytest.param({"schema": record(result={"type": "array", "items": ROW})}, id="of the whole answer"),
        pytest.param({"schema": {"type": "array", "items": ROW}}, id="of a list"),
        pytest.param({"schema": ROW["properties"]}, id="properties alone"),
        pytest.param({"schema": {"usage": {"tokens": {"input": "number", "output": "number"}}}}, id="nested names"),
        pytest.param({"schema": dict.fromkeys(FIELDS, "number")}, id="flat map of types"),
        pytest.param({"schema": dict.fromkeys(FIELDS, NUMBER)}, id="flat map of schemas"),
        pytest.param({"schema": {"allOf": [record(id=NUMBER), ROW]}}, id="allOf"),
        pytest.param(
            {"schema": {**record(usage={"$ref": "#/$defs/Usage"}), "$defs": {"Usage": record(tokens=TOKENS)}}},
            id="reference",
        ),
    ],
)
def test_the_fields_of_a_row_are_found_in(answer: dict[str, Any]) -> None:
    assert [path for path in number_fields(answer) if path.startswith("usage.")] == FIELDS


@pytest.mark.parametrize(
    "described",
    [
        {"type": "integer"},
        {"type": ["number", "null"]},
        {"type": "Number"},
        {"anyOf": [{"type": "string"}, {"type": "number"}]},
        "decimal",
        ["null", "integer"],
    ],
)
def test_every_way_to_describe_a_number_is_recognised(described: Any) -> None:
    assert number_fields({"schema": record(usage=record(quantity=described))}) == ["usage.quantity"]


@pytest.mark.parametrize(
    "described", [{"type": "string"}, {"type": "object"}, {}, None, 7, [], "", {"properties": None}, {"anyOf": 3}]
)
def test_other_values_are_no_fields(described: Any) -> None:
    assert number_fields({"schema": record(usage=record(quantity=described))}) == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"schema": None},
        {"schema": []},
        {"schema": 5},
        {"schema": "not JSON"},
        {"schema": "5"},
        pytest.param({"schema": '{"a":' * 100_000 + "1" + "}" * 100_000}, id="text of great depth"),
        {"response_schema": {"$ref": "#/nowhere"}},
        {"response_schema": {"$ref": "#"}},
        {"result": [1, 2]},
        {"query_schema": record(usage=record(tokens=TOKENS))},
    ],
)
def test_an_answer_without_a_readable_schema_is_one_warning(answer: dict[str, Any]) -> None:
    (finding,) = mapping_findings(answer, profile(), "acc-1")
    assert (finding.level, "usage list -a acc-1" in finding.message) == (Level.warn, True)


def test_a_schema_that_refers_to_itself_is_read_to_its_end() -> None:
    parent = {"$ref": "#/properties/usage"}
    row = record(usage=record(tokens=TOKENS, parent=parent))
    assert number_fields({"schema": row})[:2] == FIELDS


def test_definitions_that_all_refer_to_each_other_are_read_in_bounded_time() -> None:
    names = [f"d{n}" for n in range(30)]
    everywhere = record(**{name: {"$ref": f"#/$defs/{name}"} for name in names})
    row = {
        **record(usage=record(tokens=TOKENS), more={"$ref": "#/$defs/d0"}),
        "$defs": dict.fromkeys(names, everywhere),
    }
    assert number_fields({"schema": row}) == FIELDS


def test_a_schema_of_great_depth_is_cut_off() -> None:
    row: dict[str, Any] = {}
    for _ in range(5000):
        row = record(usage=row)
    assert number_fields({"schema": row}) == []


# Counts and their fields


def test_each_count_is_shown_with_its_field() -> None:
    assert findings_of(ROW, input=["usage.tokens.input"], output=["usage.tokens.output"]) == [
        ok(
            "token fields",
            "claude: input ← usage.tokens.input · output ← usage.tokens.output",
        )
    ]


def test_a_path_the_schema_does_not_have_is_not_shown() -> None:
    overview = findings_of(ROW, input=["usage.prompt", "usage.tokens.input"])[0].message
    assert overview == "claude: input ← usage.tokens.input"


def test_a_second_field_of_a_count_is_shown_after_the_first() -> None:
    overview = findings_of(ROW, input=["usage.tokens.output", "usage.tokens.input"])[0].message
    assert overview == "claude: input ← usage.tokens.output, else usage.tokens.input"


def test_a_field_of_the_providers_own_answer_is_shown_too() -> None:
    row = record(usage=record(quantity=NUMBER), remote_data=record(input_tokens=NUMBER))
    assert "input ← remote_data.input_tokens" in findings_of(row, input=["remote_data.input_tokens"])[0].message


def test_a_vendor_without_any_count_is_reported_as_read_by_quantity() -> None:
    assert findings_of(record(usage=record(quantity=NUMBER)), input=["usage.tokens.input"]) == [
        ok("token fields", "claude: its schema has no field for any count; quantity and charges are read")
    ]


def test_fields_that_look_like_tokens_and_belong_to_no_count_are_one_warning() -> None:
    row = record(usage=record(tokens=record(input=NUMBER, output=NUMBER, audio=NUMBER, tool=record(web=NUMBER))))
    (warning,) = warnings(row, input=["usage.tokens.input"], output=["usage.tokens.output"])
    assert warning.startswith("claude: usage.tokens.audio, usage.tokens.tool.web may be tokens")


def test_an_ignored_field_is_no_warning() -> None:
    row = record(usage=record(tokens=record(input=NUMBER, output=NUMBER, total=NUMBER)))
    known = {"input": ["usage.tokens.input"], "output": ["usage.tokens.output"]}
    assert not warnings(row, **known, ignored=["usage.tokens.total"])


def test_a_field_outside_usage_is_no_warning() -> None:
    row = record(usage=record(tokens=TOKENS), remote_data=record(tokens=NUMBER), token_id=NUMBER)
    assert not warnings(row, input=["usage.tokens.input"], output=["usage.tokens.output"])


@pytest.mark.parametrize(("count", "other"), [("input", "output"), ("output", "input")])
def test_an_ai_vendor_without_a_field_for_a_count_is_a_warning(count: str, other: str) -> None:
    known = {other: [f"usage.tokens.{other}"], "ignored": ["usage.tokens"]}
    (warning,) = warnings(ROW, **known)
    assert f"none of the profile's paths for {count} tokens" in warning


def test_a_vendor_without_tokens_needs_no_field_for_them() -> None:
    assert not warnings(record(usage=record(quantity=NUMBER, requests=record(total=NUMBER))))


@pytest.mark.parametrize("integration", ["claude", "openai_codex", "cursor", "confluent", "datadog", "snowflake"])
def test_every_count_of_a_shipped_profile_is_found_in_the_documented_row(integration: str) -> None:
    overview = mapping_findings(usage_list_schema(), load_profiles().of(integration), "acc-1")[0]
    assert (overview.level, "(none)" in overview.message) == (Level.ok, False)
