"""How a request is told in errors, without its secrets."""

import pytest

from usage_assets.truto import InvalidResponse, RequestRejected
from usage_assets.truto.call import Call, hider


def test_a_call_is_told_by_method_path_and_query() -> None:
    assert str(Call("/usage", [("limit", "5"), ("product_ids[]", "a")])) == "GET /usage?limit=5&product_ids[]=a"


def test_a_call_without_a_query_is_told_by_method_and_path() -> None:
    assert str(Call("/usage", [])) == "GET /usage"


@pytest.mark.parametrize(
    "name", ["api_key", "remote_query[apikey]", "client_secret", "password", "access_token", "token"]
)
def test_a_parameter_named_like_a_secret_is_not_told(name: str) -> None:
    assert str(Call("/usage", [(name, "hunter2")])) == f"GET /usage?{name}=[hidden]"


@pytest.mark.parametrize("name", ["truto_key_by", "next_cursor", "integrated_account_id", "monkey"])
def test_other_parameters_are_told(name: str) -> None:
    assert str(Call("/usage", [(name, "id")])) == f"GET /usage?{name}=id"


def test_a_long_value_is_cut() -> None:
    assert str(Call("/usage", [("next_cursor", "x" * 1000)])) == f"GET /usage?next_cursor={'x' * 79}…"


def test_a_message_is_cut_at_three_hundred_characters() -> None:
    assert Call("/usage", []).failure(RequestRejected, message="x" * 1000).provider_message == "x" * 299 + "…"


def test_a_message_is_put_on_one_line_without_control_characters() -> None:
    failure = Call("/usage", []).failure(RequestRejected, message="one\n\ttwo\x1b[31m")
    assert failure.provider_message == "one two[31m"


def test_a_token_at_the_cut_of_a_value_is_gone_as_well() -> None:
    parameters = [("next_cursor", "x" * 70 + "tok_live_5f2c9a7b1e")]
    assert "tok_live" not in str(Call("/usage", parameters, hide=hider("tok_live_5f2c9a7b1e")))


def test_a_token_at_the_cut_of_a_message_is_gone_as_well() -> None:
    call = Call("/usage", [], hide=hider("tok_live_5f2c9a7b1e"))
    failure = call.failure(InvalidResponse, "x" * 290 + "tok_live_5f2c9a7b1e")
    assert "tok_live" not in failure.detail


@pytest.mark.parametrize("text", ["Bearer tok_live_5f2c9a7b1e", "xtok_live_5f2c9a7b1ex", '"tok_live_5f2c9a7b1e"'])
def test_a_long_token_is_hidden_wherever_it_stands(text: str) -> None:
    assert "5f2c9a7b1e" not in hider("tok_live_5f2c9a7b1e")(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bearer sandbox.", "Bearer [token]."),
        ("is_sandbox=true", "is_sandbox=true"),
        ("sandbox-claude", "sandbox-claude"),
    ],
)
def test_a_token_that_is_a_word_is_hidden_where_it_stands_alone(text: str, shown: str) -> None:
    assert hider("sandbox")(text) == shown


def test_the_token_is_not_in_the_repr_of_a_call() -> None:
    assert "tok_live" not in repr(Call("/usage", [], hide=hider("tok_live_5f2c9a7b1e")))
