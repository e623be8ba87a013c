"""The message and the sender of an error body."""

import pytest

from usage_assets.truto.error_response import ErrorResponse, parse_error_response


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"statusCode":400,"error":"Bad Request","message":"no account"}', "no account"),
        (b'{"message":"","raw_response":{"error":{"message":"quota"}}}', "quota"),
        (b'{"message":"","raw_response":"plain"}', "plain"),
        (b'{"message":["first","second"]}', "first"),
        (b'{"error":"Bad Request","message":null}', "Bad Request"),
        (b'{"statusCode":500}', None),
        (b"upstream is down", "upstream is down"),
        (b"  <html><body>502</body></html>", "an HTML page"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[" * 100_000, "[" * 10_000),
        (b"", None),
        (b"null", None),
        (b'"text"', "text"),
    ],
)
def test_the_message_is_found_in_every_kind_of_body(body: bytes, message: str | None) -> None:
    assert parse_error_response(body).message == message


def test_a_hint_with_a_value_follows_the_message() -> None:
    insight = b'{"missing_required_query_parameters":{"description":"d","value":["date","limit"]}}'
    error_response = parse_error_response(b'{"message":"bad","truto_error_insight":' + insight + b"}")
    assert error_response.message == "bad; missing_required_query_parameters: date, limit"


def test_a_hint_without_a_value_is_left_out() -> None:
    error_response = parse_error_response(
        b'{"message":"slow","truto_error_insight":{"rate_limit_error":{"description":"d"}}}'
    )
    assert error_response.message == "slow"


def test_an_error_of_the_provider_is_remote() -> None:
    assert parse_error_response(b'{"message":"x","truto_is_remote_error":true}') == ErrorResponse("x", is_remote=True)


def test_a_remote_flag_that_is_not_a_boolean_is_ignored() -> None:
    assert not parse_error_response(b'{"truto_is_remote_error":"yes"}').is_remote
