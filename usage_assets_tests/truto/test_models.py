"""Parsing of envelopes, pages and integrated accounts."""

from datetime import UTC, datetime

import msgspec
import pytest

from usage_assets.truto import IntegratedAccount, Page
from usage_assets.truto.accounts import parse_account
from usage_assets.truto.models import build_page, parse_accounts_envelope, parse_envelope

EXACT = b'{"amount":1234567890.123456789012,"big":1E+400,"zero":-0.0,"text":"\\u0041\\/\xc3\xa9"}'


def page(body: bytes) -> Page:
    return build_page(parse_envelope(body), body, "GET /usage")


def rows(body: bytes) -> list[bytes]:
    return [bytes(row) for row in page(body).rows]


def test_a_row_keeps_its_text() -> None:
    assert rows(b'{"result":[ ' + EXACT + b" ]}") == [EXACT]


def test_an_indented_row_has_blanks_in_place_of_newlines() -> None:
    indented = EXACT.replace(b",", b",\r\n  ").replace(b"{", b"{\n")
    assert rows(b'{"result":[\n' + indented + b"\n]}") == [indented.replace(b"\r", b" ").replace(b"\n", b" ")]


def test_a_newline_inside_a_string_stays_escaped() -> None:
    assert rows(b'{"result":[\n{"a":"x\\ny"}]}') == [b'{"a":"x\\ny"}']


def test_a_keyed_result_gives_its_values_as_rows() -> None:
    assert rows(b'{"result":{"k1":{"id":"k1"},"k2":{"id":"k2"}}}') == [b'{"id":"k1"}', b'{"id":"k2"}']


def test_a_keyed_result_gives_its_keys() -> None:
    assert page(b'{"result":{"k1":{"id":"k1"},"k2":{"id":"k2"}}}').keys == ["k1", "k2"]


def test_a_listed_result_has_no_keys() -> None:
    assert page(b'{"result":[]}').keys is None


@pytest.mark.parametrize(
    ("rest", "cursor"),
    [
        (b"", None),
        (b',"next_cursor":null', None),
        (b',"next_cursor":""', None),
        (b',"next_cursor":"c"', "c"),
        (b',"debug":{"nextCursor":"d"}', "d"),
        (b',"debug":null', None),
        (b',"debug":"text"', None),
        (b',"next_cursor":null,"debug":{"nextCursor":"d"}', None),
    ],
)
def test_the_next_cursor_is_found(rest: bytes, cursor: str | None) -> None:
    assert page(b'{"result":[]' + rest + b"}").next_cursor == cursor


def test_the_debug_object_keeps_its_text() -> None:
    assert page(b'{"result":[],"debug":{"requestUrl":"u"}}').debug == msgspec.Raw(b'{"requestUrl":"u"}')


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "truncated"),
        (b"<html>", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "no `result`"),
        (b'{"results":[]}', "no `result`"),
        (b'{"result":null}', "`\\$.result`"),
        (b'{"result":"x"}', "`\\$.result`"),
        (b'{"result":[{"id":1}', "truncated"),
        (b'{"result":[NaN]', "malformed"),
        (b'{"result":[NaN,,1]}', "malformed"),
        (b'{"result":NaN}', "malformed"),
        (b'{"result":[NaN],"next_cursor":5}', "malformed"),
        (b'{"rows":[NaN]}', "no `result`"),
        (b'{"result":[],"next_cursor":5}', "`\\$.next_cursor`"),
        (b'{"result":[],"is_partial_response":"no"}', "`\\$.is_partial_response`"),
    ],
)
def test_an_invalid_page_raises(body: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        page(body)


UNREADABLE_ROWS = [
    b"1",
    b'"text"',
    b"null",
    b"[1,[2]]",
    b"NaN",
    b'{"quantity":NaN}',
    b'{"quantity":-Infinity}',
    b'{"id":"\xff"}',
    b'{"\xff":1}',
    b'{"id":"\\ud83d"}',
    b'{"id":' + b"9" * 4300 + b"}",
    b'{"id":"x\x00y"}',
    b"[" * 980 + b"]" * 980,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"id":"' + b"x" * 17_000_000 + b'"}',
    b'{"id":"\\"], } \\\\","a":[{}]}',
]


@pytest.mark.parametrize("row", UNREADABLE_ROWS, ids=lambda row: row[:12].decode(errors="replace"))
def test_a_row_that_no_parser_reads_keeps_its_text_among_the_others(row: bytes) -> None:
    body = b'{"prev_cursor":NaN, "result" : [{"id":1}, ' + row + b' ,{"id":2}],"next_cursor":"c"}'

    assert (rows(body), page(body).next_cursor) == ([b'{"id":1}', row, b'{"id":2}'], "c")


@pytest.mark.parametrize("row", UNREADABLE_ROWS, ids=lambda row: row[:12].decode(errors="replace"))
def test_a_keyed_row_that_no_parser_reads_keeps_its_text_and_key(row: bytes) -> None:
    body = b'{"result":{"k\\u00e9":' + row + b', "k2" :{"id":"k2"}},"debug":{"nextCursor":"c"},"x":NaN}'

    assert (rows(body), page(body).keys) == ([row, b'{"id":"k2"}'], ["ké", "k2"])
    assert page(body).next_cursor == "c"


def test_a_raw_newline_inside_a_text_becomes_a_blank() -> None:
    assert rows(b'{"result":[{"id":"x\r\ny"}]}') == [b'{"id":"x  y"}']


def test_a_partial_response_is_known_beside_a_row_that_no_parser_reads() -> None:
    assert parse_envelope(b'{"result":[NaN],"is_partial_response":true}').is_partial_response


def test_an_unreadable_account_does_not_hide_the_others() -> None:
    body = b'{"results":[{"id":"a","x":NaN},{"id":"b"}]}'
    assert len(build_page(parse_accounts_envelope(body), body, "").rows) == 2


def test_integrated_accounts_may_be_under_results() -> None:
    body = b'{"results":[{"id":"a"}],"next_cursor":null}'
    assert build_page(parse_accounts_envelope(body), body, "").rows == [msgspec.Raw(b'{"id":"a"}')]


def account(**fields: object) -> IntegratedAccount:
    row = {"id": "a-1", "integration": {"name": "confluent"}, "status": "active", **fields}
    return parse_account(msgspec.json.encode(row))


def test_an_account_needs_only_id_integration_and_status() -> None:
    assert account() == IntegratedAccount("a-1", "confluent", None, "active", False, None, None)


def test_the_name_of_an_integration_is_in_lower_case() -> None:
    assert account(integration={"name": " Confluent ", "id": "i-1"}).integration == "confluent"


@pytest.mark.parametrize("text", ["2024-09-01 10:00:00", "2024-09-01T10:00:00.000Z", "2024-09-01T12:00:00+02:00"])
def test_every_form_of_a_time_becomes_utc(text: str) -> None:
    assert account(created_at=text).created_at == datetime(2024, 9, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", [True, 1])
def test_a_sandbox_account_is_marked(value: object) -> None:
    assert account(is_sandbox=value).is_sandbox is True


@pytest.mark.parametrize("value", [False, 0, None])
def test_any_other_account_is_not_marked_as_a_sandbox(value: object) -> None:
    assert account(is_sandbox=value).is_sandbox is False


def test_a_last_error_that_is_not_text_is_kept_as_json() -> None:
    assert account(last_error={"code": 7}).last_error == '{"code":7}'


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": ""}, "`id` is an empty text"),
        ({"id": 5}, "`\\$.id`"),
        ({"integration": {}}, "`name` - at `\\$.integration`"),
        ({"status": None}, "`\\$.status`"),
        ({"created_at": "yesterday"}, "yesterday"),
    ],
)
def test_an_invalid_account_raises(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        account(**fields)
