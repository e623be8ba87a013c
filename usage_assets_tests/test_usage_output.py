"""The output of `usage list`: unchanged bytes as JSON, values as text in CSV, plain text in a table."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from usage_assets.truto import InvalidResponse, ResponseFormat, TrutoClient, UsageQuery
from usage_assets.usage_output import escaped, flatten, print_usage
from usage_assets_tests.truto.scripted_api import ScriptedApi, connected_client, retry_policy, running_api

Print: TypeAlias = Callable[..., bytes]

EXACT = b'{"id":"1","amount":0.10000000000000000001,"big":1E+400,"text":"\\u0041 \xc3\xa9 [/x]"}'
ESCAPE = "\x1b"


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with running_api() as server:
        yield server


@pytest.fixture
def client(api: ScriptedApi) -> Iterator[TrutoClient]:
    with connected_client(api, retry_policy([])) as client:
        yield client


@pytest.fixture
def printed(client: TrutoClient) -> Print:
    """Return a function that returns the text that `print_usage` writes for an output and a query."""

    def print_to_bytes(output: str, response_format: ResponseFormat = "unified", key_by: str | None = None) -> bytes:
        buffer = io.BytesIO()
        out = io.TextIOWrapper(buffer, "utf-8", newline="")
        query = UsageQuery(account_id="a-1", response_format=response_format, key_by=key_by)
        print_usage(client, query, output, out)
        out.flush()
        return buffer.getvalue()

    return print_to_bytes


def cells(row: dict[str, object]) -> dict[str, str]:
    return dict(flatten(json.dumps(row).encode()))


# JSON


def test_json_on_a_terminal_has_escapes_for_control_characters_and_the_same_value() -> None:
    name = "\x9b2J\x7f\N{RIGHT-TO-LEFT OVERRIDE}[/x] é\N{GRINNING FACE}"

    shown = escaped(json.dumps({"name": name}, ensure_ascii=False).encode())

    assert shown.decode() == '{"name": "\\u009b2J\\u007f\\u202e[/x] é\N{GRINNING FACE}"}'
    assert json.loads(shown) == {"name": name}


def test_a_body_that_is_no_json_cannot_control_a_terminal() -> None:
    assert escaped(b"<html>\x1b[2J\n\xff") == b"<html>\\u001b[2J\n\\xff"


def test_a_csv_cell_has_no_control_characters() -> None:
    assert cells({"name": f"{ESCAPE}[2J\x9b\N{RIGHT-TO-LEFT OVERRIDE}a\nb\tc"}) == {"name": "[2Ja\nb\tc"}


def test_ndjson_is_the_bytes_of_each_row(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(b'{"result":[' + EXACT + b'],"next_cursor":"b"}', b'{"result":[{"id":"2"}]}')
    assert printed("ndjson") == EXACT + b'\n{"id":"2"}\n'


def test_json_is_a_list_of_the_bytes_of_each_row(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(b'{"result":[' + EXACT + b',{"id":"2"}]}')
    assert printed("json") == b"[" + EXACT + b',\n{"id":"2"}]\n'


def test_json_of_no_rows_is_an_empty_list(api: ScriptedApi, printed: Print) -> None:
    api.answers_with({"result": []})
    assert printed("json") == b"[]\n"


def test_json_of_keyed_rows_is_an_object(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(b'{"result":{"k\\"1":' + EXACT + b"}}")
    assert printed("json", key_by="id") == b'{"k\\"1":' + EXACT + b"}\n"


def test_a_stream_is_printed_line_by_line(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(EXACT + b'\n\n{"id":"2"}\n')
    assert printed("ndjson", "stream") == EXACT + b'\n{"id":"2"}\n'


def test_a_raw_document_is_printed_unchanged_in_any_encoding(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(b"name;caf\xe9\r\n")
    assert printed("table", "raw") == b"name;caf\xe9\r\n\n"


def test_json_of_a_list_that_fails_on_a_later_page_is_not_begun(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [{"id": "1"}], "next_cursor": "b"}, {"result": 5})
    out = io.TextIOWrapper(io.BytesIO())
    with pytest.raises(InvalidResponse):
        print_usage(client, UsageQuery(account_id="a-1"), "json", out)
    assert out.buffer.tell() == 0


# CSV


def test_csv_has_a_column_for_each_path(api: ScriptedApi, printed: Print) -> None:
    api.answers_with({"result": [{"id": "1", "user": {"email": "a@x"}}, {"id": "2", "surface": "chat"}]})
    assert printed("csv") == b"id,user.email,surface\n1,a@x,\n2,,chat\n"


def test_a_csv_cell_keeps_markup_and_lines_but_no_control_characters(api: ScriptedApi, printed: Print) -> None:
    name = f"[red]x[/x] {ESCAPE}[31m\n=1"
    api.answers_with({"result": [{"id": name}]})
    [row] = csv.DictReader(io.StringIO(printed("csv").decode(), newline=""))
    assert row == {"id": "[red]x[/x] [31m\n=1"}


def test_a_number_keeps_every_digit() -> None:
    assert dict(flatten(EXACT))["amount"] == "0.10000000000000000001"


def test_a_number_with_thousands_of_digits_keeps_them() -> None:
    assert dict(flatten(b'{"n":' + b"9" * 5000 + b"}")) == {"n": "9" * 5000}


def test_a_number_in_a_list_stays_a_number() -> None:
    assert dict(flatten(b'{"charges":[{"amount": 1.50}]}')) == {"charges": '[{"amount": 1.50}]'}


def test_a_boolean_is_written_as_in_json() -> None:
    assert cells({"is_batch": True}) == {"is_batch": "true"}


def test_null_has_no_cell() -> None:
    assert cells({"user": {"email": None}, "model": None}) == {}


def test_remote_data_stays_json() -> None:
    assert cells({"remote_data": {"a": {"b": 1}}}) == {"remote_data": '{"a": {"b": 1}}'}


@pytest.mark.parametrize("line", [b"[1]", b"5", b"<html>", b'{"a":', b'{"a":"\xff"}'])
def test_a_line_of_a_stream_that_is_not_an_object_raises_with_its_account(
    api: ScriptedApi, printed: Print, line: bytes
) -> None:
    api.answers_with(line)
    with pytest.raises(InvalidResponse, match=r"not a JSON object.* for account a-1"):
        printed("csv", "stream")


# Table


def table_row(printed: Print) -> str:
    """Return a function that returns the line of the first row of a table."""
    return printed("table").decode().splitlines()[3]


def test_a_table_shows_the_columns_people_look_for(api: ScriptedApi, printed: Print) -> None:
    api.answers_with({"result": [{"id": "1", "user": {"email": "a@x"}, "hidden": "y"}]})
    shown = printed("table").decode()
    assert ("user.email" in shown, "a@x" in shown, "hidden" in shown) == (True, True, False)


@pytest.mark.parametrize("name", ["[/x]", "[red]x", "[link=https://evil.example]x[/link]", "\\[x]", ":smile:"])
def test_markup_in_a_name_is_shown_as_it_is(api: ScriptedApi, printed: Print, name: str) -> None:
    api.answers_with({"result": [{"id": name}]})
    assert name in table_row(printed)


@pytest.mark.parametrize(
    "control", [ESCAPE + "[31m", ESCAPE + "]0;title\x07", "\x9b31m", "\x08\x08", "\u202e", "\u2066"]
)
def test_a_terminal_control_in_a_name_is_removed(api: ScriptedApi, printed: Print, control: str) -> None:
    api.answers_with({"result": [{"id": f"a{control}b"}]})
    assert all(character.isprintable() for character in table_row(printed))


def test_a_name_of_several_lines_is_shown_on_one(api: ScriptedApi, printed: Print) -> None:
    api.answers_with({"result": [{"id": "a\nb\r\nc"}]})
    assert "a b c" in table_row(printed)


def test_a_terminal_control_in_a_list_is_removed(api: ScriptedApi, printed: Print) -> None:
    api.answers_with(b'{"result":[{"id":"1","charges":[{"type":"\xc2\x9b31m"}]}]}')
    assert "\x9b" not in printed("table").decode()


# Start-up


def test_printing_usage_imports_neither_dagster_nor_pandas() -> None:
    program = "import sys, usage_assets.usage_output; print({'dagster', 'duckdb', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
