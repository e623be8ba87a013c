"""Profiles: those shipped, the user's overrides, and errors in the user's file."""

from pathlib import Path

import pytest

from usage_assets.errors import WRONG_CALL
from usage_assets.integrations.meters import COUNTS
from usage_assets.integrations.profiles import ProfileError, Profiles, Report, load_profiles

CLAUDE_REPORTS = """
[[claude.reports]]
name = "activity"
parameters = { report_type = "activity", start_date = "{start}", end_date = "{end}" }

[[claude.reports]]
name = "cost"
parameters = { report_type = "cost", start_date = "{start}", end_date = "{end}" }
"""


def load_own(tmp_path: Path, text: str | bytes) -> Profiles:
    """Load the profiles with a file of the user's own."""
    path = tmp_path / "profiles.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_profiles(path)


# Names


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("claude", "claude"),
        ("openai_codex", "openai_codex"),
        ("openai", "openai_codex"),
        ("codex", "openai_codex"),
        ("cursor", "cursor"),
        ("confluent", "confluent"),
        ("datadog", "datadog"),
        (" OpenAI ", "openai_codex"),
        ("Datadog", "datadog"),
    ],
)
def test_an_integration_has_the_name_of_its_profile(slug: str, name: str) -> None:
    assert load_profiles().of(slug).name == name


@pytest.mark.parametrize(
    ("slug", "vendor"),
    [("claude", "anthropic"), ("openai_codex", "openai")],
)
def test_a_profile_has_the_vendor_as_provider(slug: str, vendor: str) -> None:
    assert load_profiles().of(slug).vendor == vendor


def test_an_integration_with_a_profile_is_known() -> None:
    assert load_profiles().of("openai").is_known


@pytest.mark.parametrize("slug", ["snowflake", " Snowflake "])
def test_an_unknown_slug_keeps_its_own_name(slug: str) -> None:
    assert load_profiles().of(slug).name == "snowflake"


@pytest.mark.parametrize("slug", ["snowflake", "default"])
def test_an_unknown_slug_is_marked_as_unknown(slug: str) -> None:
    assert not load_profiles().of(slug).is_known


@pytest.mark.parametrize(("setting", "value"), [("window", "day"), ("lag", 1), ("reread", 7), ("vendor", None)])
def test_an_unknown_slug_has_the_default_settings(setting: str, value: object) -> None:
    assert getattr(load_profiles().of("snowflake"), setting) == value


@pytest.mark.parametrize("slug", ["claude", "openai_codex", "cursor", "confluent", "datadog", "snowflake"])
def test_every_profile_has_paths_for_each_usual_meter_and_count(slug: str) -> None:
    usual = {"input", "cache_read", "cache_write", "cache_write_1h", "output", *COUNTS}

    assert set(load_profiles().of(slug).meters) >= usual


# Reports


def test_a_profile_without_a_list_has_one_report() -> None:
    assert load_profiles().of("claude").reports == [Report("default", {"date": "{start}"})]


def test_a_profile_may_list_its_reports(tmp_path: Path) -> None:
    profile = load_own(tmp_path, CLAUDE_REPORTS).of("claude")

    assert [report.name for report in profile.reports] == ["activity", "cost"]


# The user's own file


def test_without_a_file_of_the_user_the_shipped_profiles_apply(tmp_path: Path) -> None:
    assert load_profiles(tmp_path / "profiles.toml").of("claude") == load_profiles().of("claude")


def test_a_setting_of_the_user_overrides_the_shipped_one(tmp_path: Path) -> None:
    assert load_own(tmp_path, "[claude]\nlag = 2").of("claude").lag == 2


def test_other_settings_keep_the_shipped_value(tmp_path: Path) -> None:
    assert load_own(tmp_path, "[claude]\nlag = 2").of("claude").reread == 30


def test_other_profiles_are_unchanged(tmp_path: Path) -> None:
    assert load_own(tmp_path, "[claude]\nlag = 2").of("cursor") == load_profiles().of("cursor")


def test_a_default_of_the_user_applies_to_unknown_slugs(tmp_path: Path) -> None:
    assert load_own(tmp_path, "[default]\nlag = 4").of("snowflake").lag == 4


def test_an_integration_of_the_user_is_known(tmp_path: Path) -> None:
    assert load_own(tmp_path, "[snowflake]\nlag = 2").of("snowflake").is_known


def test_an_alias_of_the_user_names_its_profile(tmp_path: Path) -> None:
    assert load_own(tmp_path, '[cursor]\naliases = ["anysphere"]').of("anysphere").name == "cursor"


def test_paths_of_the_user_override_the_shipped_ones(tmp_path: Path) -> None:
    profile = load_own(tmp_path, '[claude.meters]\ninput = ["usage.in"]').of("claude")

    assert profile.meters["input"] == ["usage.in"]


def test_paths_of_other_meters_are_unchanged(tmp_path: Path) -> None:
    profile = load_own(tmp_path, '[claude.meters]\ninput = ["usage.in"]').of("claude")

    assert profile.meters["output"] == load_profiles().of("claude").meters["output"]


def test_a_file_with_the_names_of_earlier_versions_is_read(tmp_path: Path) -> None:
    earlier = """
        [claude]
        input_includes_cache = true
        [claude.tokens]
        cached_input = ["usage.cached"]
    """

    profile = load_own(tmp_path, earlier).of("claude")

    assert (profile.meters["cache_read"], profile.input_includes) == (["usage.cached"], ["cache_read"])


@pytest.mark.parametrize(
    ("settings", "bills_by"),
    [
        ("lag = 3", "row"),
        ('reports = [{ name = "a", parameters = {} }]', "row"),
        ('reports = [{ name = "a", parameters = {} }, { name = "b", parameters = {} }]', "reports"),
        ('bills_by = "row"\nreports = [{ name = "a", parameters = {} }, { name = "b", parameters = {} }]', "row"),
    ],
)
def test_of_several_reports_one_is_the_bill_unless_the_profile_says_otherwise(
    settings: str, bills_by: str, tmp_path: Path
) -> None:
    assert load_own(tmp_path, f"[claude]\n{settings}").of("claude").bills_by == bills_by


@pytest.mark.parametrize(
    ("settings", "divides"),
    [
        ("lag = 3", False),
        ('amount_unit = "minor"', True),
        ("amount_divisor = 100", True),
        ("amount_divisor = 10", False),
    ],
)
def test_hundredths_are_the_minor_unit(settings: str, *, divides: bool, tmp_path: Path) -> None:
    assert load_own(tmp_path, f"[claude]\n{settings}").of("claude").divides_by_minor_units == divides


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    before = load_own(tmp_path, "[claude]\nlag = 2").of("claude").lag
    after = load_own(tmp_path, "[claude]\nlag = 4").of("claude").lag

    assert (before, after) == (2, 4)


def test_a_removed_file_no_longer_overrides(tmp_path: Path) -> None:
    load_own(tmp_path, "[claude]\nlag = 2")
    (tmp_path / "profiles.toml").unlink()

    assert load_profiles(tmp_path / "profiles.toml").of("claude").lag == 3


def test_an_unchanged_file_is_parsed_once(tmp_path: Path) -> None:
    profiles = load_own(tmp_path, "[claude]\nlag = 2")

    assert load_profiles(tmp_path / "profiles.toml") is profiles


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("[claude]\nlags = 3", "`lags`"),
        ("[claude]\nlag = -3", "`$.lag`"),
        ('[claude.meters]\ninptu = ["a"]', "meters.inptu"),
    ],
)
def test_an_error_names_the_setting(text: str, setting: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load_own(tmp_path, text)

    assert setting in str(caught.value)


def test_an_error_of_the_users_file_is_a_wrong_call() -> None:
    assert (ProfileError.exit_code, ProfileError.is_permanent) == (WRONG_CALL, True)


@pytest.mark.parametrize("text", ["[claude", "lag 3", b'[claude]\nvendor = "\xff"'])
def test_a_file_that_is_not_toml_is_named_in_the_error(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"profiles\.toml is not TOML"):
        load_own(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "[claude]\nlags = 3",
        '[claude]\nlag = "three"',
        '[claude]\nwindow = "week"',
        '[claude]\nrow_end = "open"',
        '[claude]\naliases = "anthropic"',
        '[claude]\nleading_charge = "gross"',
        "[claude]\namount_divisor = 7",
        '[claude]\nbills_by = "day"',
        '[claude.meters]\ninptu = ["usage.in"]',
        '[claude.meters]\ninput = [""]',
        '[claude.meters]\ninput = ["usage..in"]',
        "[claude.meters]\ninput = ['usage.\"in\"']",
        '[claude.meters]\ninput = ["usage.*"]',
        '[claude.meters]\ninput = ["usage.models[].parts[].in"]',
        '[claude.meters]\ninput = ["usage.models[]"]',
        '[claude.meters]\ninput = { sums = ["usage.a", "usage.b"] }',
        '[claude]\ninput_includes = ["cached"]',
        '[claude]\ninput_includes = ["input"]',
        '[claude]\nreduction_sign = "minus"',
        '[claude]\namount_unit = "cents"',
        '[claude]\nduplicates = "sum"',
        '[claude]\ncovered_when = { path = "usage..x", values = [] }',
        '[claude]\nfactor = { path = "usage.geo", values = { us = "more" } }',
        '[claude]\nfactor = { path = "usage.geo", values = { us = "-1" } }',
        '[claude.context.speed]\npath = "remote_data.speed"',
        '[claude.context.factor]\npath = "remote_data.speed"\nvalues = {}',
        "[claude]\nlag = -3",
        "[claude]\nreread = -1",
        "[claude]\nhistory = 0",
        "[claude]\npage_limit = 0",
        "[claude]\nrestated_until = 31",
        '[claude]\ncurrency = "EURO"',
        '[claude]\nparameters = { date = "{day}" }',
        '[claude]\nreports = [{ name = "../../cost", parameters = {} }]',
    ],
)
def test_an_invalid_setting_is_refused_with_profile_and_file(text: str, tmp_path: Path) -> None:
    with pytest.raises(
        ProfileError, match=rf"^The profile of claude in {tmp_path}/profiles\.toml is not valid \(.*\): "
    ):
        load_own(tmp_path, text)


@pytest.mark.parametrize("text", ["lag = 3", '[claude]\ntokens = "usage.in"'])
def test_a_setting_outside_its_table_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"profiles\.toml sets (lag|claude) outside a table"):
        load_own(tmp_path, text)


def test_a_name_of_two_profiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ProfileError,
        match=r"^cursor names both the profiles of (claude and cursor|cursor and claude) in .*profiles\.toml: ",
    ):
        load_own(tmp_path, '[claude]\naliases = ["cursor"]')
