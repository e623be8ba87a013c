"""What error bodies say."""

import pytest

from usage_assets.truto.refusal import Refusal, parse_refusal


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
def test_the_message_is_found_wherever_it_stands(body: bytes, message: str | None) -> None:
    assert parse_refusal(body).message == message


def test_a_hint_names_what_is_missing() -> None:
    insight = b'{"missing_required_query_parameters":{"description":"d","value":["date","limit"]}}'
    refusal = parse_refusal(b'{"message":"bad","truto_error_insight":' + insight + b"}")
    assert refusal.message == "bad; missing_required_query_parameters: date, limit"


def test_a_hint_without_a_value_says_nothing() -> None:
    refusal = parse_refusal(b'{"message":"slow","truto_error_insight":{"rate_limit_error":{"description":"d"}}}')
    assert refusal.message == "slow"


def test_the_providers_refusal_is_told_from_trutos() -> None:
    assert parse_refusal(b'{"message":"x","truto_is_remote_error":true}') == Refusal("x", is_remote=True)


def test_a_flag_that_is_no_boolean_is_no_flag() -> None:
    assert not parse_refusal(b'{"truto_is_remote_error":"yes"}').is_remote
