"""The environment: defaults, values, and an error message for each invalid value."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from usage_assets.settings import Settings, SettingsError, read_settings, read_token

FOLDER = Path("/folder")
TOKEN = "tok_live_5f2c9a7b1e"

Read = Callable[..., Settings]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads the settings of a folder without `.env`, with only the given variables."""

    def settings(**environ: str) -> Settings:
        for name, text in environ.items():
            monkeypatch.setenv(name, text)
        return read_settings(FOLDER)

    return settings


# Defaults


@pytest.mark.parametrize(
    ("setting", "default"),
    [
        ("token", None),
        ("base_url", "https://api.truto.one"),
        ("data_dir", FOLDER / "data"),
        ("start_date", date(2026, 1, 1)),
        ("backfill_days", 90),
        ("include_sandbox", False),
        ("currency", "USD"),
        ("rates_url", None),
        ("prices_url", None),
    ],
)
def test_an_unset_variable_has_its_documented_default(read: Read, setting: str, default: object) -> None:
    assert getattr(read(), setting) == default


@pytest.mark.parametrize(
    "name",
    [
        "TRUTO_API_TOKEN",
        "TRUTO_BASE_URL",
        "USAGE_DATA_DIR",
        "USAGE_START_DATE",
        "USAGE_BACKFILL_DAYS",
        "USAGE_INCLUDE_SANDBOX",
        "USAGE_CURRENCY",
        "USAGE_RATES_URL",
        "USAGE_PRICES_URL",
    ],
)
def test_an_empty_variable_counts_as_not_set(read: Read, name: str) -> None:
    assert read(**{name: ""}) == read()


# Values


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("TRUTO_API_TOKEN", f" {TOKEN}\n", "token", TOKEN),
        ("TRUTO_BASE_URL", "http://127.0.0.1:8080", "base_url", "http://127.0.0.1:8080"),
        ("TRUTO_BASE_URL", "https://proxy.example/truto/", "base_url", "https://proxy.example/truto"),
        ("USAGE_START_DATE", "2025-06-30", "start_date", date(2025, 6, 30)),
        ("USAGE_BACKFILL_DAYS", "1", "backfill_days", 1),
        ("USAGE_INCLUDE_SANDBOX", "1", "include_sandbox", True),
        ("USAGE_CURRENCY", "eur", "currency", "EUR"),
        ("USAGE_RATES_URL", "Off", "rates_url", "off"),
        ("USAGE_RATES_URL", "https://mirror.example/rates.zip", "rates_url", "https://mirror.example/rates.zip"),
        ("USAGE_PRICES_URL", "off", "prices_url", "off"),
    ],
)
def test_a_variable_sets_its_setting(read: Read, name: str, text: str, setting: str, value: object) -> None:
    assert getattr(read(**{name: text}), setting) == value


def test_a_relative_data_folder_is_relative_to_the_folder(read: Read) -> None:
    assert read(USAGE_DATA_DIR="own/data").data_dir == FOLDER / "own" / "data"


def test_an_absolute_data_folder_stays_where_it_is(read: Read) -> None:
    assert read(USAGE_DATA_DIR="/elsewhere").data_dir == Path("/elsewhere")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("landing_dir", "landing"),
        ("warehouse_path", "usage.duckdb"),
        ("published_dir", "published"),
        ("profiles_path", "profiles.toml"),
        ("reference_dir", "reference"),
    ],
)
def test_every_path_is_in_the_data_folder(read: Read, place: str, name: str) -> None:
    assert getattr(read(), place) == FOLDER / "data" / name


# Mistakes


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("TRUTO_BASE_URL", "api.truto.one", "it must start with http:// or https://."),
        ("TRUTO_BASE_URL", "ftp://api.truto.one", "it must start with http:// or https://."),
        ("USAGE_START_DATE", "2026-02-30", "it must be a date such as 2026-01-01."),
        ("USAGE_START_DATE", "yesterday", "it must be a date such as 2026-01-01."),
        ("USAGE_BACKFILL_DAYS", "0", "it must be a whole number of days, 1 or more."),
        ("USAGE_BACKFILL_DAYS", "-1", "it must be a whole number of days, 1 or more."),
        ("USAGE_BACKFILL_DAYS", "1.5", "it must be a whole number of days, 1 or more."),
        ("USAGE_BACKFILL_DAYS", "many", "it must be a whole number of days, 1 or more."),
        ("USAGE_INCLUDE_SANDBOX", "yes", "it must be 0 or 1."),
        ("USAGE_INCLUDE_SANDBOX", "2", "it must be 0 or 1."),
        ("USAGE_CURRENCY", "euro", "it must be a currency code of three letters, such as EUR."),
        ("USAGE_CURRENCY", "€", "it must be a currency code of three letters, such as EUR."),
        ("USAGE_RATES_URL", "file:///rates.zip", "it must start with http:// or https://."),
        ("USAGE_PRICES_URL", "none", "it must start with http:// or https://."),
    ],
)
def test_a_value_that_cannot_be_read_is_one_sentence(read: Read, name: str, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**{name: text})

    assert str(caught.value) == f"{name} is {text!r}: {sentence}"


def test_a_missing_token_is_no_mistake_until_it_is_needed(read: Read) -> None:
    with pytest.raises(SettingsError, match=r"^TRUTO_API_TOKEN is not set: .*\.$"):
        read().required_token()


def test_a_token_of_blanks_is_missing(read: Read) -> None:
    assert read(TRUTO_API_TOKEN="  ").token is None


def test_the_token_is_handed_out_where_it_is_required(read: Read) -> None:
    assert read(TRUTO_API_TOKEN=TOKEN).required_token() == TOKEN


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format])
def test_the_token_never_shows(read: Read, shown: type[str]) -> None:
    assert TOKEN not in shown(read(TRUTO_API_TOKEN=TOKEN))


# The working folder


def test_the_env_file_of_the_folder_is_read(tmp_path: Path) -> None:
    tmp_path.joinpath(".env").write_text("USAGE_BACKFILL_DAYS=7\n")

    assert read_settings(tmp_path).backfill_days == 7


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath(".env").write_text("USAGE_BACKFILL_DAYS=7\n")
    monkeypatch.setenv("USAGE_BACKFILL_DAYS", "30")

    assert read_settings(tmp_path).backfill_days == 30


def test_dagsters_home_is_the_folder_unless_another_is_named(tmp_path: Path, read: Read) -> None:
    assert read_settings(tmp_path).dagster_home == tmp_path
    assert read(DAGSTER_HOME="home").dagster_home == FOLDER / "home"


def test_dagsters_home_is_the_one_that_dagster_itself_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "/elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.joinpath(".env").write_text("DAGSTER_HOME=~/dagster\n")

    assert read_settings(tmp_path).dagster_home == tmp_path / "dagster"


def test_the_token_of_the_env_file_is_read_as_it_is_now(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("TRUTO_API_TOKEN=old\n")
    before = read_token(env_file)
    env_file.write_text('TRUTO_API_TOKEN="new"  # rotated\n')

    assert (before, read_token(env_file), read_token(tmp_path / "none")) == ("old", "new", None)
