"""The days that each vendor reports for a request."""

import pytest

from usage_assets_tests.truto_sandbox.api import CLAUDE, CODEX, CONFLUENT, CURSOR, DATADOG, Api

WINDOWS = {
    "claude reports three days ago": (CLAUDE, {}, "2026-11-20", "2026-11-20"),
    "claude reports its date": (CLAUDE, {"date": "2026-10-01"}, "2026-10-01", "2026-10-01"),
    "claude ignores start_date": (CLAUDE, {"start_date": "2026-10-01"}, "2026-11-20", "2026-11-20"),
    "codex reports yesterday": (CODEX, {}, "2026-11-22", "2026-11-22"),
    "codex reports its date": (CODEX, {"date": "2026-10-01"}, "2026-10-01", "2026-10-01"),
    "codex uses the day of start_date": (
        CODEX,
        {"start_date": "2026-10-01T23:00:00Z", "end_date": "2026-10-30"},
        "2026-10-01",
        "2026-10-01",
    ),
    "confluent excludes its end": (
        CONFLUENT,
        {"start_date": "2026-10-05", "end_date": "2026-10-08"},
        "2026-10-05",
        "2026-10-07",
    ),
    "confluent reports the month of its start": (
        CONFLUENT,
        {"start_date": "2026-10-10"},
        "2026-10-10",
        "2026-10-31",
    ),
    "confluent reports this month": (CONFLUENT, {}, "2026-11-01", "2026-11-22"),
    "cursor includes both bounds": (
        CURSOR,
        {"start_date": "2026-10-05T00:00:00.000Z", "end_date": "2026-10-07T00:00:00.000Z"},
        "2026-10-05",
        "2026-10-07",
    ),
    "cursor accepts epoch milliseconds": (
        CURSOR,
        {"start_date": "1791158400000", "end_date": "1791244799999"},
        "2026-10-05",
        "2026-10-05",
    ),
    "datadog widens a day to its month": (
        DATADOG,
        {"start_date": "2026-10-05", "end_date": "2026-10-05"},
        "2026-10-01",
        "2026-10-01",
    ),
    "datadog widens a range to its months": (
        DATADOG,
        {"start_date": "2026-08-31", "end_date": "2026-10-01"},
        "2026-08-01",
        "2026-10-01",
    ),
    "datadog reports this month": (DATADOG, {}, "2026-11-01", "2026-11-01"),
}


@pytest.mark.parametrize(("account", "query", "first", "last"), WINDOWS.values(), ids=WINDOWS.keys())
def test_a_vendor_reports_its_own_window(api: Api, account: int, query: dict[str, str], first: str, last: str) -> None:
    days = {row["start_date"][:10] for row in api.rows(account, **query)}

    assert (min(days), max(days)) == (first, last)


def test_a_future_day_has_no_rows(api: Api) -> None:
    assert api.rows(CODEX, date="2026-11-24") == []


def test_datadog_reports_one_row_per_product_and_month(api: Api) -> None:
    rows = api.rows(DATADOG, start_date="2026-09-15", end_date="2026-10-15")

    kinds = [(row["product"]["id"], row["start_date"]) for row in rows]
    assert len(set(kinds)) == len(kinds) == 16


def test_a_datadog_month_ends_with_the_last_second_of_its_last_day(api: Api) -> None:
    rows = api.rows(DATADOG, start_date="2026-02-10", end_date="2026-02-10")

    assert {row["end_date"] for row in rows} == {"2026-02-28T23:59:59Z"}


def test_codex_filters_by_user(api: Api) -> None:
    user_id = api.rows(CODEX, date="2026-10-01")[0]["user"]["id"]

    rows = api.rows(CODEX, date="2026-10-01", user_id=user_id)

    assert {row["user"]["id"] for row in rows} == {user_id}


def test_a_vendor_without_a_user_filter_ignores_it(api: Api) -> None:
    assert api.rows(CLAUDE, user_id="nobody") == api.rows(CLAUDE)
