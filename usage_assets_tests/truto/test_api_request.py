"""How errors show a request: short, on one line, without secrets."""

import pytest

from usage_assets.truto import InvalidResponse, RequestRejected
from usage_assets.truto.api_request import ApiRequest, redactor


def test_a_request_is_shown_by_method_path_and_query() -> None:
    assert str(ApiRequest("/usage", [("limit", "5"), ("product_ids[]", "a")])) == "GET /usage?limit=5&product_ids[]=a"


def test_a_request_without_a_query_is_shown_by_method_and_path() -> None:
    assert str(ApiRequest("/usage", [])) == "GET /usage"


@pytest.mark.parametrize(
    "name", ["api_key", "remote_query[apikey]", "client_secret", "password", "access_token", "token"]
)
def test_the_value_of_a_parameter_named_like_a_secret_is_hidden(name: str) -> None:
    assert str(ApiRequest("/usage", [(name, "hunter2")])) == f"GET /usage?{name}=[hidden]"


@pytest.mark.parametrize("name", ["truto_key_by", "next_cursor", "integrated_account_id", "monkey"])
def test_the_value_of_any_other_parameter_is_shown(name: str) -> None:
    assert str(ApiRequest("/usage", [(name, "id")])) == f"GET /usage?{name}=id"


def test_a_long_value_is_truncated() -> None:
    assert str(ApiRequest("/usage", [("next_cursor", "x" * 1000)])) == f"GET /usage?next_cursor={'x' * 79}…"


def test_a_message_is_truncated_to_three_hundred_characters() -> None:
    assert ApiRequest("/usage", []).error(RequestRejected, message="x" * 1000).provider_message == "x" * 299 + "…"


def test_a_message_is_shown_on_one_line_without_control_characters() -> None:
    error = ApiRequest("/usage", []).error(RequestRejected, message="one\n\ttwo\x1b[31m")
    assert error.provider_message == "one two[31m"


def test_a_token_across_the_end_of_a_truncated_value_is_redacted() -> None:
    parameters = [("next_cursor", "x" * 70 + "tok_live_5f2c9a7b1e")]
    assert "tok_live" not in str(ApiRequest("/usage", parameters, redact=redactor("tok_live_5f2c9a7b1e")))


def test_a_token_across_the_end_of_a_truncated_message_is_redacted() -> None:
    request = ApiRequest("/usage", [], redact=redactor("tok_live_5f2c9a7b1e"))
    error = request.error(InvalidResponse, "x" * 290 + "tok_live_5f2c9a7b1e")
    assert "tok_live" not in error.detail


@pytest.mark.parametrize("text", ["Bearer tok_live_5f2c9a7b1e", "xtok_live_5f2c9a7b1ex", '"tok_live_5f2c9a7b1e"'])
def test_a_long_token_is_redacted_inside_any_text(text: str) -> None:
    assert "5f2c9a7b1e" not in redactor("tok_live_5f2c9a7b1e")(text)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Bearer sandbox.", "Bearer [token]."),
        ("is_sandbox=true", "is_sandbox=true"),
        ("sandbox-claude", "sandbox-claude"),
    ],
)
def test_a_token_that_is_a_word_is_redacted_as_a_whole_word_only(text: str, redacted: str) -> None:
    assert redactor("sandbox")(text) == redacted


def test_the_repr_of_a_request_does_not_hold_the_token() -> None:
    assert "tok_live" not in repr(ApiRequest("/usage", [], redact=redactor("tok_live_5f2c9a7b1e")))
