"""What keeps failing: how long it pauses, what it remembers, and when it is over."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from usage_assets.integrations.windows import ONE_DAY, Window
from usage_assets.landing.failures import (
    Failure,
    FailureLog,
    after_derive,
    after_fetch,
    asked_with,
    contained,
    pause_after,
)
from usage_assets.landing.fetch import FetchResult, FetchStopped, LandedWindow
from usage_assets.landing.manifest import Manifest
from usage_assets.truto import InvalidResponse, RequestRejected
from usage_assets_tests.landing.files import names

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (date(2026, 11, day) for day in (1, 2, 3))
BLOCKED = RequestRejected("Account a-1 is blocked.", status=403)
ONE_BAD_DAY = InvalidResponse("Account a-1 answered 2026-11-02 with no page.")


def landed(*days: date) -> list[LandedWindow]:
    return [
        LandedWindow(
            Manifest(
                account_id="a-1",
                integration="cursor",
                report="default",
                window_start=day,
                window_end=day + ONE_DAY,
                request="",
                pages=1,
                rows=0,
                sha256="",
                data_file="",
                fetched_at=NOON,
                elapsed_days=1,
                is_final=False,
            ),
            changed=True,
        )
        for day in days
    ]


def failed(error: RequestRejected | InvalidResponse, *days: date) -> FetchResult:
    return FetchResult(landed(*days), error=error, failed=1)


def test_pauses_grow_from_a_minute_to_an_hour() -> None:
    minutes = [pause_after(attempts) / timedelta(minutes=1) for attempts in range(1, 9)]

    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pause_after(10**6) == timedelta(hours=1)


def test_a_failure_remembers_since_when_and_how_often() -> None:
    first = after_fetch(None, failed(BLOCKED), [FIRST], "t", NOON)
    second = after_fetch(first, failed(BLOCKED), [FIRST], "t", NOON + timedelta(hours=1))

    assert second is not None
    assert (second.first_failed_at, second.last_failed_at) == (NOON, NOON + timedelta(hours=1))
    assert (second.attempts, second.next_attempt_at) == (2, NOON + timedelta(hours=1, minutes=2))


def test_runs_that_fail_side_by_side_make_one_pause() -> None:
    failure = None
    for second in range(4):
        failure = after_fetch(failure, failed(BLOCKED), [FIRST], "t", NOON + timedelta(seconds=second))

    assert failure is not None
    assert (failure.attempts, failure.next_attempt_at) == (4, NOON + timedelta(minutes=1, seconds=3))


def test_a_blocked_account_waits_with_all_its_days() -> None:
    failure = after_fetch(None, failed(BLOCKED), [FIRST], "t", NOON)

    assert failure is not None
    assert failure.paused_days([FIRST, THIRD], NOON) == {FIRST, THIRD}
    assert failure.paused_days([FIRST, THIRD], NOON + timedelta(minutes=1)) == set()


def test_one_bad_day_waits_alone() -> None:
    failure = after_fetch(None, failed(ONE_BAD_DAY, FIRST), [FIRST, SECOND], "t", NOON)

    assert failure is not None
    assert failure.days == [SECOND]
    assert failure.paused_days([FIRST, SECOND, THIRD], NOON) == {SECOND}


def test_other_days_that_land_do_not_end_the_pause_of_a_bad_day() -> None:
    failure = after_fetch(None, failed(ONE_BAD_DAY), [SECOND], "t", NOON)

    assert after_fetch(failure, FetchResult(landed(FIRST, THIRD)), [FIRST, THIRD], "t", NOON) == failure


def test_it_is_over_once_the_day_has_landed() -> None:
    failure = after_fetch(None, failed(ONE_BAD_DAY), [SECOND], "t", NOON)

    assert after_fetch(failure, FetchResult(landed(SECOND)), [SECOND], "t", NOON) is None


def test_an_account_that_answers_again_is_asked_for_its_other_days_at_once() -> None:
    failure = after_fetch(None, failed(BLOCKED), [FIRST, SECOND], "t", NOON)

    after = after_fetch(failure, FetchResult(landed(FIRST)), [FIRST], "t", NOON)

    assert after is not None
    assert (after.days, after.paused_days([SECOND], NOON)) == ([SECOND], set())


def test_another_token_starts_the_pauses_anew_and_keeps_the_history() -> None:
    failure = None
    for _ in range(5):
        failure = after_fetch(failure, failed(BLOCKED), [FIRST], asked_with("old", "active"), NOON)

    failure = after_fetch(failure, failed(BLOCKED), [FIRST], asked_with("new", "active"), NOON)

    assert failure is not None
    assert (failure.attempts, failure.next_attempt_at) == (6, NOON + timedelta(minutes=1))


def test_the_hash_tells_tokens_and_statuses_apart_and_shows_neither() -> None:
    hashes = {asked_with(token, status) for token in ("secret-1", "secret-2") for status in ("active", "needs_reauth")}

    assert len(hashes) == 4
    assert not any("secret" in made_with for made_with in hashes)


def test_failures_are_kept_in_one_small_file_per_account(tmp_path: Path) -> None:
    log = FailureLog(tmp_path)
    log.note_fetch("a-1", failed(BLOCKED), [FIRST], "t", NOON)
    log.note_fetch("derive", failed(BLOCKED), [FIRST], "t", NOON)
    log.note_failed_derive("The disk is full.", NOON)

    assert names(tmp_path) == {
        "failures/accounts/a-1.json",
        "failures/accounts/derive.json",
        "failures/derive.json",
    }
    assert log.of_accounts().keys() == {"a-1", "derive"}

    log.note_fetch("a-1", FetchResult(landed(FIRST)), [FIRST], "t", NOON)
    log.note_derived()

    assert (log.of_account("a-1"), log.of_derive()) == (None, None)


def test_a_derive_run_that_is_killed_again_and_again_pauses_after_the_third_time() -> None:
    failure, pauses = None, []
    for hour in range(5):
        at = NOON + timedelta(hours=hour)
        failure = after_derive(failure, "killed", at, was_killed=True)
        pauses.append((failure.next_attempt_at - at) / timedelta(minutes=1))

    assert pauses == [0, 0, 0, 1, 2]


def test_a_stopped_fetch_is_no_failure(tmp_path: Path) -> None:
    log = FailureLog(tmp_path)

    log.note_fetch("a-1", FetchResult(error=FetchStopped("stopped")), [FIRST], "t", NOON)

    assert log.of_account("a-1") is None


def test_a_record_that_cannot_be_read_counts_as_none_and_is_replaced(tmp_path: Path) -> None:
    log = FailureLog(tmp_path)
    log.note_fetch("a-1", failed(BLOCKED), [FIRST], "t", NOON)
    (tmp_path / "failures/accounts/a-1.json").write_bytes(b"")

    assert log.of_account("a-1") is None
    log.note_fetch("a-1", failed(BLOCKED), [FIRST], "t", NOON)
    assert isinstance(log.of_account("a-1"), Failure)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "/data/x"), BLOCKED])
def test_what_a_fetch_raises_is_the_failure_of_its_account(error: Exception) -> None:
    def fetch() -> FetchResult:
        raise error

    result = contained(fetch)

    assert result.has_account_failure
    assert str(result.error) in {
        "/data/x cannot be used: no space left on device; check that path, its permissions and the disk.",
        str(BLOCKED),
    }


def test_a_window_of_several_days_counts_for_all_of_them() -> None:
    failure = after_fetch(None, failed(BLOCKED), Window(FIRST, THIRD + ONE_DAY).days, "t", NOON)

    assert failure is not None
    assert failure.days == [FIRST, SECOND, THIRD]
