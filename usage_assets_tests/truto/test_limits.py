"""The client keeps its requests under the rate limits."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from usage_assets.truto import RequestLimits
from usage_assets_tests.truto.clock import Clock


@pytest.fixture
def limits(clock: Clock) -> RequestLimits:
    return RequestLimits(clock=clock, sleep=clock.sleep)


def start_times(limits: RequestLimits, clock: Clock, accounts: Iterator[str | None]) -> list[float]:
    """The seconds after which each request was allowed."""
    started = []
    for account in accounts:
        with limits.request(account):
            started.append(clock.now - 1000.0)
    return started


def test_fifty_requests_of_an_account_are_allowed_immediately(limits: RequestLimits, clock: Clock) -> None:
    assert start_times(limits, clock, iter(["a"] * 50)) == [0.0] * 50


def test_the_next_request_of_an_account_waits_for_the_window(limits: RequestLimits, clock: Clock) -> None:
    assert start_times(limits, clock, iter(["a"] * 51))[-1] == pytest.approx(10.1)


def test_accounts_do_not_wait_for_each_other(limits: RequestLimits, clock: Clock) -> None:
    assert start_times(limits, clock, iter(["a"] * 50 + ["b"] * 50)) == [0.0] * 100


def test_all_accounts_together_stay_under_the_limit_of_the_token(limits: RequestLimits, clock: Clock) -> None:
    started = start_times(limits, clock, (str(number) for number in range(501)))
    assert started[499:] == [0.0, pytest.approx(10.1)]


def test_requests_without_an_account_count_for_the_token_only(limits: RequestLimits, clock: Clock) -> None:
    started = start_times(limits, clock, iter([None] * 501))
    assert started[499:] == [0.0, pytest.approx(10.1)]


def test_a_request_counts_until_ten_seconds_after_its_response(clock: Clock) -> None:
    limits = RequestLimits(per_account=1, clock=clock, sleep=clock.sleep)
    with limits.request("a"):
        clock.now += 30.0
    assert start_times(limits, clock, iter(["a"])) == [pytest.approx(40.1)]


def test_the_window_slides(clock: Clock) -> None:
    limits = RequestLimits(per_account=2, clock=clock, sleep=clock.sleep)
    with limits.request("a"):
        pass
    clock.now += 4.0
    assert start_times(limits, clock, iter(["a"] * 3)) == [
        4.0,
        pytest.approx(10.1),
        pytest.approx(14.1),
    ]


def test_a_failed_request_counts(clock: Clock) -> None:
    limits = RequestLimits(per_account=1, clock=clock, sleep=clock.sleep)
    with pytest.raises(OSError, match="refused"), limits.request("a"):
        raise OSError("refused")
    assert start_times(limits, clock, iter(["a"])) == [pytest.approx(10.1)]


def test_requests_in_flight_count() -> None:
    limits = RequestLimits(per_account=2, window=0.0)
    entered = threading.Event()

    def third() -> None:
        with limits.request("a"):
            entered.set()

    with ExitStack() as in_flight:
        in_flight.enter_context(limits.request("a"))
        in_flight.enter_context(limits.request("a"))
        thread = threading.Thread(target=third)
        thread.start()
        assert not entered.wait(0.1)
    thread.join()
    assert entered.is_set()


def test_threads_together_stay_under_the_limit() -> None:
    limits = RequestLimits(per_account=5, window=0.2)
    started: list[float] = []

    def send_requests() -> None:
        for _ in range(3):
            with limits.request("a"):
                started.append(time.monotonic())

    threads = [threading.Thread(target=send_requests) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    started.sort()
    assert all(later - earlier >= 0.2 for earlier, later in zip(started, started[5:], strict=False))
