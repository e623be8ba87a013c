"""The `users` resource: members with roles, limits and last activity, idle people, and people who leave."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from usage_assets_tests.truto_sandbox.api import CLAUDE, CODEX, CURSOR, Api, at, sandbox

NOVEMBER, DECEMBER = datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def november() -> Iterator[Api]:
    with sandbox(at(NOVEMBER)) as api:
        yield api


def ids(users: list[Any]) -> set[str]:
    return {user["id"] for user in users}


@pytest.mark.parametrize("account", [CODEX, CURSOR])
def test_someone_leaves_in_a_month_and_someone_else_comes(november: Api, account: int) -> None:
    before = ids(november.rows(account, "users"))
    with sandbox(at(DECEMBER)) as api:
        after = ids(api.rows(account, "users"))

    assert (len(before - after), len(after - before)) == (1, 1)


def test_the_same_seed_and_time_give_the_same_list(november: Api) -> None:
    with sandbox(at(NOVEMBER)) as again:
        assert again.rows(CURSOR, "users") == november.rows(CURSOR, "users")


def test_idle_people_have_no_activity_for_long(november: Api) -> None:
    limit = (NOVEMBER - timedelta(days=60)).isoformat()
    users = [user for user in november.rows(CURSOR, "users") if user["status"] == "active"]

    assert len([user for user in users if user.get("last_active_at", "") < limit]) == 25 // 8


def test_people_who_use_it_were_active_on_a_day_with_their_usage(november: Api) -> None:
    users = {user["id"]: user.get("last_active_at", "") for user in november.rows(CODEX, "users")}
    day = NOVEMBER.date() - timedelta(days=3)

    used = {row["user"]["id"] for row in november.rows(CODEX, date=str(day))}

    assert used
    assert all(users[user_id] >= str(day) for user_id in used)


def test_service_accounts_have_a_role_and_no_email(november: Api) -> None:
    services = [user for user in november.rows(CURSOR, "users") if user["roles"][0]["id"] == "service"]

    assert [(user["emails"], "first_name" in user) for user in services] == [([], False)] * 2


def test_a_spend_limit_is_in_cents_of_the_currency(november: Api) -> None:
    limits = [user["spend_limit"] for user in november.rows(CURSOR, "users") if "spend_limit" in user]

    assert limits
    assert all(limit["amount"] % 2500 == 0 and limit["currency"] == "USD" for limit in limits)


def test_a_member_can_be_got_by_id(november: Api) -> None:
    for user in november.rows(CURSOR, "users")[-3:]:
        assert november.body(CURSOR, f"users/{user['id']}") == user


def test_users_of_claude_were_active_on_the_day_asked_for(november: Api) -> None:
    users = november.rows(CLAUDE, "users", date="2026-10-20")

    assert {user["last_active_at"][:10] for user in users} == {"2026-10-20"}
