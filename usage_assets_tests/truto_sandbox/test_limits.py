"""Truto's request limits."""

from dataclasses import replace

import pytest

from truto_sandbox.errors import ApiError
from truto_sandbox.limits import PER_ACCOUNT, RateLimiter
from usage_assets_tests.truto_sandbox.api import CALM, CLAUDE, CODEX, Api, sandbox

LIMITED = replace(CALM, rate_limited=True)


def test_the_fifty_first_request_of_an_account_is_refused() -> None:
    with sandbox(LIMITED) as api:
        statuses = [api.get(CLAUDE).status_code for _ in range(PER_ACCOUNT + 1)]

    assert statuses == [200] * PER_ACCOUNT + [429]


def test_a_refusal_names_the_seconds_to_wait() -> None:
    with sandbox(LIMITED) as api:
        answer = [api.get(CLAUDE) for _ in range(PER_ACCOUNT + 1)][-1]

    assert answer.headers["retry-after"] == "10"


def test_another_account_has_its_own_limit() -> None:
    with sandbox(LIMITED) as api:
        _exhaust(api, CLAUDE)

        assert api.get(CODEX).status_code == 200


def test_the_five_hundred_first_request_of_a_token_is_refused() -> None:
    with sandbox(LIMITED) as api:
        statuses = [api.http.get("/integrated-account").status_code for _ in range(501)]

    assert statuses == [200] * 500 + [429]


def test_a_response_has_the_number_of_remaining_requests() -> None:
    with sandbox(LIMITED) as api:
        headers = api.get(CLAUDE).headers

    assert (headers["ratelimit-limit"], headers["ratelimit-remaining"]) == ("50;w=10", "49")


def test_without_limits_nothing_is_refused(api: Api) -> None:
    statuses = {api.get(CLAUDE, limit=1).status_code for _ in range(PER_ACCOUNT + 5)}

    assert statuses == {200}


def test_the_limit_is_reset_after_ten_seconds() -> None:
    seconds = [0.0]
    limiter = RateLimiter("token", 1, clock=lambda: seconds[0])
    limiter.admit("key")
    with pytest.raises(ApiError):
        limiter.admit("key")

    seconds[0] = 10.0

    assert limiter.admit("key")["ratelimit-remaining"] == "0"


def _exhaust(api: Api, account: int) -> None:
    for _ in range(PER_ACCOUNT):
        api.get(account)
