"""From landed windows to `spend_anomalies`: what is judged, what restates, and what people acknowledged."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.acknowledgements import Acknowledgement
from usage_assets.warehouse.anomalies import status_of
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

FIRST = date(2026, 4, 6)  # a Monday
SPIKE_DAY = FIRST + timedelta(days=36)  # a Tuesday
LAST = FIRST + timedelta(days=45)
READY = datetime(2026, 7, 1, 6, tzinfo=UTC)
HOSTILE = "x'); drop table cost; --\x1b[31m\n[red]é"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An empty pipeline at a time when all these days are ready."""
    return Pipeline(tmp_path, now=READY)


@pytest.fixture
def judged(pipeline: Pipeline) -> Pipeline:
    """Seven weeks of an account that costs 10 USD a day."""
    land_days(pipeline, days_between(FIRST, LAST))
    pipeline.run_with_insights()
    return pipeline


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def land_days(
    pipeline: Pipeline, days: Iterable[date], amount: str = "10", *, account: str = "acme", **given: Any
) -> None:
    """Land a day each with two rows: one of `amount`, and one of 1 USD by Bea."""
    for day in days:
        rows = [
            row("big", charge("net", amount), day=day, user={"id": "1", "email": "ada@acme.example"}, **given),
            row("small", charge("net", "1"), day=day, user={"id": "2", "email": "bea@acme.example"}),
        ]
        pipeline.land(rows, day=day, account=account, fetched_at=READY)


def anomalies(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return pipeline.query("select scope, scope_key, kind, first_day, last_day from spend_anomalies order by all")


def test_ordinary_spend_has_no_anomaly(judged: Pipeline) -> None:
    assert anomalies(judged) == []


def test_a_spike_says_what_was_expected_and_who_caused_it(judged: Pipeline) -> None:
    land_days(judged, [SPIKE_DAY], "50.125", surface="cli")
    judged.run_with_insights()

    found = "select scope, scope_key, account_id, expected, actual, excess, currency, status from spend_anomalies"
    # Ada costs 10 on other days
    assert judged.query(found) == [
        ("user", "ada@acme.example", "acme", Decimal(10), Decimal("50.13"), Decimal("40.13"), "USD", "resolved")
    ]


def test_the_causes_name_the_series_with_the_amount_above_what_is_expected(judged: Pipeline) -> None:
    land_days(judged, [SPIKE_DAY], "50", surface="cli")
    judged.run_with_insights()

    [(causes,)] = judged.query("select causes from spend_anomalies")
    named = {"account_id": "acme", "provider": "confluent", "model": "(none)"}
    assert causes == [{**named, "surface": "cli", "user_key": "ada@acme.example", "excess": Decimal(50)}]


def test_a_day_without_rows_is_a_drop(judged: Pipeline) -> None:
    judged.land([], day=SPIKE_DAY, account="acme", fetched_at=READY)
    judged.run_with_insights()

    assert anomalies(judged) == [("account", "acme", "drop", SPIKE_DAY, SPIKE_DAY)]


def test_a_day_that_did_not_land_is_no_drop(pipeline: Pipeline) -> None:
    land_days(pipeline, [day for day in days_between(FIRST, LAST) if day != SPIKE_DAY])
    pipeline.run_with_insights()

    assert anomalies(pipeline) == []


def test_a_day_that_was_fetched_before_it_was_ready_is_not_judged(judged: Pipeline) -> None:
    early = datetime(SPIKE_DAY.year, SPIKE_DAY.month, SPIKE_DAY.day, 23, tzinfo=UTC)  # Confluent is three days late
    judged.land([], day=SPIKE_DAY, account="acme", fetched_at=early)
    judged.run_with_insights()

    assert anomalies(judged) == []


def test_a_fee_on_the_first_of_the_month_is_no_anomaly(pipeline: Pipeline) -> None:
    for day in days_between(FIRST, LAST):
        fee = [row("seat", charge("net", "500"), day=day, product={"id": "seats"})] if day.day == 1 else []
        usage = row("use", charge("net", "10"), day=day, product={"id": "usage"})
        pipeline.land([usage, *fee], day=day, fetched_at=READY)
    pipeline.run_with_insights()

    assert pipeline.one("select max(cost) from cost_by_account") == 510
    assert anomalies(pipeline) == []


def test_a_monthly_row_is_no_anomaly(pipeline: Pipeline) -> None:
    for month, amount in ((3, "310"), (4, "300"), (5, "3100")):
        first, after = date(2026, month, 1), date(2026, month + 1, 1)
        span = {"start_date": f"{first}T00:00:00Z", "end_date": f"{after}T00:00:00Z"}
        pipeline.land([{"id": "m", "charges": [charge("net", amount)], **span}], day=first, integration="datadog")
    pipeline.run_with_insights()

    # 10 USD a day, then 100 USD a day
    assert pipeline.query("select min(cost), max(cost) from cost_by_account") == [(10, 100)]
    assert anomalies(pipeline) == []


def test_days_that_do_not_count_are_no_drop(judged: Pipeline) -> None:
    judged.rules = AccountRules((AccountRule("acme", ignored=(SPIKE_DAY, SPIKE_DAY)),))
    judged.land([], day=SPIKE_DAY, account="acme", fetched_at=READY)
    judged.run_with_insights()

    assert anomalies(judged) == []


def test_a_window_that_changes_weeks_later_changes_its_incident_and_no_other(judged: Pipeline) -> None:
    other = SPIKE_DAY - timedelta(days=7)
    land_days(judged, [other, SPIKE_DAY], "60")
    judged.run_with_insights()
    before = judged.query("from spend_anomalies order by first_day")

    land_days(judged, [SPIKE_DAY], "10")
    judged.run_with_insights()

    assert judged.query("from spend_anomalies") == before[:1]


def test_restated_windows_give_the_anomalies_that_a_rebuild_gives(judged: Pipeline) -> None:
    for day, amount in ((30, "60"), (36, "70"), (37, "80"), (36, "10"), (41, "90")):
        land_days(judged, [FIRST + timedelta(days=day)], amount)
        judged.run_with_insights()
    judged.land([], day=LAST, account="acme", fetched_at=READY)
    judged.run_with_insights()
    restated = judged.query("from spend_anomalies order by all")

    judged.warehouse.set_aside()
    judged.run_with_insights()

    assert len(restated) == 4
    assert judged.query("from spend_anomalies order by all") == restated


def test_a_day_that_nothing_touched_is_not_judged_again(judged: Pipeline) -> None:
    land_days(judged, [SPIKE_DAY], "60")
    judged.run_with_insights()
    judged.amend("update bookkeeping.unusual_days set actual = 1000")

    land_days(judged, [LAST + timedelta(days=1)])
    judged.run_with_insights()

    assert judged.one("select actual from spend_anomalies") == 1000


def test_names_in_the_causes_are_data(judged: Pipeline) -> None:
    land_days(judged, [SPIKE_DAY], "60", surface=HOSTILE, model={"id": HOSTILE, "provider": HOSTILE})
    judged.run_with_insights()

    [(causes,)] = judged.query("select causes from spend_anomalies")
    assert causes[0]["surface"] == HOSTILE.strip()
    assert judged.one("select count(*) from cost") > 0


def test_a_spike_of_a_team_is_reported_for_the_team_and_no_more_after_a_reorganisation(judged: Pipeline) -> None:
    land_team_spike(judged)
    judged.allocate("user_key,team", "ada@acme.example,Data", "bea@acme.example,Data")
    judged.run_with_insights()
    assert anomalies(judged) == [("team", "Data", "spike", SPIKE_DAY, SPIKE_DAY)]

    judged.allocate("user_key,team", "ada@acme.example,Data", "bea@acme.example,Sales")
    judged.run_with_insights()
    assert anomalies(judged) == [("account", "acme", "spike", SPIKE_DAY, SPIKE_DAY)]


def land_team_spike(pipeline: Pipeline) -> None:
    """Land a day on which Ada and Bea cost 60 USD each, on two surfaces and of two models."""
    rows = [
        row(
            name,
            charge("net", "60"),
            day=SPIKE_DAY,
            user={"id": number, "email": f"{name}@acme.example"},
            surface=name,
            model={"id": name, "provider": name},
        )
        for number, name in (("1", "ada"), ("2", "bea"))
    ]
    pipeline.land(rows, day=SPIKE_DAY, account="acme", fetched_at=READY)


@pytest.mark.parametrize(("following", "status"), [(0, "open"), (2, "open"), (3, "resolved")])
def test_an_incident_is_over_after_three_complete_days(following: int, status: str) -> None:
    last_days = [SPIKE_DAY + timedelta(days=number) for number in range(-3, following + 1)][-3:]

    assert status_of(SPIKE_DAY, last_days) == status


def test_an_incident_is_open_until_three_days_after_it_have_landed(pipeline: Pipeline) -> None:
    land_days(pipeline, days_between(FIRST, SPIKE_DAY - timedelta(days=1)))
    land_days(pipeline, [SPIKE_DAY], "60")
    pipeline.run_with_insights()
    assert pipeline.one("select status from spend_anomalies") == "open"

    land_days(pipeline, days_between(SPIKE_DAY + timedelta(days=1), SPIKE_DAY + timedelta(days=3)))
    pipeline.run_with_insights()
    assert pipeline.one("select status from spend_anomalies") == "resolved"


def test_an_acknowledged_anomaly_keeps_its_note_after_a_rebuild(judged: Pipeline) -> None:
    land_days(judged, [SPIKE_DAY], "60")
    judged.run_with_insights()
    anomaly_id = judged.one("select anomaly_id from spend_anomalies")
    judged.acknowledgements = {anomaly_id: Acknowledgement(anomaly_id=anomaly_id, acknowledged_at=READY, note=HOSTILE)}

    judged.warehouse.set_aside()
    judged.run_with_insights()

    acknowledged = judged.query("select status, acknowledged_at, note from spend_anomalies")
    assert acknowledged == [("acknowledged", READY.replace(tzinfo=None), HOSTILE)]
