"""Profiles: what is shipped, what a user lays over it, what is refused."""

from pathlib import Path

import pytest

from usage_assets.integrations.profiles import COUNTS, ProfileError, Profiles, Report, load_profiles

CLAUDE_REPORTS = """
[[claude.reports]]
name = "activity"
parameters = { report_type = "activity", start_date = "{start}", end_date = "{end}" }

[[claude.reports]]
name = "cost"
parameters = { report_type = "cost", start_date = "{start}", end_date = "{end}" }
"""


def own(tmp_path: Path, text: str | bytes) -> Profiles:
    """The profiles, with a file of the user's own laid over them."""
    path = tmp_path / "profiles.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_profiles(path)


# Which profile


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
def test_an_integration_is_called_by_its_profiles_name(slug: str, name: str) -> None:
    assert load_profiles().of(slug).name == name


@pytest.mark.parametrize(
    ("slug", "vendor"),
    [("claude", "anthropic"), ("openai_codex", "openai")],
)
def test_a_profile_names_the_provider_of_rows_that_name_none(slug: str, vendor: str) -> None:
    assert load_profiles().of(slug).vendor == vendor


def test_a_listed_integration_is_known() -> None:
    assert load_profiles().of("openai").is_known


@pytest.mark.parametrize("slug", ["snowflake", " Snowflake "])
def test_an_unknown_slug_keeps_its_own_name(slug: str) -> None:
    assert load_profiles().of(slug).name == "snowflake"


@pytest.mark.parametrize("slug", ["snowflake", "default"])
def test_an_unknown_slug_is_said_to_be_unknown(slug: str) -> None:
    assert not load_profiles().of(slug).is_known


@pytest.mark.parametrize(("setting", "value"), [("window", "day"), ("lag", 1), ("reread", 7), ("vendor", None)])
def test_an_unknown_slug_gets_the_default_profile(setting: str, value: object) -> None:
    assert getattr(load_profiles().of("snowflake"), setting) == value


@pytest.mark.parametrize("slug", ["claude", "openai_codex", "cursor", "confluent", "datadog", "snowflake"])
def test_every_profile_says_where_each_count_stands(slug: str) -> None:
    assert set(load_profiles().of(slug).tokens) >= set(COUNTS)


# Reports


def test_a_profile_without_a_list_asks_for_one_report() -> None:
    assert load_profiles().of("claude").reports == [Report("default", {"date": "{start}"})]


def test_a_profile_may_list_its_reports(tmp_path: Path) -> None:
    profile = own(tmp_path, CLAUDE_REPORTS).of("claude")

    assert [report.name for report in profile.reports] == ["activity", "cost"]


# The user's own file


def test_no_file_of_the_users_own_is_no_mistake(tmp_path: Path) -> None:
    assert load_profiles(tmp_path / "profiles.toml").of("claude") == load_profiles().of("claude")


def test_the_users_own_setting_leads(tmp_path: Path) -> None:
    assert own(tmp_path, "[claude]\nlag = 2").of("claude").lag == 2


def test_what_the_user_does_not_set_stays(tmp_path: Path) -> None:
    assert own(tmp_path, "[claude]\nlag = 2").of("claude").reread == 30


def test_other_profiles_stay(tmp_path: Path) -> None:
    assert own(tmp_path, "[claude]\nlag = 2").of("cursor") == load_profiles().of("cursor")


def test_the_users_own_default_reaches_unknown_slugs(tmp_path: Path) -> None:
    assert own(tmp_path, "[default]\nlag = 4").of("snowflake").lag == 4


def test_the_users_own_integration_is_known(tmp_path: Path) -> None:
    assert own(tmp_path, "[snowflake]\nlag = 2").of("snowflake").is_known


def test_the_users_own_alias_leads_to_its_profile(tmp_path: Path) -> None:
    assert own(tmp_path, '[cursor]\naliases = ["anysphere"]').of("anysphere").name == "cursor"


def test_the_users_own_token_path_leads(tmp_path: Path) -> None:
    profile = own(tmp_path, '[claude.tokens]\ninput = ["usage.in"]').of("claude")

    assert profile.tokens["input"] == ["usage.in"]


def test_token_paths_that_the_user_does_not_set_stay(tmp_path: Path) -> None:
    profile = own(tmp_path, '[claude.tokens]\ninput = ["usage.in"]').of("claude")

    assert profile.tokens["output"] == load_profiles().of("claude").tokens["output"]


@pytest.mark.parametrize("text", ["[claude", "lag 3", b'[claude]\nvendor = "\xff"'])
def test_a_file_that_is_no_toml_is_named(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"profiles\.toml is not TOML"):
        own(tmp_path, text)


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
        '[claude.tokens]\ninptu = ["usage.in"]',
        '[claude.tokens]\ninput = [""]',
        '[claude.tokens]\ninput = ["usage..in"]',
        "[claude.tokens]\ninput = ['usage.\"in\"']",
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
def test_a_setting_that_does_not_exist_is_refused_with_its_profile(text: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"^The profile of claude cannot be read: .*profiles\.toml\.$"):
        own(tmp_path, text)


@pytest.mark.parametrize("text", ["lag = 3", '[claude]\ntokens = "usage.in"'])
def test_a_setting_outside_its_table_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"profiles\.toml sets (lag|claude) wrongly"):
        own(tmp_path, text)


def test_a_name_of_two_profiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"^cursor names the profiles of (claude and cursor|cursor and claude)"):
        own(tmp_path, '[claude]\naliases = ["cursor"]')
