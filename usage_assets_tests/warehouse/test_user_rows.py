"""One row of a list of users: what is readable counts, whatever else stands in it."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.warehouse.user_rows import ListedUser, read_user

LISTED_ON = date(2026, 11, 20)


def read(line: bytes) -> ListedUser | None:
    return read_user(line, load_profiles().of("cursor"), LISTED_ON)


def user(**members: Any) -> ListedUser:
    found = read(msgspec.json.encode({"id": "7", **members}))
    assert found is not None
    return found


def test_a_whole_row_is_read() -> None:
    assert user(
        name="Ann Abe",
        emails=[{"email": "other@x.example"}, {"email": "Ann@x.example", "is_primary": True}],
        roles=[{"id": "admin", "name": "Admin"}, {"id": "billing"}],
        status="Active",
        spend_limit={"amount": 12345, "currency": "usd"},
        last_active_at="2026-11-19T23:30:00-02:00",
        created_at="2026-01-02 10:00:00",
        remote_data={"seat_tier": "premium"},
    ) == ListedUser(
        user_id="7",
        user_email="Ann@x.example",
        user_name="Ann Abe",
        status="active",
        role="Admin, billing",
        seat_type="premium",
        spend_limit=Decimal("123.45"),
        spend_limit_currency="USD",
        last_active_on=date(2026, 11, 20),
        created_on=date(2026, 1, 2),
    )


def test_a_row_with_nothing_but_an_id_is_a_user() -> None:
    assert user() == ListedUser("7", None, None, None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    "line",
    [b"{}", b'{"id": null}', b'{"id": " "}', b'{"id": true}', b'{"id": {}}', b"7", b"[]", b"nonsense", b"", b"\xff"],
)
def test_a_row_without_an_id_is_no_user(line: bytes) -> None:
    assert read(line) is None


def test_an_id_may_be_a_number() -> None:
    found = read(b'{"id": 10203}')
    assert found is not None
    assert found.user_id == "10203"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (b'{"amount": 5000, "currency": "JPY"}', (Decimal(5000), "JPY")),
        (b'{"amount": 5000, "currency": "KWD"}', (Decimal(5), "KWD")),
        (b'{"amount": 0, "currency": "USD"}', (Decimal(0), "USD")),
        (b'{"amount": 99999999999999999.99, "currency": "USD"}', (Decimal("999999999999999.9999"), "USD")),
        (b'{"amount": true, "currency": "USD"}', (None, None)),
        (b'{"amount": "5000", "currency": "USD"}', (None, None)),
        (b'{"amount": 1e400, "currency": "USD"}', (None, None)),
        (b'{"amount": 5000, "currency": "CREDITS"}', (None, None)),
        (b'{"amount": 5000}', (None, None)),
        (b"50", (None, None)),
        (b"null", (None, None)),
    ],
)
def test_a_spend_limit_is_in_the_smallest_unit_of_its_currency(
    limit: bytes, expected: tuple[Decimal | None, str | None]
) -> None:
    found = read(b'{"id": "7", "spend_limit": ' + limit + b"}")
    assert found is not None
    assert (found.spend_limit, found.spend_limit_currency) == expected


@pytest.mark.parametrize("emails", [None, "a@x", [], [{}], [{"email": None}], [7], [{"email": " "}]])
def test_without_a_readable_email_there_is_none(emails: Any) -> None:
    assert user(emails=emails).user_email is None


@pytest.mark.parametrize("moment", ["soon", "", None, 5, "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_cannot_be_read_is_none(moment: Any) -> None:
    assert user(last_active_at=moment).last_active_on is None


def test_nobody_was_active_after_the_day_of_the_list() -> None:
    assert user(last_active_at="9999-01-01T00:00:00Z").last_active_on == LISTED_ON


def test_first_and_last_name_are_the_name_where_there_is_no_other() -> None:
    assert user(first_name="Ann", last_name="Abe").user_name == "Ann Abe"


def test_half_a_character_is_replaced() -> None:
    found = read(b'{"id": "7", "name": "Ann \\ud83d"}')
    assert found is not None
    assert found.user_name == "Ann ?"
