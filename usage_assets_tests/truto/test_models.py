"""Envelopes and accounts as they are parsed."""

from datetime import UTC, datetime

import msgspec
import pytest

from usage_assets.truto import IntegratedAccount, Page
from usage_assets.truto.models import page_of, parse_account, parse_accounts_envelope, parse_envelope

EXACT = b'{"amount":1234567890.123456789012,"big":1E+400,"zero":-0.0,"text":"\\u0041\\/\xc3\xa9"}'


def page(body: bytes) -> Page:
    return page_of(parse_envelope(body), body, "GET /usage")


def rows(body: bytes) -> list[bytes]:
    return [bytes(row) for row in page(body).rows]


def test_a_row_keeps_its_text() -> None:
    assert rows(b'{"result":[ ' + EXACT + b" ]}") == [EXACT]


def test_a_row_laid_out_over_lines_is_put_on_one_with_its_numbers_as_they_were() -> None:
    laid_out = EXACT.replace(b",", b",\r\n  ").replace(b"{", b"{\n")
    assert rows(b'{"result":[\n' + laid_out + b"\n]}") == [EXACT]


def test_a_newline_inside_a_text_stays_escaped() -> None:
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


def test_debug_is_handed_out_as_it_came() -> None:
    assert page(b'{"result":[],"debug":{"requestUrl":"u"}}').debug == msgspec.Raw(b'{"requestUrl":"u"}')


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "truncated"),
        (b"<html>", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "no `result`"),
        (b'{"results":[]}', "no `result`"),
        (b'{"result":null}', "`\\$.result`"),
        (b'{"result":"x"}', "`\\$.result`"),
        (b'{"result":[{"id":1}', "truncated"),
        (b'{"result":[1]}', "not an object"),
        (b'{"result":[{"id":"\xff"}]}', "utf-8"),
        (b'{"result":[],"next_cursor":5}', "`\\$.next_cursor`"),
        (b'{"result":[],"is_partial_response":"no"}', "`\\$.is_partial_response`"),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        page(body)


def test_integrated_accounts_may_come_as_results() -> None:
    body = b'{"results":[{"id":"a"}],"next_cursor":null}'
    assert page_of(parse_accounts_envelope(body), body, "").rows == [msgspec.Raw(b'{"id":"a"}')]


def account(**fields: object) -> IntegratedAccount:
    row = {"id": "a-1", "integration": {"name": "confluent"}, "status": "active", **fields}
    return parse_account(msgspec.json.encode(row))


def test_an_account_needs_no_more_than_id_integration_and_status() -> None:
    assert account() == IntegratedAccount("a-1", "confluent", None, "active", False, None, None)


def test_an_integration_is_known_by_its_name_in_lower_case() -> None:
    assert account(integration={"name": " Confluent ", "id": "i-1"}).integration == "confluent"


@pytest.mark.parametrize("text", ["2024-09-01 10:00:00", "2024-09-01T10:00:00.000Z", "2024-09-01T12:00:00+02:00"])
def test_every_form_of_a_time_is_read_as_utc(text: str) -> None:
    assert account(created_at=text).created_at == datetime(2024, 9, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", [True, 1])
def test_a_sandbox_account_is_marked(value: object) -> None:
    assert account(is_sandbox=value).is_sandbox is True


@pytest.mark.parametrize("value", [False, 0, None])
def test_any_other_account_is_not(value: object) -> None:
    assert account(is_sandbox=value).is_sandbox is False


def test_a_last_error_that_is_no_text_is_kept_as_json() -> None:
    assert account(last_error={"code": 7}).last_error == '{"code":7}'


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": ""}, "empty `id`"),
        ({"id": 5}, "`\\$.id`"),
        ({"integration": {}}, "`name` - at `\\$.integration`"),
        ({"status": None}, "`\\$.status`"),
        ({"created_at": "yesterday"}, "yesterday"),
    ],
)
def test_what_is_no_account_is_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        account(**fields)
