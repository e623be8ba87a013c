"""What is wrong with a row of the account list is said in plain words, without types of a parser."""

import msgspec
import pytest

from usage_assets.truto.accounts import parse_accounts


def reason(row: bytes) -> str:
    """Return why a row of the account list cannot be read."""
    [unreadable] = parse_accounts([msgspec.Raw(row)]).unreadable
    return unreadable.reason


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b'{"id":{}}', "its `id` is an object and must be text"),
        (b'{"id":5}', "its `id` is a number and must be text"),
        (b'{"id":"a","integration":"x"}', "its `integration` is text and must be an object"),
        (b'{"id":"a","integration":{"name":[]}}', "its `integration.name` is a list and must be text"),
        (b"null", "it is null and must be an object"),
        (b'{"id":"a"}', "it has no `integration`"),
        (b'{"id":"a","integration":{}}', "it has no `integration.name`"),
        (b'{"id":" ","integration":{"name":"x"},"status":"s"}', "its `id` is an empty text"),
        (b'{"id":"a","integration":{"name":""},"status":"s"}', "its `integration.name` is an empty text"),
        (b'{"id":"a",', "it is not JSON"),
        (b'{"id":"\xff"}', "it is not JSON"),
        (b'{"id":"a","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "it nests too deep"),
    ],
)
def test_the_reason_names_the_member_and_what_it_must_be(row: bytes, words: str) -> None:
    assert reason(row) == words


def test_a_switch_that_is_none_must_be_true_or_false() -> None:
    row = b'{"id":"a","integration":{"name":"x"},"status":"s","is_sandbox":"maybe"}'

    assert reason(row) == "its `is_sandbox` is text and must be true or false"


@pytest.mark.parametrize("text", ["soon", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00+24:00"])
def test_a_time_that_does_not_exist_costs_its_own_account_only(text: str) -> None:
    bad, good = (
        msgspec.json.encode({"id": name, "integration": {"name": "x"}, "status": "s", "created_at": time})
        for name, time in (("bad", text), ("good", "2026-01-01T00:00:00Z"))
    )

    listed = parse_accounts([msgspec.Raw(bad), msgspec.Raw(good)])

    assert [account.id for account in listed.accounts] == ["good"]
    assert [row.reason for row in listed.unreadable] == [f"its `created_at` is '{text}', which is no time"]
