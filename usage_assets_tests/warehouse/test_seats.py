"""`seats`: one row per account, month and user, from lists of users, the rows of `usage` and `seats.csv`."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.user_files.seat_prices import SeatPrices, SeatRules, parse_seat_prices
from usage_assets.warehouse.checks import run_check
from usage_assets.warehouse.stale_days import PUBLISHED, stale_days
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
HEADER = "valid_from,valid_to,account_id,integration,seat_type,monthly_price,currency\n"


def ann(**given: Any) -> dict[str, Any]:
    return {"id": "1", "name": "Ann", "emails": [{"email": "Ann@x.example"}], **given}


def bob(**given: Any) -> dict[str, Any]:
    return {"id": "2", "name": "Bob", **given}


def worked(pipeline: Pipeline, day: date, user: dict[str, Any], **given: Any) -> None:
    """Land a row of `user` on `day`, with a model."""
    members = {"model": {"id": "gpt-5"}, "usage": {"requests": {"total": 1}}, **given}
    pipeline.land([row("r1", day=day, user=user, **members)], day=day, integration="cursor")


def seats(pipeline: Pipeline, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return pipeline.query(f"select {columns} from seats where {where} order by month, user_id")


def rules(lines: Iterable[str] = (), idle_days: int = 30) -> SeatRules:
    content = HEADER + "\n".join(lines)
    return SeatRules(parse_seat_prices(Path("seats.csv"), content.encode()) if lines else SeatPrices(), idle_days)


def test_a_seat_is_described_by_the_last_list_of_the_month(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(status="invited")], on=date(2026, 6, 3))
    pipeline.land_users([ann(status="active", roles=[{"name": "Admin"}])], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(
        pipeline, "account_id, month, user_id, user_key, user_email, status, role, first_seen_on, last_seen_on"
    ) == [("acme", JUNE, "1", "ann@x.example", "Ann@x.example", "active", "Admin", date(2026, 6, 3), date(2026, 6, 9))]


def test_a_month_without_a_list_has_no_rows(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 5, 4), {"id": "1"})
    pipeline.land_users([ann()], on=date(2026, 6, 9))
    pipeline.land_users([ann()], on=date(2026, 8, 9))
    pipeline.run()

    assert seats(pipeline, "month") == [(JUNE,), (date(2026, 8, 1),)]


def test_a_user_without_email_has_the_key_of_the_usage_rows(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "2", "email": "Bob@x.example"})
    pipeline.land_users([bob(), {"id": "3"}], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "user_key") == [("bob@x.example",), ("acme:3",)]


def test_the_later_of_vendor_and_usage_is_the_last_active_day(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1"})
    worked(pipeline, date(2026, 6, 5), {"id": "2"})
    pipeline.land_users([ann(last_active_at="2026-06-08"), bob(last_active_at="2026-05-01")], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "last_active_on") == [(date(2026, 6, 8),), (date(2026, 6, 5),)]


def test_usage_is_matched_by_person_where_ids_differ(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "other id", "email": "ANN@x.example"})
    pipeline.land_users([ann()], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "last_active_on") == [(date(2026, 6, 4),)]


def test_usage_of_another_account_is_no_activity_of_the_seat(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1", "email": "ann@x.example"})
    pipeline.land_users([ann()], on=date(2026, 6, 9), account="other")
    pipeline.run()

    assert seats(pipeline, "last_active_on") == [(None,)]


@pytest.mark.parametrize(
    "members",
    [
        {"model": None, "usage": None, "charges": [charge("platform_fee", "40")]},
        {"model": None, "usage": {"requests": {"total": 0}, "code": {"lines_added": 0}}},
        {"model": None, "usage": {"activity": {"is_active": False}}},
    ],
)
def test_a_fee_or_zeros_alone_are_no_activity(pipeline: Pipeline, members: dict[str, Any]) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1"}, **members)
    pipeline.land_users([ann()], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "last_active_on, is_idle") == [(None, True)]


def test_a_number_that_no_meter_reads_is_activity(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1"}, model=None, usage={"code": {"lines_added": 3}})
    pipeline.land_users([ann()], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "last_active_on, is_idle") == [(date(2026, 6, 4), False)]


@pytest.mark.parametrize(("last", "idle"), [("2026-06-10", False), ("2026-06-09", True)])
def test_a_seat_is_idle_without_activity_in_the_thirty_days_before_the_list(
    pipeline: Pipeline, last: str, *, idle: bool
) -> None:
    pipeline.land_users([ann(last_active_at=last)], on=date(2026, 7, 10))
    pipeline.run()

    assert seats(pipeline, "is_idle") == [(idle,)]


def test_the_number_of_days_is_a_setting(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(last_active_at="2026-06-09")], on=date(2026, 7, 10))
    pipeline.run()

    pipeline.seat_rules = rules(idle_days=31)
    pipeline.run()

    assert seats(pipeline, "is_idle") == [(False,)]


def test_a_user_who_is_new_is_not_idle_yet(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(created_at="2026-06-01"), bob(created_at="2026-05-01")], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "is_idle") == [(False,), (True,)]


def test_a_deleted_user_has_no_idle_seat(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(status="deleted")], on=date(2026, 6, 9))
    pipeline.run()

    assert seats(pipeline, "is_idle") == [(False,)]


def test_who_is_missing_from_the_next_list_has_left(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(), bob()], on=date(2026, 6, 9))
    pipeline.land_users([ann()], on=date(2026, 6, 12))
    pipeline.run()

    assert seats(pipeline, "last_seen_on, left_on, is_idle") == [
        (date(2026, 6, 12), None, True),
        (date(2026, 6, 9), date(2026, 6, 12), False),
    ]


def test_the_first_list_of_a_month_shows_who_left_since_the_month_before(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(), bob()], on=date(2026, 6, 30))
    pipeline.run()
    pipeline.land_users([ann()], on=JULY)
    pipeline.run()

    assert seats(pipeline, "month, user_id, left_on, is_idle") == [
        (JUNE, "1", None, True),
        (JUNE, "2", JULY, True),
        (JULY, "1", None, True),
    ]


def test_who_comes_back_has_a_row_of_the_days_after(pipeline: Pipeline) -> None:
    for day, listed in ((1, [ann(), bob()]), (2, [ann()]), (3, [ann(), bob()])):
        pipeline.land_users(listed, on=date(2026, 6, day))
    pipeline.run()

    assert seats(pipeline, "first_seen_on, last_seen_on, left_on", "user_id = '2'") == [(JUNE, date(2026, 6, 3), None)]


def test_nobody_has_left_a_list_of_active_users(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(), bob()], on=date(2026, 6, 9), integration="claude")
    pipeline.land_users([ann()], on=date(2026, 6, 12), integration="claude")
    pipeline.run()

    assert seats(pipeline, "left_on") == [(None,), (None,)]


def test_of_rows_with_the_same_id_the_last_counts(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(name="Old"), ann(name="New")])
    pipeline.run()

    assert seats(pipeline, "user_name") == [("New",)]


def test_rows_that_are_no_users_are_counted_and_cost_themselves(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(), "nonsense", b"\xff", {"name": "nobody"}])
    pipeline.run()

    with pipeline.warehouse.transaction() as connection:
        found = run_check(connection, "unreadable_users", load_profiles(), examples=1)
    assert (len(seats(pipeline, "user_id")), found.rows) == (1, 3)


def test_hostile_texts_are_values(pipeline: Pipeline) -> None:
    hostile = "'; drop table seats; --\x1b[31m"
    pipeline.land_users([ann(id=hostile, name=hostile, status=hostile, roles=[{"name": hostile}])])
    pipeline.run()

    assert seats(pipeline, "user_id, user_name") == [(hostile, hostile)]


def test_a_list_of_the_same_day_replaces_the_earlier_one(pipeline: Pipeline) -> None:
    pipeline.land_users([ann(), bob()])
    pipeline.run()
    pipeline.land_users([ann()])
    pipeline.run()

    assert seats(pipeline, "user_id") == [("1",)]


def test_the_price_is_that_of_the_most_specific_line(pipeline: Pipeline) -> None:
    pipeline.seat_rules = rules(
        [
            "2026-01-01,,,cursor,,40,USD",
            "2026-01-01,,,Cursor,PREMIUM,90.125,USD",
            "2026-01-01,,other,,,32,eur",
            "2026-01-01,,other,,premium,64,EUR",
            "2026-01-01,,,claude,,1,USD",
        ]
    )
    for account in ("acme", "other"):
        pipeline.land_users([ann(seat_type="Premium"), bob(), {"id": "3", "seat_type": "basic"}], account=account)
    pipeline.run()

    assert pipeline.query("select account_id, user_id, monthly_price::varchar, currency from seats order by all") == [
        ("acme", "1", "90.125000000000", "USD"),
        ("acme", "2", "40.000000000000", "USD"),
        ("acme", "3", "40.000000000000", "USD"),
        ("other", "1", "64.000000000000", "EUR"),
        ("other", "2", "32.000000000000", "EUR"),
        ("other", "3", "32.000000000000", "EUR"),
    ]


def test_a_price_counts_on_its_days_only(pipeline: Pipeline) -> None:
    pipeline.seat_rules = rules(["2026-06-09,2026-06-30,,cursor,,40,USD", "2026-07-01,,,cursor,,50,USD"])
    for day in (date(2026, 5, 31), date(2026, 6, 9), JULY):
        pipeline.land_users([ann()], on=day)
    pipeline.run()

    assert seats(pipeline, "monthly_price::integer, currency") == [(None, None), (40, "USD"), (50, "USD")]


def test_the_price_of_a_seat_is_in_no_cost(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "5"), user={"id": "1"})], integration="cursor")
    pipeline.land_users([ann()])
    pipeline.seat_rules = rules(["2026-01-01,,,cursor,,40,USD"])
    pipeline.run()

    assert pipeline.one("select sum(cost)::integer from cost_by_account") == 5


def test_a_restated_day_changes_the_months_that_it_concerns_and_no_others(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1"})
    worked(pipeline, date(2026, 7, 4), {"id": "2"})
    for day in (date(2026, 5, 30), date(2026, 6, 30), date(2026, 7, 30)):
        pipeline.land_users([ann(), bob()], on=day)
    pipeline.run()
    pipeline.publish()
    may, june, july = (pipeline.published / "current" / "seats" / f"2026-0{n}.parquet" for n in (5, 6, 7))
    files = [file.stat().st_ino for file in (may, june, july)]

    pipeline.land([], day=date(2026, 7, 4), integration="cursor")
    pipeline.run()

    with pipeline.warehouse.transaction() as connection:
        assert {day.month for day in stale_days(connection, PUBLISHED)} == {7}
    pipeline.publish()
    assert [file.stat().st_ino == before for file, before in zip((may, june, july), files, strict=True)] == [
        True,
        True,
        False,
    ]
    assert seats(pipeline, "user_id, last_active_on", "month = '2026-07-01'") == [("1", date(2026, 6, 4)), ("2", None)]


def test_prices_that_change_are_derived_for_every_month(pipeline: Pipeline) -> None:
    for day in (date(2026, 6, 9), JULY):
        pipeline.land_users([ann()], on=day)
    pipeline.run()

    pipeline.seat_rules = rules(["2026-01-01,,,cursor,,40,USD"])
    pipeline.run()

    assert seats(pipeline, "monthly_price::integer") == [(40,), (40,)]


def test_a_new_file_has_the_same_seats_from_landing_alone(pipeline: Pipeline) -> None:
    worked(pipeline, date(2026, 6, 4), {"id": "1"})
    pipeline.land_users([ann(), bob()], on=date(2026, 6, 30))
    pipeline.land_users([ann()], on=JULY)
    pipeline.run()
    pipeline.publish()
    before = pipeline.query("from seats order by all")
    assert (len(before), pipeline.lists.pending()) == (3, [])

    pipeline.warehouse.set_aside()
    pipeline.run()

    assert pipeline.query("from seats order by all") == before


def test_a_list_that_landed_before_a_kill_is_loaded_by_the_next_run(pipeline: Pipeline) -> None:
    pipeline.land_users([ann()], on=date(2026, 6, 8))
    pipeline.run()
    pipeline.publish()
    pipeline.land_users([ann(), bob()], on=date(2026, 6, 9))
    assert len(pipeline.lists.pending()) == 1

    pipeline.run()
    pipeline.publish()

    assert (len(seats(pipeline, "user_id")), pipeline.lists.pending()) == (2, [])


def test_a_list_is_pending_until_it_is_published(pipeline: Pipeline) -> None:
    pipeline.land_users([ann()])
    pipeline.run()
    assert len(pipeline.lists.pending()) == 1

    pipeline.publish()

    assert pipeline.lists.pending() == []


def test_a_damaged_list_is_set_aside_and_stops_no_other(pipeline: Pipeline) -> None:
    pipeline.land_users([ann()], on=date(2026, 6, 8))
    pipeline.land_users([bob()], on=date(2026, 6, 9))
    [damaged] = (pipeline.lists.root / "windows").rglob("2026-06-09*.zst")
    damaged.write_bytes(b"half")
    pipeline.run()

    assert (seats(pipeline, "user_id"), len(pipeline.lists.quarantined())) == ([("1",)], 2)
