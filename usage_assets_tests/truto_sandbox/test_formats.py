"""Response formats."""

import json
from decimal import Decimal
from typing import Any

import pytest

from truto_sandbox.schema import CHARGE_TYPES
from usage_assets_tests.truto_sandbox.api import CLAUDE, CODEX, CONFLUENT, CURSOR, DATADOG, EUROS, USAGE, Api


def test_unified_is_the_default(api: Api) -> None:
    assert api.body(CLAUDE) == api.body(CLAUDE, truto_response_format="unified")


def test_raw_rows_are_the_records_of_the_vendor(api: Api) -> None:
    records = [row["remote_data"] for row in api.rows(CLAUDE)]

    assert api.rows(CLAUDE, truto_response_format="raw") == records


def test_normalized_rows_show_every_unified_field(api: Api) -> None:
    row = api.rows(DATADOG, truto_response_format="normalized")[0]

    assert row["model"] is None
    assert "remote_data" not in row


def test_a_stream_has_one_row_per_line_and_ignores_the_limit(api: Api) -> None:
    answer = api.get(CLAUDE, truto_response_format="stream", limit=1)

    assert [json.loads(line) for line in answer.text.splitlines()] == api.rows(CLAUDE)


def test_debug_describes_the_request_to_the_vendor(api: Api) -> None:
    page = api.body(CLAUDE, truto_response_format="debug", limit=3)

    assert page["debug"]["nextCursor"] == page["next_cursor"]
    assert page["debug"]["resultCount"] == 3


def test_debug_is_null_when_no_call_was_made(api: Api) -> None:
    page = api.body(CLAUDE, truto_response_format="debug", truto_skip_api_call="true")

    assert page["debug"] is None


def test_an_unknown_format_is_refused(api: Api) -> None:
    assert api.get(CLAUDE, truto_response_format="xml").status_code == 400


def test_key_by_makes_the_result_an_object(api: Api) -> None:
    by_id = api.body(CLAUDE, truto_key_by="id", limit=1000)["result"]

    assert by_id == {row["id"]: row for row in api.rows(CLAUDE)}


def test_remote_data_can_be_left_out(api: Api) -> None:
    rows = api.rows(CLAUDE, truto_ignore_remote_data="true")

    assert not any("remote_data" in row for row in rows)


@pytest.mark.parametrize(
    "encoded",
    [
        "truto_exclude_fields[]=user&truto_exclude_fields[]=usage",
        "truto_exclude_fields[0]=user&truto_exclude_fields[1]=usage",
        "truto_exclude_fields%5B%5D=user&truto_exclude_fields%5B%5D=usage",
        "truto_exclude_fields=user,usage",
    ],
)
def test_fields_are_excluded_in_every_encoding(api: Api, encoded: str) -> None:
    url = f"{USAGE}?integrated_account_id={api.account_id(CLAUDE)}&{encoded}"

    row = api.http.get(url).json()["result"][0]

    assert {"user", "usage"}.isdisjoint(row)
    assert "id" in row


def test_every_charge_type_occurs(api: Api) -> None:
    days: dict[str, Any] = {"date": "2026-10-01", "start_date": "2026-10-01", "end_date": "2026-10-02"}
    rows = [row for account in (CLAUDE, CURSOR, CONFLUENT, DATADOG) for row in api.rows(account, **days)]

    types = {charge["type"] for row in rows for charge in row.get("charges", [])}

    assert types == set(CHARGE_TYPES)


def test_amounts_have_at_most_six_decimals(api: Api) -> None:
    text = api.get(CLAUDE, limit=1000).text

    amounts = _numbers_of(json.loads(text, parse_float=Decimal)["result"])

    assert min(_exponent(amount) for amount in amounts) == -6


def test_the_euro_account_bills_in_euros(api: Api) -> None:
    charges = [charge for row in api.rows(EUROS) for charge in row.get("charges", [])]

    assert {charge["currency"] for charge in charges} == {"EUR"}


def test_some_users_have_no_email(api: Api) -> None:
    has_email = {"email" in row["user"] for row in api.rows(CURSOR)}

    assert has_email == {True, False}


def test_input_of_codex_includes_cached_tokens(api: Api) -> None:
    tokens = [row["usage"]["tokens"] for row in api.rows(CODEX)]

    assert all(counts["total"] == counts["input"] + counts["output"] for counts in tokens)


def test_input_of_claude_excludes_cached_tokens(api: Api) -> None:
    counts = api.rows(CLAUDE)[0]["usage"]["tokens"]

    parts = ("input", "cached_input", "cache_write", "output")
    assert counts["total"] == sum(counts[part] for part in parts)


def _numbers_of(rows: list[Any]) -> list[Decimal]:
    return [Decimal(charge["amount"]) for row in rows for charge in row.get("charges", [])]


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent
