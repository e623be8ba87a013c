"""What the ledger says is planted is in the rows of the API."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest

from truto_sandbox.ledger import Ledger
from truto_sandbox.planted import Planted
from usage_assets_tests.truto_sandbox.api import (
    CALM,
    CLAUDE,
    CODEX,
    CONFLUENT,
    CURSOR,
    DATADOG,
    NEEDS_REAUTH,
    TRIAL,
    Api,
)

YEAR, YEAR_END = date(2025, 10, 1), date(2026, 10, 1)
LEDGER = Ledger(CALM)
WEEK = timedelta(days=7)


def test_an_account_in_a_drop_has_no_rows(api: Api) -> None:
    index, drop = _find("drop", CLAUDE, CODEX, CURSOR)

    assert _rows(api, index, drop.first_day) == []
    assert _rows(api, index, drop.first_day - WEEK) != []


def test_a_cluster_in_a_drop_has_no_cost() -> None:
    _, drop = _find("drop", CONFLUENT)

    assert LEDGER.costs(drop.account_id, drop.first_day, drop.last_day + timedelta(days=1)) == {}


def test_an_account_in_a_spike_uses_as_many_times_more_as_planted(api: Api) -> None:
    index, spike = _find("spike", CLAUDE, CODEX, CURSOR)

    ratio = _output(_rows(api, index, spike.first_day)) / _usual_output(api, index, spike.first_day)

    assert 0.5 < ratio / (spike.size / 1000) < 2


def test_the_usage_of_a_user_in_a_spike_is_far_above_everybody_elses(api: Api) -> None:
    index, spike = _find("user_spike", CLAUDE, CODEX, CURSOR)
    tokens: Counter[str] = Counter()

    for row in _rows(api, index, spike.first_day):
        tokens[row["user"].get("email") or row["user"]["id"]] += row["usage"]["tokens"]["output"]

    (first, most), (_, second) = tokens.most_common(2)
    assert first == spike.key
    assert most > 3 * second


def test_a_user_in_a_spike_is_billed_for_it(api: Api) -> None:
    index, spike = _find("user_spike", CURSOR)

    rows = [row for row in _rows(api, index, spike.first_day) if spike.key in row["user"].values()]

    assert len(rows) == 2
    assert all(charge["type"] != "included" for row in rows for charge in row.get("charges", []))


def test_a_runaway_model_uses_more_than_before(api: Api) -> None:
    index, runaway = _find("runaway_model", CLAUDE, CODEX, CURSOR)

    ratio = _output(_of_model(_rows(api, index, runaway.first_day), runaway)) / median(
        _output(_of_model(_rows(api, index, runaway.first_day - weeks * WEEK), runaway)) for weeks in range(1, 5)
    )

    assert ratio > 3


def test_a_surface_in_a_drop_has_no_rows_and_the_others_have(api: Api) -> None:
    index, drop = _find("surface_drop", CLAUDE, CODEX, CURSOR)

    surfaces = {row["surface"] for row in _rows(api, index, drop.first_day)}

    assert drop.key not in surfaces
    assert len(surfaces) >= 2


@pytest.mark.parametrize("index", [CLAUDE, CODEX, CURSOR])
def test_a_new_model_replaces_an_old_one_over_some_weeks(api: Api, index: int) -> None:
    (change,) = [change for change in _planted(index) if change.kind == "model_replacement"]
    before, after = change.first_day - timedelta(days=1), change.last_day + timedelta(days=1)

    def models(day: date) -> set[str]:
        days = (day + timedelta(days=number) for number in range(-3, 4))
        return {row["model"]["id"] for day in days for row in _rows(api, index, day) if "model" in row}

    old, new = models(before - WEEK), models(after + WEEK)
    assert change.key in old - new
    assert len(new - old) == 1
    assert models(change.first_day + timedelta(days=17)) >= {change.key, *(new - old)}


def test_people_work_on_a_holiday_as_on_a_sunday(api: Api) -> None:
    (holiday,) = [change for change in _planted(CODEX) if change.first_day == date(2026, 5, 1)]

    assert holiday.kind == "holiday"
    assert len(_rows(api, CODEX, date(2026, 5, 1))) * 2 < len(_rows(api, CODEX, date(2026, 5, 8)))


def test_a_ramp_rises_to_at_most_twice_the_usage_over_ten_weeks() -> None:
    _, ramp = _find("slow_ramp", CLAUDE, CODEX, CURSOR, CONFLUENT)

    assert 1500 <= ramp.size <= 2000
    assert (ramp.last_day - ramp.first_day).days == 140


def test_a_company_has_some_incidents_a_year_and_only_they_should_be_reported() -> None:
    for seed in range(5):
        ledger = Ledger(replace(CALM, seed=seed))
        changes = [change for account in ledger.accounts() for change in ledger.planted(account.id, YEAR, YEAR_END)]

        assert 15 <= sum(change.should_report for change in changes) <= 50
        assert {change.kind for change in changes if not change.should_report} == {
            "slow_ramp",
            "model_replacement",
            "holiday",
        }


def test_an_incident_starts_on_a_working_day_and_ends_in_its_month() -> None:
    for incident in (change for index in range(12) for change in _planted(index) if change.should_report):
        assert incident.first_day.isoweekday() < 6
        assert incident.first_day <= incident.last_day
        assert incident.first_day.month == incident.last_day.month


@pytest.mark.parametrize("index", [DATADOG, NEEDS_REAUTH, TRIAL])
def test_accounts_whose_days_no_monitor_sees_have_no_incident(index: int) -> None:
    assert not any(change.should_report for change in _planted(index))


def test_the_ledger_lists_what_touches_the_days_asked_for() -> None:
    _, incident = _find("drop", CLAUDE, CODEX, CURSOR)
    day = timedelta(days=1)

    def listed(start: date, end: date) -> bool:
        return incident in LEDGER.planted(incident.account_id, start, end)

    assert listed(incident.last_day, incident.last_day + day)
    assert listed(incident.first_day, incident.first_day + day)
    assert not listed(incident.last_day + day, incident.last_day + WEEK)
    assert not listed(incident.first_day - WEEK, incident.first_day)


def _planted(index: int) -> list[Planted]:
    return LEDGER.planted(LEDGER.accounts()[index].id, YEAR, YEAR_END)


def _find(kind: str, *integrations: int) -> tuple[int, Planted]:
    """Return the first change of a kind, and the number of its account, in accounts like the given ones."""
    like = {LEDGER.accounts()[index].integration for index in integrations}
    indexes = [account.index for account in LEDGER.accounts() if account.integration in like]
    return next((index, change) for index in indexes for change in _planted(index) if change.kind == kind)


def _rows(api: Api, index: int, day: date) -> list[Any]:
    start, end = f"{day}T00:00:00.000Z", f"{day}T23:59:59.999Z"
    return api.rows(index, date=str(day), start_date=start, end_date=end)


def _of_model(rows: list[Any], change: Planted) -> list[Any]:
    return [row for row in rows if row.get("model", {}).get("id") == change.key]


def _output(rows: list[Any]) -> int:
    return sum(row["usage"]["tokens"]["output"] for row in rows if "usage" in row)


def _usual_output(api: Api, index: int, day: date) -> float:
    return median(_output(_rows(api, index, day - weeks * WEEK)) for weeks in range(1, 5))
