"""Page sizes and cursors."""

import pytest

from usage_assets_tests.truto_sandbox.api import CLAUDE, CONFLUENT, CURSOR, USAGE, Api

DAYS = {"start_date": "2026-10-01", "end_date": "2026-10-10"}


def test_pages_together_are_the_listing(api: Api) -> None:
    listing = api.rows(CURSOR, **DAYS)

    page = api.body(CURSOR, limit=37, **DAYS)
    rows = page["result"]
    while page["next_cursor"] is not None:
        page = api.body(CURSOR, limit=37, next_cursor=page["next_cursor"], **DAYS)
        rows += page["result"]

    assert rows == listing


def test_an_empty_cursor_is_the_first_page(api: Api) -> None:
    assert api.body(CURSOR, next_cursor="", **DAYS) == api.body(CURSOR, **DAYS)


def test_a_page_has_a_hundred_rows_by_default(api: Api) -> None:
    assert len(api.body(CURSOR, **DAYS)["result"]) == 100


def test_a_limit_above_a_thousand_is_reduced_to_a_thousand(api: Api) -> None:
    month = {"start_date": "2026-08-01", "end_date": "2026-10-31"}

    assert len(api.body(CURSOR, limit=5000, **month)["result"]) == 1000


def test_the_limit_can_be_ignored(api: Api) -> None:
    month = {"start_date": "2026-08-01", "end_date": "2026-10-31"}

    page = api.body(CURSOR, limit=5, truto_ignore_limit="true", **month)

    assert len(page["result"]) > 1000
    assert page["next_cursor"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "ten", "1.5"])
def test_an_invalid_limit_is_refused(api: Api, limit: str) -> None:
    assert api.get(CLAUDE, limit=limit).status_code == 400


def test_a_cursor_of_another_query_is_refused(api: Api) -> None:
    cursor = api.body(CURSOR, limit=10, **DAYS)["next_cursor"]

    answer = api.get(CURSOR, next_cursor=cursor, start_date="2026-10-02", end_date="2026-10-10")

    assert (answer.status_code, answer.json()["message"]) == (400, "next_cursor belongs to another query")


def test_a_cursor_of_another_account_is_refused(api: Api) -> None:
    cursor = api.body(CURSOR, limit=10, **DAYS)["next_cursor"]

    assert api.get(CONFLUENT, next_cursor=cursor, **DAYS).status_code == 400


def test_a_cursor_is_valid_with_another_limit(api: Api) -> None:
    cursor = api.body(CURSOR, limit=10, **DAYS)["next_cursor"]

    page = api.body(CURSOR, limit=20, next_cursor=cursor, **DAYS)

    assert page["result"] == api.rows(CURSOR, **DAYS)[10:30]


@pytest.mark.parametrize("cursor", ["abc", "%%%", "é", "MC4w"])
def test_an_invalid_cursor_is_refused(api: Api, cursor: str) -> None:
    assert api.get(CURSOR, next_cursor=cursor, **DAYS).status_code == 400


def test_a_page_carries_the_documented_envelope(api: Api) -> None:
    assert set(api.body(CLAUDE)) == {"result", "next_cursor", "prev_cursor", "result_count"}


def test_the_users_list_accepts_the_parameter_cursor(api: Api) -> None:
    first = api.body(CURSOR, "users", limit=5)

    second = api.body(CURSOR, "users", limit=5, cursor=first["next_cursor"])

    assert second["result"] == api.rows(CURSOR, "users")[5:10]


def test_the_path_of_usage_is_the_documented_one(api: Api) -> None:
    query = {"integrated_account_id": api.account_id(CLAUDE)}

    assert api.http.get(USAGE, params=query).status_code == 200
