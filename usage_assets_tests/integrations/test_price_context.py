"""The price context of a row, by the rules of a profile and the values in the row."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from usage_assets.integrations.price_context import (
    ContextRule,
    ContextRules,
    CoverRule,
    FactorRule,
    context_pairs,
    names_a_context,
    unread,
)
from usage_assets.integrations.profiles import Profile, ProfileError, Profiles, load_profiles

DAY = date(2026, 6, 10)
OPUS = "claude-opus-4-6"
TIER, SPEED, GEO = "usage.service_tier", "remote_data.speed", "remote_data.inference_geo"
IN_THE_US = FactorRule(GEO, values={"global": "1", "us": "1.1"})


def claude() -> Profile:
    return load_profiles().of("claude")


def context_of(
    *factors: FactorRule, texts: dict[str, str], model: str = OPUS, day: date = DAY, **contexts: ContextRule
) -> str:
    return ContextRules(contexts, factors, None).price_context(texts, model, day)


# Context values


@pytest.mark.parametrize(
    ("texts", "context"),
    [
        ({}, "(none)"),
        ({TIER: "standard"}, "(none)"),
        ({TIER: "flex"}, "service_tier=flex"),
        ({TIER: " Priority "}, "service_tier=priority"),
        ({TIER: "batch"}, "processing=batch"),
        ({"remote_data.service_tier": "flex"}, "service_tier=flex"),
        ({TIER: "", "remote_data.service_tier": "flex"}, "service_tier=flex"),
        ({"remote_data.batch": "true"}, "processing=batch"),
        ({"remote_data.is_batch": "false"}, "(none)"),
        ({SPEED: "fast"}, "speed=fast"),
        ({GEO: "us"}, "factor=1.1"),
        ({GEO: "global"}, "(none)"),
        ({GEO: "us", SPEED: "fast", TIER: "batch"}, "factor=1.1;processing=batch;speed=fast"),
    ],
)
def test_the_shipped_profile_of_claude_reads_tier_batch_speed_and_geography(
    texts: dict[str, str], context: str
) -> None:
    assert claude().context_rules.price_context(texts, OPUS, DAY) == context


@pytest.mark.parametrize(
    ("texts", "context"),
    [
        ({TIER: "turbo"}, "?service_tier=turbo"),
        ({SPEED: "ludicrous"}, "?speed=ludicrous"),
        ({GEO: "eu"}, "?inference_geo=eu"),
        ({TIER: "flex", GEO: "eu"}, "?inference_geo=eu;service_tier=flex"),
    ],
)
def test_a_value_that_no_rule_reads_is_a_pair_of_its_own(texts: dict[str, str], context: str) -> None:
    assert claude().context_rules.price_context(texts, OPUS, DAY) == context


def test_the_first_path_with_a_value_counts() -> None:
    rule = ContextRule(["usage.a", "usage.b"], {"x": "x", "y": "y"})

    assert context_of(texts={"usage.a": "x", "usage.b": "y"}, tier=rule) == "tier=x"
    assert context_of(texts={"usage.a": "  ", "usage.b": "y"}, tier=rule) == "tier=y"


@pytest.mark.parametrize(
    "value", ["", " ", "0", "Auto", "default", "FALSE", "global", "none", "not_available", "standard"]
)
def test_a_value_that_names_the_standard_price_needs_no_rule(value: str) -> None:
    assert unread("usage.tier", value) == {}


@pytest.mark.parametrize(
    "value",
    ["a;b", "a=b", "?a", "\x1b[31m", "a\nb", "é", "{}", "[/x]", "a" * 41, "batch_6871234", "%", "1", "-1", "\ud800"],
)
def test_a_value_that_is_no_word_is_not_shown(value: str) -> None:
    assert unread("usage.tier", value) == {"?tier": "other"}


def test_the_name_of_an_unread_value_is_a_word_whatever_the_member_is_called() -> None:
    assert unread('usage.x"; drop table\x00;=?', "turbo") == {"?x___drop_table____": "turbo"}
    assert list(unread(f"usage.{'x' * 99}", "turbo")) == [f"?{'x' * 40}"]


def test_the_pairs_of_a_context_are_read_back() -> None:
    assert context_pairs("(none)") == {}
    assert context_pairs("?tier=turbo;factor=1.1") == {"?tier": "turbo", "factor": "1.1"}


# Factors


def test_a_factor_applies_from_its_first_day_on() -> None:
    rule = FactorRule(GEO, values={"us": "1.1"}, start=DAY)

    assert context_of(rule, texts={GEO: "us"}, day=date(2026, 6, 9)) == "(none)"
    assert context_of(rule, texts={GEO: "us"}, day=DAY) == "factor=1.1"


def test_a_factor_does_not_change_the_price_of_a_model_that_it_excepts() -> None:
    rule = FactorRule(GEO, values={"us": "1.1"}, except_models=["claude-sonnet-4", "claude-3*"])

    assert context_of(rule, texts={GEO: "us"}, model="claude-sonnet-4") == "(none)"
    assert context_of(rule, texts={GEO: "us"}, model="claude-3-5-haiku") == "(none)"
    assert context_of(rule, texts={GEO: "us"}, model="claude-sonnet-4-6") == "factor=1.1"
    assert context_of(rule, texts={GEO: "us"}, model="") == "factor=1.1"


def test_a_factor_is_read_by_the_longest_beginning_of_a_value() -> None:
    rule = FactorRule("model.id", prefixes={"us.": "1.1", "US.gov.": "1.2"})

    assert context_of(rule, texts={"model.id": "us.claude"}) == "factor=1.1"
    assert context_of(rule, texts={"model.id": "us.gov.claude"}) == "factor=1.2"
    assert context_of(rule, texts={"model.id": "claude"}) == "(none)"


def test_factors_are_multiplied() -> None:
    assert (
        context_of(IN_THE_US, FactorRule("usage.cloud", {"b": "2"}), texts={GEO: "us", "usage.cloud": "b"})
        == "factor=2.2"
    )


def test_factors_that_cancel_each_other_are_the_standard_price() -> None:
    double = FactorRule("usage.cloud", {"b": "2"})
    half = FactorRule("usage.plan", {"c": "0.5"})

    assert context_of(double, half, texts={"usage.cloud": "b", "usage.plan": "c"}) == "(none)"


# Flat plans


def test_a_row_of_a_flat_plan_is_covered() -> None:
    rules = claude().context_rules

    assert rules.is_covered({"remote_data.customer_type": " Subscription "})
    assert not rules.is_covered({"remote_data.customer_type": "api"})
    assert not rules.is_covered({})
    assert not ContextRules({}, [], None).is_covered({"remote_data.customer_type": "subscription"})
    assert ContextRules({}, [], CoverRule(["usage.a", "usage.b"], ["x"])).is_covered({"usage.b": "x"})


# Members that may change a price


@pytest.mark.parametrize(
    "path",
    [
        *("usage.tier", "remote_data.serviceTier", "remote_data.a.b.service_tier", "remote_data.items[].tier"),
        *(
            "remote_data.pricing_tier",
            "usage.speed",
            "usage.fast_mode",
            "remote_data.isBatch",
            "remote_data.batch_mode",
        ),
        *("remote_data.processing_mode", "remote_data.inferenceGeo", "remote_data.region", "usage.geography"),
        "remote_data.DataResidency",
    ],
)
def test_the_name_of_a_member_says_that_it_may_change_a_price(path: str) -> None:
    assert names_a_context(path)


@pytest.mark.parametrize(
    "path",
    [
        *("usage.tiers", "usage.batch_size", "usage.frontier", "remote_data.speed_ms", "remote_data.regional"),
        *("remote_data.user.tier", "remote_data.organization.region", "usage.tokens.input"),
    ],
)
def test_other_members_do_not_change_a_price(path: str) -> None:
    assert not names_a_context(path)


# Settings


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"factor": {"path": GEO, "values": {"us": text}}}, "write a factor as a decimal")
        for text in ("0", "-1", "x", "", "NaN", "Infinity", "1e9", "1.00000000001")
    ]
    + [
        ({"context": {"factor": {"path": "a", "values": {}}}}, "is no name of a context value"),
        ({"context": {"A b": {"path": "a", "values": {}}}}, "is no name of a context value"),
        ({"context": {"tier": {"path": "a", "values": {"x": "y;z"}}}}, "write a value as the price book does"),
        ({"context": {"tier": {"path": "a", "values": {"x": "?y"}}}}, "write a value as the price book does"),
        ({"context": {"tier": {"path": "a[].b", "values": {}}}}, "no list is walked"),
        ({"context": {"tier": {"path": 'a"b', "values": {}}}}, "write a path as members with dots"),
        ({"covered_when": {"path": "a..b", "values": []}}, "write a path as members with dots"),
        ({"factor": {"path": ["usage.x", ""], "values": {}}}, "write a path as members with dots"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(settings: dict[str, Any], reason: str) -> None:
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())

    with pytest.raises(ProfileError, match=reason):
        Profiles({**shipped, "acme": settings})
