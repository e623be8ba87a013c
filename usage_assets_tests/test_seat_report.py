"""`usage-assets seats`: who has a seat and does not use it, and what the idle seats of each account cost."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from usage_assets.published import NothingPublished
from usage_assets.seat_report import NO_LIST, account_seats, print_seats, published_seats, seats_document
from usage_assets.user_files.seat_prices import SeatRules, parse_seat_prices
from usage_assets_tests.warehouse.pipeline import Pipeline, account

PRICES = b"valid_from,account_id,monthly_price,currency\n2026-01-01,acme,40.25,USD\n"
MARKUP = "[bold]Eve[/bold]\x1b[31m"


def user(number: int, **given: Any) -> dict[str, Any]:
    return {"id": str(number), "name": f"User {number}", **given}


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """Two accounts: three seats, two of them idle, and one who left; one idle seat without a price."""
    pipeline = Pipeline(tmp_path, seat_rules=SeatRules(parse_seat_prices(Path("seats.csv"), PRICES), 30))
    active = user(1, last_active_at="2026-06-08")
    pipeline.land_users([active, user(2), user(3, last_active_at="2026-01-02"), user(4)], on=date(2026, 6, 8))
    pipeline.land_users([active, user(2), user(3, last_active_at="2026-01-02")], on=date(2026, 6, 9))
    pipeline.land_users([user(9, name=MARKUP)], on=date(2026, 6, 7), account="other")
    pipeline.run()
    pipeline.publish()
    return pipeline


def printed(pipeline: Pipeline, *, only_idle: bool = False) -> str:
    console = Console(file=StringIO(), width=160)
    accounts = [account("acme", integration="cursor", tenant_id="acme"), account("other", name="Other")]
    print_seats(console, pipeline.published, accounts, only_idle=only_idle)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_each_account_ends_with_what_its_idle_seats_cost(pipeline: Pipeline) -> None:
    assert printed(pipeline).splitlines()[-2:] == [
        "cursor · acme (acme): 3 seats as listed on 2026-06-09, 2 idle, which cost 80.50 USD a month.",
        "Other (other): 1 seat as listed on 2026-06-07, 1 idle; 1 idle seat without a price in seats.csv.",
    ]


def test_the_table_names_who_is_idle_and_who_left(pipeline: Pipeline) -> None:
    text = printed(pipeline)

    assert [name in text for name in ("User 1", "User 2", "User 4", "left 2026-06-09")] == [True] * 4


def test_only_idle_seats_are_shown_if_asked_for(pipeline: Pipeline) -> None:
    text = printed(pipeline, only_idle=True)

    assert [name in text for name in ("User 1", "User 2", "User 3", "User 4")] == [False, True, True, False]


def test_a_name_is_neither_markup_nor_control(pipeline: Pipeline) -> None:
    text = printed(pipeline)

    assert "[bold]Eve[/bold][31m" in text
    assert "\x1b" not in text


def test_the_newest_month_of_each_account_counts(pipeline: Pipeline) -> None:
    pipeline.land_users([user(1, last_active_at="2026-07-01")], on=date(2026, 7, 1))
    pipeline.run()
    pipeline.publish()

    totals = account_seats(published_seats(pipeline.published))
    assert [(total.account_id, total.listed_on, total.seats) for total in totals] == [
        ("acme", date(2026, 7, 1), 1),
        ("other", date(2026, 6, 7), 1),
    ]


def test_the_document_has_exact_decimals_as_texts(pipeline: Pipeline) -> None:
    document = json.loads(seats_document(pipeline.published, only_idle=True))

    [acme, _] = document["accounts"]
    assert acme == {
        "account_id": "acme",
        "listed_on": "2026-06-09",
        "seats": 3,
        "idle_seats": 2,
        "idle_prices": {"USD": "80.500000000000"},
        "idle_without_price": 0,
    }
    assert [seat["user_id"] for seat in document["seats"]] == ["2", "3", "9"]


def test_without_a_list_the_command_says_so(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path / "new")
    pipeline.run()
    pipeline.publish()

    assert printed(pipeline).split() == NO_LIST.split()


def test_before_anything_is_published_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        seats_document(tmp_path, only_idle=False)
