"""Fields that look like token counts, and those that a profile does not know."""

from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.token_fields import ignored_token_fields, looks_like_tokens, unknown_token_fields


def profile(**tokens: Any) -> Profile:
    return msgspec.structs.replace(load_profiles().of("claude"), meters=tokens)


@pytest.mark.parametrize(
    "path",
    ["usage.tokens.input", "usage.tokens", "usage.Tokens.input", "usage.web.inputTokenCount", "usage.MAX_TOKENS_USED"],
)
def test_a_part_with_token_in_its_name_looks_like_tokens(path: str) -> None:
    assert looks_like_tokens(path)


@pytest.mark.parametrize(
    "path", ["", "usage.quantity", "usage.requests.total", "usage.sessions.distinct", "usage.tok.en"]
)
def test_other_paths_do_not_look_like_tokens(path: str) -> None:
    assert not looks_like_tokens(path)


@pytest.mark.parametrize(
    "path",
    ["usage.tokenCost", "usage.tokens.fee", "usage.token_costs.input", "remote_data.tokens.usd", "usage.token_id"],
)
def test_money_and_ids_of_tokens_do_not_look_like_tokens(path: str) -> None:
    assert not looks_like_tokens(path)


@pytest.mark.parametrize(
    "path", ["usage.cost.tokens", "usage.fees.token_count", "usage.tokens.paid", "usage.id.tokens"]
)
def test_tokens_below_money_or_an_id_look_like_tokens(path: str) -> None:
    assert looks_like_tokens(path)


def test_without_fields_none_is_unknown() -> None:
    assert unknown_token_fields([], profile(input=["usage.tokens.input"])) == []


def test_a_counted_field_is_known() -> None:
    assert unknown_token_fields(["usage.tokens.input"], profile(input=["usage.a", "usage.tokens.input"])) == []


def test_an_uncounted_field_is_unknown() -> None:
    assert unknown_token_fields(["usage.tokens.audio"], profile(input=["usage.tokens.input"])) == ["usage.tokens.audio"]


def test_a_field_that_does_not_look_like_tokens_is_not_reported() -> None:
    assert unknown_token_fields(["usage.quantity"], profile()) == []


def test_an_ignored_field_is_known() -> None:
    assert unknown_token_fields(["usage.tokens.total"], profile(ignored=["usage.tokens.total"])) == []


def test_a_field_below_an_ignored_one_is_known() -> None:
    assert unknown_token_fields(["usage.tokens.tools.web.in"], profile(ignored=["usage.tokens.tools"])) == []


def test_a_field_whose_name_only_starts_like_an_ignored_one_is_unknown() -> None:
    unknown = unknown_token_fields(["usage.tokens.total_billed"], profile(ignored=["usage.tokens.total"]))
    assert unknown == ["usage.tokens.total_billed"]


def test_a_field_below_a_counted_one_is_unknown() -> None:
    unknown = unknown_token_fields(["usage.tokens.input.audio"], profile(input=["usage.tokens.input"]))
    assert unknown == ["usage.tokens.input.audio"]


def test_a_field_that_counts_no_tokens_is_known() -> None:
    assert unknown_token_fields(["usage.token_limit"], profile(not_tokens=["usage.token_limit"])) == []


def test_ignored_fields_are_those_under_ignored_paths_that_look_like_tokens() -> None:
    paths = ["usage.tokens.total", "usage.tokens.sums.all", "usage.tokens.audio", "usage.tokens.sums.cost"]

    assert ignored_token_fields(paths, profile(ignored=["usage.tokens.total", "usage.tokens.sums"])) == [
        "usage.tokens.sums.all",
        "usage.tokens.total",
    ]


@pytest.mark.parametrize("name", ["input", "not_tokens"])
def test_a_field_that_is_counted_or_counts_no_tokens_is_not_ignored(name: str) -> None:
    both = {"ignored": ["usage.tokens.total"], name: ["usage.tokens.total"]}

    assert ignored_token_fields(["usage.tokens.total"], profile(**both)) == []


def test_unknown_fields_are_sorted_and_unique() -> None:
    assert unknown_token_fields(["b.tokens", "a.tokens", "b.tokens"], profile()) == ["a.tokens", "b.tokens"]
