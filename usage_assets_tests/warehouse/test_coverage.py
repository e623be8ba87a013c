"""The table `coverage`: the state of each day of an account, from what is loaded, what failed, and the day of today."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from usage_assets.account_histories import AccountHistory, digest_of
from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import days_between
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.manifest import WindowKey
from usage_assets.warehouse.checks import run_check
from usage_assets.warehouse.coverage import derive_coverage, is_coverage_behind
from usage_assets_tests.warehouse.companies import SHIPPED
from usage_assets_tests.warehouse.pipeline import ACCOUNT, Pipeline, account, row

# It is 2026-06-20. Confluent has a lag of 3 days and re-reads 7: days are ready to the 17th and final to the 10th.
SEEN = datetime(2026, 6, 8, tzinfo=UTC)
BACKFILL_DAYS = 12
REFUSED = "The vendor refused the day."

Spans = list[tuple[str, int, int]]


def june(day: int) -> date:
    return date(2026, 6, day)


def at(day: int) -> datetime:
    return datetime(2026, 6, day, 6, tzinfo=UTC)


def land(pipeline: Pipeline, first: int, last: int, **given: Any) -> None:
    for day in days_between(june(first), june(last)):
        pipeline.land([row(day=day)], day=day, **given)


def fail(pipeline: Pipeline, first: int, last: int, reason: str = REFUSED) -> None:
    result = FetchResult(error=UsageAssetsError(reason), failed=1)
    pipeline.failures.note_fetch(ACCOUNT, result, days_between(june(first), june(last)), "token", pipeline.now)


def cover(pipeline: Pipeline, **given: Any) -> set[date]:
    """Load what landed and derive the coverage of an account that was first listed on the 8th."""
    pipeline.run()
    accounts = [account(ACCOUNT, **{"first_seen_at": SEEN, "last_seen_at": pipeline.now, **given})]
    return pipeline.cover(accounts=accounts, backfill_days=BACKFILL_DAYS)


def spans(pipeline: Pipeline) -> Spans:
    """Return the state and the first and last day of each span of equal states in June."""
    found: Spans = []
    for day, state in pipeline.query("select day(usage_date), state from coverage order by usage_date"):
        begins = not found or (found[-1][0], found[-1][2]) != (state, day - 1)
        found.append((state, day if begins else found.pop()[1], day))
    return found


def reasons(pipeline: Pipeline, state: str) -> list[str | None]:
    return [reason for (reason,) in pipeline.query(f"select distinct reason from coverage where state = '{state}'")]


def with_reports(*names: str) -> Profiles:
    """Return the shipped profiles, with several reports of confluent."""
    reports = [{"name": name, "parameters": {"start_date": "{start}"}} for name in names]
    return Profiles({**SHIPPED, "confluent": {**SHIPPED["confluent"], "reports": reports}})


def test_a_day_is_final_provisional_missing_or_not_ready(pipeline: Pipeline) -> None:
    land(pipeline, 8, 15)

    cover(pipeline)

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 15), ("missing", 16, 17), ("not_ready", 18, 19)]
    assert reasons(pipeline, "missing") == [None]


def test_a_day_landed_when_its_loaded_content_was_fetched(pipeline: Pipeline) -> None:
    land(pipeline, 16, 16, fetched_at=at(19))
    land(pipeline, 17, 17, fetched_at=at(20))

    cover(pipeline)

    landed = dict(pipeline.query("select usage_date, landed_at from coverage where landed_at is not null"))
    assert landed == {june(day): at(day + 3).replace(tzinfo=None) for day in (16, 17)}


def test_a_day_whose_last_fetch_failed_has_its_sentence(pipeline: Pipeline) -> None:
    land(pipeline, 8, 15)
    fail(pipeline, 16, 17)

    cover(pipeline)

    assert spans(pipeline)[2:] == [("failed", 16, 17), ("not_ready", 18, 19)]
    assert reasons(pipeline, "failed") == [REFUSED]


def test_a_held_day_whose_new_fetch_failed_stays_provisional(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    fail(pipeline, 10, 17)

    cover(pipeline)

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 17), ("not_ready", 18, 19)]


def test_a_failed_day_recovers_when_it_lands(pipeline: Pipeline) -> None:
    land(pipeline, 8, 16)
    fail(pipeline, 17, 17)
    cover(pipeline)

    land(pipeline, 17, 17)
    changed = cover(pipeline)

    assert changed == {june(17)}
    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 17), ("not_ready", 18, 19)]


def test_time_alone_makes_days_ready_and_then_missing(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    cover(pipeline)

    pipeline.now = at(22)
    changed = cover(pipeline)

    assert changed == {june(day) for day in (18, 19, 20, 21)}
    assert spans(pipeline)[2:] == [("missing", 18, 19), ("not_ready", 20, 21)]


def test_nothing_is_written_when_nothing_changed(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    cover(pipeline)

    assert cover(pipeline) == set()


def test_a_restated_window_changes_the_day_it_landed_again(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17, fetched_at=at(20))
    cover(pipeline)

    pipeline.now = at(21)
    pipeline.land([row("restated", day=june(12))], day=june(12), fetched_at=at(21))
    changed = cover(pipeline)

    assert changed == {june(12), june(18), june(20)}  # the 18th is ready, the 20th is over
    [(landed_at,)] = pipeline.query("select landed_at from coverage where usage_date = '2026-06-12'")
    assert landed_at == at(21).replace(tzinfo=None)


def test_a_provisional_day_is_final_after_its_last_re_read(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    cover(pipeline)

    pipeline.now = at(21)
    land(pipeline, 11, 11, fetched_at=at(21))
    cover(pipeline)

    assert spans(pipeline)[0] == ("final", 8, 11)


def test_a_day_fetched_before_it_was_ready_is_not_held(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    land(pipeline, 18, 18, fetched_at=at(19))
    cover(pipeline)
    assert spans(pipeline)[-1] == ("not_ready", 18, 19)

    pipeline.now = at(21)
    cover(pipeline)

    assert ("missing", 18, 18) in spans(pipeline)


def test_equal_content_fetched_again_when_it_was_ready_holds_the_day(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    land(pipeline, 18, 18, fetched_at=at(19))
    cover(pipeline)

    pipeline.now = at(21)
    land(pipeline, 18, 18, fetched_at=at(21))
    cover(pipeline)

    assert ("provisional", 11, 18) in spans(pipeline)


def test_a_month_window_holds_the_days_that_were_ready_at_its_fetch(pipeline: Pipeline) -> None:
    pipeline.land([row(day=june(9))], day=june(9), integration="datadog", fetched_at=at(18))

    cover(pipeline, integration="datadog")

    assert spans(pipeline) == [("provisional", 1, 15), ("missing", 16, 17), ("not_ready", 18, 19)]


def test_a_day_needs_every_report_of_its_profile(pipeline: Pipeline) -> None:
    pipeline.profiles = with_reports("usage", "cost")
    land(pipeline, 8, 17, report="usage")
    land(pipeline, 8, 15, report="cost")

    cover(pipeline)

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 15), ("missing", 16, 17), ("not_ready", 18, 19)]


def test_a_report_that_the_profile_does_not_name_holds_no_day(pipeline: Pipeline) -> None:
    pipeline.profiles = with_reports("usage")
    land(pipeline, 16, 17, report="usage")
    land(pipeline, 14, 17, report="other")

    cover(pipeline)

    assert ("missing", 8, 15) in spans(pipeline)


def test_a_damaged_window_is_failed_with_its_reason(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    cover(pipeline)

    pipeline.land([row("again", day=june(12))], day=june(12))
    manifest = pipeline.landing.manifest(WindowKey(ACCOUNT, "default", june(12), june(13)))
    assert manifest is not None
    pipeline.landing.data_path(manifest).write_bytes(b"cut")
    cover(pipeline)

    assert ("failed", 12, 12) in spans(pipeline)
    [reason] = reasons(pipeline, "failed")
    assert reason


def test_an_account_without_usage_of_its_own_begins_with_the_first_asked_day(pipeline: Pipeline) -> None:
    land(pipeline, 15, 17)

    cover(pipeline)

    assert spans(pipeline) == [("missing", 8, 14), ("provisional", 15, 17), ("not_ready", 18, 19)]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", [("missing", 8, 18), ("not_ready", 19, 20)]),
        ("needs_reauth", [("missing", 8, 18), ("not_ready", 19, 20)]),
        ("connecting", []),
    ],
)
def test_an_account_that_never_landed_is_missing_from_the_first_day_it_was_asked_for(
    pipeline: Pipeline, status: str, said: Spans
) -> None:
    pipeline.now = at(21)
    never = account(ACCOUNT, status=status, first_seen_at=at(20))

    pipeline.cover(accounts=[never], backfill_days=BACKFILL_DAYS)

    assert spans(pipeline) == said


def test_days_before_those_that_were_asked_for_have_no_gaps(pipeline: Pipeline) -> None:
    pipeline.now = at(30)
    land(pipeline, 2, 3)
    land(pipeline, 18, 27, fetched_at=at(30))

    cover(pipeline, first_seen_at=at(30))

    assert [span for span in spans(pipeline) if span[0] != "not_ready"] == [
        ("final", 2, 3),
        ("final", 18, 20),
        ("provisional", 21, 27),
    ]


def test_an_account_to_reconnect_is_missing_with_the_reason_until_yesterday(pipeline: Pipeline) -> None:
    land(pipeline, 8, 15)

    cover(pipeline, status="needs_reauth")

    assert spans(pipeline)[2:] == [("missing", 16, 17), ("not_ready", 18, 19)]
    assert reasons(pipeline, "missing") == ["its status is needs_reauth"]


def test_a_deleted_account_ends_on_the_day_it_was_last_listed(pipeline: Pipeline) -> None:
    land(pipeline, 8, 12)

    cover(pipeline, last_seen_at=at(14), deleted_at=at(15))

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 12), ("missing", 13, 14)]


@pytest.mark.parametrize("given", [{"is_sandbox": True}, {"has_metering": False}])
def test_an_account_that_nobody_fetches_ends_with_its_last_held_day(pipeline: Pipeline, given: dict[str, bool]) -> None:
    land(pipeline, 8, 12)

    cover(pipeline, **given)

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 12)]


def test_days_that_do_not_count_by_the_users_file_have_no_row(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    pipeline.rules = AccountRules((AccountRule(ACCOUNT, ignored=(june(9), june(12))),), "sha")

    cover(pipeline)

    assert spans(pipeline) == [("final", 8, 8), ("provisional", 13, 17), ("not_ready", 18, 19)]


def test_an_account_that_starts_later_has_its_own_history(pipeline: Pipeline) -> None:
    land(pipeline, 8, 17)
    land(pipeline, 16, 17, account="later")
    pipeline.run()

    later = account("later", first_seen_at=at(20))
    pipeline.cover(accounts=[account(ACCOUNT, first_seen_at=SEEN), later], backfill_days=4)

    first_days = dict(pipeline.query("select account_id, min(usage_date) from coverage group by all"))
    assert first_days == {ACCOUNT: june(8), "later": june(16)}


def test_a_rebuilt_file_has_the_same_rows(pipeline: Pipeline) -> None:
    land(pipeline, 8, 14)
    fail(pipeline, 15, 15)
    cover(pipeline)
    pipeline.publish()
    before = pipeline.query("from coverage order by all")

    pipeline.warehouse.set_aside()
    cover(pipeline)

    assert pipeline.query("from coverage order by all") == before


def test_only_months_of_coverage_that_change_are_published_again(pipeline: Pipeline) -> None:
    pipeline.now = datetime(2026, 7, 2, 6, tzinfo=UTC)
    land(pipeline, 25, 29, fetched_at=pipeline.now)
    cover(pipeline, first_seen_at=at(25))
    before = pipeline.publish()

    pipeline.now += timedelta(days=4)
    cover(pipeline, first_seen_at=at(25))
    after = pipeline.publish()

    def is_same(name: str) -> bool:
        return (before / name).stat().st_ino == (after / name).stat().st_ino

    assert is_same("cost/2026-06.parquet")
    assert not is_same("coverage/2026-07.parquet")


def test_coverage_is_behind_on_another_day_and_after_a_failure_and_until_it_is_published(pipeline: Pipeline) -> None:
    histories = [history(17)]
    with pipeline.warehouse.transaction() as connection:
        derive_coverage(connection, pipeline.landing, histories)
    assert is_coverage_behind(pipeline.warehouse, digest_of(histories))
    pipeline.publish()

    behind = {
        name: is_coverage_behind(pipeline.warehouse, digest_of([given]))
        for name, given in (
            ("same", history(17)),
            ("next day", history(18)),
            ("failure", replace(history(17), failed_days=(june(17),), failure=REFUSED)),
        )
    }

    assert behind == {"same": False, "next day": True, "failure": True}


def test_a_project_without_a_warehouse_has_no_coverage_to_bring_up_to_date(pipeline: Pipeline) -> None:
    assert not is_coverage_behind(pipeline.warehouse, digest_of([history(17)]))


def history(last_ready: int) -> AccountHistory:
    return AccountHistory(
        account_id=ACCOUNT,
        integration="confluent",
        reports=("default",),
        lag=3,
        last_ready_day=june(last_ready),
        first_asked_day=june(8),
        first_wanted_day=june(8),
        last_day=june(last_ready + 2),
    )


def test_the_check_names_missing_and_failed_days_of_accounts_that_are_not_deleted(pipeline: Pipeline) -> None:
    land(pipeline, 8, 15)
    fail(pipeline, 17, 17)
    cover(pipeline)

    with pipeline.warehouse.transaction() as connection:
        findings = run_check(connection, "incomplete_days", pipeline.profiles, examples=3)
        connection.execute("update accounts set deleted_at = last_seen_at")
        of_deleted = run_check(connection, "incomplete_days", pipeline.profiles, examples=3)

    named = [(found["usage_date"], found["state"], found["reason"]) for found in findings.examples]
    assert named == [("2026-06-17", "failed", REFUSED), ("2026-06-16", "missing", "None")]
    assert of_deleted.count == 0
