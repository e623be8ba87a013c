"""Products, organizations, workspaces, users and the schema."""

import pytest

from truto_sandbox.schema import UNIFIED_FIELDS
from usage_assets_tests.truto_sandbox.api import CLAUDE, CODEX, CONFLUENT, CURSOR, DATADOG, USAGE, Api


@pytest.mark.parametrize("account", [CLAUDE, CODEX, CURSOR, CONFLUENT, DATADOG])
def test_the_products_of_rows_are_listed(api: Api, account: int) -> None:
    listed = {product["id"] for product in api.rows(account, "products")}

    assert {row["product"]["id"] for row in api.rows(account)} <= listed


@pytest.mark.parametrize(
    ("account", "resource"),
    [(CONFLUENT, "organizations"), (CONFLUENT, "workspaces"), (CURSOR, "users"), (CODEX, "users")],
)
def test_a_listed_row_can_be_got_by_id(api: Api, account: int, resource: str) -> None:
    last = api.rows(account, resource)[-1]

    assert api.body(account, f"{resource}/{last['id']}") == last


def test_an_unknown_id_is_not_found(api: Api) -> None:
    assert api.get(CURSOR, "users/nobody").status_code == 404


def test_users_of_claude_are_the_active_users_of_the_day(api: Api) -> None:
    active = {row["user"]["id"] for row in api.rows(CLAUDE, date="2026-10-04")}

    assert {user["id"] for user in api.rows(CLAUDE, "users", date="2026-10-04")} == active


def test_users_of_codex_include_all_people_who_use_it(api: Api) -> None:
    used = {row["user"]["id"] for day in range(1, 20) for row in api.rows(CODEX, date=f"2026-11-{day:02}")}

    assert len(used) == 25
    assert used < {user["id"] for user in api.rows(CODEX, "users")}


@pytest.mark.parametrize("account", [CLAUDE, CODEX, CURSOR, CONFLUENT, DATADOG])
def test_the_schema_names_every_field_of_a_row(api: Api, account: int) -> None:
    schema = api.http.get(f"{USAGE}/meta/list").json()["response_schema"]

    row = api.rows(account)[-1]

    assert set(row) <= set(schema["properties"]) == {*UNIFIED_FIELDS, "remote_data"}
    assert set(row.get("usage", {})) <= set(schema["properties"]["usage"]["properties"])
