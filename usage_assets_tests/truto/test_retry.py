"""Which statuses are retried, and the delays between attempts."""

import pytest

from usage_assets.truto.retry import delay_seconds, is_retryable_status, parse_retry_after
from usage_assets_tests.truto.scripted_api import NOW


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("10", 10.0),
        (" 10 ", 10.0),
        ("1.5", 1.5),
        ("3600", 3600.0),
        ("-1", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("9" * 400, None),
        ("1_0", None),
        ("٣", None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 13:00:30 +0100", 30.0),
        ("Mon, 23 Nov 2026 12:00:30 -0000", 30.0),
        ("Mon, 23 Nov 2026 11:59:00 GMT", 0.0),
        ("Mon, 99 Nov 2026 12:00:30 GMT", None),
        ("Mon, 23 Nov 99999 12:00:30 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251_606_865_599.0),
    ],
)
def test_a_retry_after_header_is_parsed(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("attempt", "requested", "delay"),
    [
        (1, None, 0.5),
        (2, None, 1.0),
        (4, None, 4.0),
        (200, None, 60.0),
        (1, 7.0, 7.0),
        (4, 1.0, 1.0),
        (1, 60.0, 60.0),
        (1, 3600.0, 60.0),
        (1, 0.0, 0.5),
    ],
)
def test_the_delay_is_the_requested_or_doubles_up_to_the_maximum(
    attempt: int, requested: float | None, delay: float
) -> None:
    assert delay_seconds(attempt, requested, base_delay=0.5, max_delay=60.0, chance=0.0) == delay


def test_jitter_shortens_a_delay_by_a_quarter_at_most() -> None:
    assert delay_seconds(1, None, base_delay=0.5, max_delay=60.0, chance=1.0) == 0.375


def test_jitter_never_shortens_a_requested_delay() -> None:
    assert delay_seconds(1, 10.0, base_delay=0.5, max_delay=60.0, chance=1.0) == 10.0


@pytest.mark.parametrize("status", [408, 429, 500, 502, 504, 520, 599])
def test_a_temporary_status_is_retried(status: int) -> None:
    assert is_retryable_status(status)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 405, 409, 422, 501, 503])
def test_any_other_status_is_not_retried(status: int) -> None:
    assert not is_retryable_status(status)
