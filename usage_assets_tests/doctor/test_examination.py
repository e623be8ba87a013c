"""What `doctor` finds: sound and broken files, locks, addresses, tokens, accounts and schemas, all of them real."""

import os
import socket
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from usage_assets.doctor.examination import NOT_EXAMINED, Surroundings, current_surroundings, examine
from usage_assets.doctor.findings import Finding, Level, ok
from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.accounts import AccountList
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.settings import CHECKOUT, Settings
from usage_assets.truto import IntegratedAccount
from usage_assets.warehouse.connection import Warehouse
from usage_assets_tests.doctor.conftest import NOW, Configure, Examine
from usage_assets_tests.lock_holder import held_elsewhere
from usage_assets_tests.truto.scripted_api import ScriptedApi

TOKEN = "tok_live_5f2c9a7b1e"
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
WINDOW = WindowKey("acc-1", "default", date(2026, 11, 1), date(2026, 11, 2))


def about(subject: str, findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.subject == subject]


def the(subject: str, findings: list[Finding]) -> Finding:
    (found,) = about(subject, findings)
    return found


def listed(**changes: Any) -> dict[str, Any]:
    """An integrated account as the API lists it."""
    sound = {"id": "acc-1", "status": "active", "integration": {"name": "claude"}, "tenant_id": "acme"}
    return {**sound, **changes}


def marker(settings: Settings, name: str, age: timedelta) -> None:
    path = settings.landing_dir / "pending" / name
    path.parent.mkdir(parents=True)
    path.touch()
    at = (NOW - age).timestamp()
    os.utime(path, (at, at))


# As a whole


def test_a_sound_environment_has_no_failure(configure: Configure, examined: Examine) -> None:
    settings = configure()
    settings.data_dir.mkdir()
    assert [found for found in examined(settings) if found.level is Level.fail] == []


def test_nothing_is_written(configure: Configure, examined: Examine) -> None:
    settings = configure()
    examined(settings)
    assert not settings.data_dir.exists()


def test_every_part_is_examined_although_each_is_broken(configure: Configure, tmp_path: Path) -> None:
    settings = configure(TRUTO_API_TOKEN="")
    settings.landing_dir.mkdir(parents=True)
    (settings.landing_dir / "origin").write_text("https://elsewhere.example")
    settings.profiles_path.write_text("= broken")
    marker(settings, "nonsense", timedelta())
    findings = list(examine(settings, Surroundings(tmp_path / ".env", tmp_path / "nowhere", NOW)))
    failed = [found.subject for found in findings if found.level is Level.fail]
    assert failed == ["token", "Dagster", "landing", "profiles", "pending"]


def test_dagster_is_not_imported() -> None:
    command = "import sys, usage_assets.doctor.examination; sys.exit('dagster' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


# Settings, token, Dagster


def test_the_environment_file_that_is_read_is_named(
    offline: Settings, surroundings: Surroundings, examined: Examine
) -> None:
    surroundings.env_file.touch()
    assert about("settings", examined(offline))[0].says == f"read from the environment and {surroundings.env_file}"


def test_an_absent_environment_file_is_said_to_be_absent(
    offline: Settings, surroundings: Surroundings, examined: Examine
) -> None:
    assert f"there is no {surroundings.env_file}" in about("settings", examined(offline))[0].says


def test_address_and_data_folder_are_named(configure: Configure, examined: Examine) -> None:
    settings = configure(TRUTO_API_TOKEN="")
    says = about("settings", examined(settings))[1].says
    assert says == f"the API is {settings.base_url}, the data folder {settings.data_dir}"


def test_a_token_is_said_to_be_set(configure: Configure, examined: Examine) -> None:
    assert the("token", examined(configure())) == ok("token", "TRUTO_API_TOKEN is set")


def test_a_missing_token_is_a_failure(offline: Settings, examined: Examine) -> None:
    found = the("token", examined(offline))
    assert (found.level, found.says.startswith("TRUTO_API_TOKEN is not set: put")) == (Level.fail, True)


def test_without_a_token_the_api_is_not_asked(configure: Configure, examined: Examine, api: ScriptedApi) -> None:
    examined(configure(TRUTO_API_TOKEN="", TRUTO_BASE_URL=api.url))
    assert api.requests == []


def test_without_a_token_accounts_are_said_not_to_be_examined(offline: Settings, examined: Examine) -> None:
    assert the("account", examined(offline)) == NOT_EXAMINED


def test_dagsters_folder_without_its_file_is_a_failure(
    offline: Settings, surroundings: Surroundings, examined: Examine
) -> None:
    (surroundings.dagster_home / "dagster.yaml").unlink()
    assert the("Dagster", examined(offline)).level is Level.fail


def test_dagsters_folder_is_the_checkout_where_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    assert current_surroundings().dagster_home == CHECKOUT


def test_dagsters_folder_is_the_one_that_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert current_surroundings().dagster_home == tmp_path


# Files of the data folder


def test_a_data_folder_that_is_not_there_yet_is_no_failure(configure: Configure, examined: Examine) -> None:
    found = the("data folder", examined(configure(TRUTO_API_TOKEN="")))
    assert (found.level, "does not exist yet" in found.says) == (Level.ok, True)


def test_a_file_in_the_place_of_the_data_folder_is_a_failure(configure: Configure, examined: Examine) -> None:
    settings = configure(TRUTO_API_TOKEN="")
    settings.data_dir.touch()
    assert the("data folder", examined(settings)).level is Level.fail


def test_the_disk_is_that_of_the_folder_that_will_be_made(configure: Configure, examined: Examine) -> None:
    settings = configure(TRUTO_API_TOKEN="", USAGE_DATA_DIR="a/b/c")
    assert f"GB are free for {settings.data_dir}" in the("disk", examined(settings)).says


def test_an_empty_landing_folder_is_no_failure(offline: Settings, examined: Examine) -> None:
    assert the("landing", examined(offline)) == ok("landing", "nothing has landed yet")


def test_a_landing_folder_of_the_same_api_is_well(offline: Settings, examined: Examine) -> None:
    Landing(offline.landing_dir).set_origin(offline.base_url)
    assert the("landing", examined(offline)) == ok("landing", f"its data is of {offline.base_url}")


def test_a_landing_folder_of_another_api_is_a_failure(offline: Settings, examined: Examine) -> None:
    Landing(offline.landing_dir).set_origin("https://elsewhere.example")
    found = the("landing", examined(offline))
    assert (found.level, "set USAGE_DATA_DIR to another folder" in found.says) == (Level.fail, True)


def test_an_account_list_that_cannot_be_read_is_a_failure(offline: Settings, examined: Examine) -> None:
    offline.landing_dir.mkdir()
    (offline.landing_dir / "accounts.json").write_text("{")
    assert "remove it; the next sync writes a new one" in the("landing", examined(offline)).says


def test_an_origin_that_is_no_text_is_a_failure(offline: Settings, examined: Examine) -> None:
    offline.landing_dir.mkdir()
    (offline.landing_dir / "origin").write_bytes(b"\xff\xfe")
    assert the("landing", examined(offline)).level is Level.fail


def test_own_profiles_that_are_sound_are_named(offline: Settings, examined: Examine) -> None:
    offline.profiles_path.write_text("[claude]\nlag = 4\n")
    found = the("profiles", examined(offline))
    assert found == ok("profiles", f"{offline.profiles_path} is read and laid over the shipped profiles")


@pytest.mark.parametrize(
    "text", ["= broken", "[claude]\nlags = 4\n", "[claude]\nlag = 'four'\n", "claude = 1\n", "[claude]\ntokens = 1\n"]
)
def test_own_profiles_that_are_broken_are_a_failure(offline: Settings, examined: Examine, text: str) -> None:
    offline.profiles_path.write_text(text)
    found = the("profiles", examined(offline))
    assert (found.level, "profiles.toml" in found.says) == (Level.fail, True)


def test_a_folder_in_the_place_of_profiles_is_a_failure(offline: Settings, examined: Examine) -> None:
    offline.profiles_path.mkdir()
    found = the("profiles", examined(offline))
    assert (found.level, found.says.startswith(f"{offline.profiles_path} cannot be read")) == (Level.fail, True)


def test_accounts_are_examined_although_own_profiles_are_broken(configure: Configure, examined: Examine) -> None:
    settings = configure()
    settings.data_dir.mkdir()
    settings.profiles_path.write_text("= broken")
    assert len(about("account", examined(settings))) == 12


@pytest.mark.parametrize(("subject", "name"), [("prices", "prices.csv"), ("exchange rates", "exchange_rates.csv")])
def test_an_absent_file_of_ones_own_is_no_warning(
    offline: Settings, examined: Examine, subject: str, name: str
) -> None:
    found = the(subject, examined(offline))
    assert (found.level, name in found.says) == (Level.ok, True)


@pytest.mark.parametrize(("subject", "name"), [("prices", "prices.csv"), ("exchange rates", "exchange_rates.csv")])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"this is, no such file\n1,2\n"])
def test_an_unreadable_file_of_ones_own_is_a_failure(
    offline: Settings, examined: Examine, subject: str, name: str, content: bytes
) -> None:
    (offline.data_dir / name).write_bytes(content)
    found = the(subject, examined(offline))
    assert (found.level, name in found.says) == (Level.fail, True)


# Locks and pending windows


def test_free_locks_are_one_line(offline: Settings, examined: Examine) -> None:
    with Landing(offline.landing_dir).account_lock("acc-1"):
        pass
    assert the("lock", examined(offline)).level is Level.ok


@pytest.mark.parametrize(
    ("name", "guards"),
    [
        ("warehouse/lock", "the warehouse"),
        ("landing/locks/accounts", "the account list"),
        ("landing/locks/acc.1.lock", "the landing of account acc.1"),
    ],
)
def test_a_held_lock_is_a_warning_with_its_holder(offline: Settings, examined: Examine, name: str, guards: str) -> None:
    with held_elsewhere(offline.data_dir / name) as holder:
        found = the("lock", examined(offline))
    assert (found.level, found.says.startswith(f"{guards} is in use by process {holder.pid} since")) == (
        Level.warn,
        True,
    )


def test_the_warehouses_lock_is_the_one_that_is_looked_at(offline: Settings, examined: Examine) -> None:
    with Warehouse(offline.warehouse_path).transaction():
        found = the("lock", examined(offline))
    assert f"the warehouse is in use by process {os.getpid()}" in found.says


def test_a_held_lock_keeps_its_holder_in_its_file(offline: Settings, examined: Examine) -> None:
    path = offline.data_dir / "warehouse" / "lock"
    with held_elsewhere(path) as holder:
        examined(offline)
        assert path.read_text() == str(holder.pid)


def test_a_killed_holder_holds_nothing(offline: Settings, examined: Examine) -> None:
    with held_elsewhere(offline.data_dir / "warehouse" / "lock") as holder:
        holder.kill()
        holder.wait()
        assert the("lock", examined(offline)).level is Level.ok


def test_nothing_pending_is_well(offline: Settings, examined: Examine) -> None:
    assert the("pending", examined(offline)).level is Level.ok


def test_windows_pending_for_long_are_a_warning_with_their_age(offline: Settings, examined: Examine) -> None:
    marker(offline, WINDOW.marker_name, timedelta(days=2))
    found = the("pending", examined(offline))
    assert (found.level, "since 2026-11-24 12:00 UTC" in found.says) == (Level.warn, True)


def test_a_pending_marker_that_names_no_window_is_a_failure(offline: Settings, examined: Examine) -> None:
    marker(offline, "nonsense", timedelta())
    assert the("pending", examined(offline)).level is Level.fail


# The API


def test_an_api_that_accepts_the_token_is_well(configure: Configure, examined: Examine) -> None:
    settings = configure()
    found = the("API", examined(settings))
    assert found == ok("API", f"{settings.base_url} accepts the token and lists 12 accounts")


def test_a_wrong_token_is_a_failure(configure: Configure, examined: Examine) -> None:
    found = the("API", examined(configure(TRUTO_API_TOKEN=TOKEN)))
    assert (found.level, "does not accept the API token" in found.says) == (Level.fail, True)


def test_with_a_wrong_token_accounts_are_said_not_to_be_examined(configure: Configure, examined: Examine) -> None:
    assert the("account", examined(configure(TRUTO_API_TOKEN=TOKEN))) == NOT_EXAMINED


def test_a_token_that_no_header_can_carry_is_a_failure(configure: Configure, examined: Examine) -> None:
    assert the("API", examined(configure(TRUTO_API_TOKEN="two words"))).level is Level.fail


def test_an_address_that_does_not_answer_is_a_failure(configure: Configure, examined: Examine) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        found = the("API", examined(configure(TRUTO_BASE_URL=f"http://127.0.0.1:{port}")))
    assert (found.level, "check TRUTO_BASE_URL and the network" in found.says) == (Level.fail, True)


def test_an_address_of_something_else_is_a_failure(configure: Configure, examined: Examine, api: ScriptedApi) -> None:
    api.answers_with(b"<html>a router</html>")
    assert the("API", examined(configure(TRUTO_BASE_URL=api.url))).level is Level.fail


@pytest.mark.parametrize(
    "address", ["https://me:pa55word@api.example", "https://api.example/?token=pa55word", "http://127.0.0.1:99999"]
)
def test_an_address_that_no_request_can_go_to_is_a_failure(
    configure: Configure, examined: Examine, address: str
) -> None:
    assert the("API", examined(configure(TRUTO_BASE_URL=address))).level is Level.fail


@pytest.mark.parametrize("address", ["https://me:pa55word@api.example", "https://api.example/?token=pa55word"])
def test_a_secret_in_the_address_is_not_shown(configure: Configure, examined: Examine, address: str) -> None:
    settings = configure(TRUTO_BASE_URL=address)
    Landing(settings.landing_dir).set_origin("https://elsewhere.example")
    assert not [found for found in examined(settings) if "pa55word" in found.says]


@pytest.mark.parametrize("status", [200, 401, 500])
def test_the_token_is_not_shown(configure: Configure, examined: Examine, api: ScriptedApi, status: int) -> None:
    api.answers_with({"statusCode": status, "message": f"Bearer {TOKEN} is not known", "result": []}, status=status)
    settings = configure(TRUTO_BASE_URL=api.url, TRUTO_API_TOKEN=TOKEN)
    assert not [found for found in examined(settings) if TOKEN in found.says]


def test_a_token_that_sees_no_account_is_a_warning(configure: Configure, examined: Examine, api: ScriptedApi) -> None:
    api.answers_with({"result": [], "next_cursor": None})
    found = the("API", examined(configure(TRUTO_BASE_URL=api.url)))
    assert (found.level, "connect one in the Truto environment" in found.says) == (Level.warn, True)


# Accounts


def test_every_account_has_a_line(configure: Configure, examined: Examine) -> None:
    accounts = about("account", examined(configure()))
    assert [found.level for found in accounts].count(Level.warn) == 1
    assert len(accounts) == 12


def test_the_account_to_reconnect_is_the_warning_with_the_reason(configure: Configure, examined: Examine) -> None:
    (warning,) = [one for one in about("account", examined(configure())) if one.level is Level.warn]
    assert 'needs_reauth ("credentials were revoked"): let its owner connect it again' in warning.says


def test_sandbox_accounts_are_skipped_unless_included(configure: Configure, examined: Examine) -> None:
    def skipped(**changes: str) -> int:
        return sum("skipped" in one.says for one in about("account", examined(configure(**changes))))

    assert (skipped(), skipped(USAGE_INCLUDE_SANDBOX="1")) == (1, 0)


def test_an_account_that_truto_no_longer_lists_is_named(configure: Configure, examined: Examine) -> None:
    settings = configure()
    landing = Landing(settings.landing_dir)
    landing.set_origin(settings.base_url)
    gone = IntegratedAccount("gone-1", "claude", None, "active", is_sandbox=False, created_at=None, last_error=None)
    AccountList(landing).update([gone], load_profiles(), NOW)
    assert "gone-1 (claude) is no longer in Truto" in " ".join(one.says for one in examined(settings))


def test_accounts_of_another_api_are_not_taken_for_gone(configure: Configure, examined: Examine) -> None:
    settings = configure()
    landing = Landing(settings.landing_dir)
    landing.set_origin("https://elsewhere.example")
    other = IntegratedAccount("other-1", "claude", None, "active", is_sandbox=False, created_at=None, last_error=None)
    AccountList(landing).update([other], load_profiles(), NOW)
    assert "other-1" not in " ".join(one.says for one in examined(settings))


@pytest.mark.parametrize("account", [listed(id="a/b"), listed(integration={"name": "snowflake"})])
def test_an_odd_account_is_a_warning(
    configure: Configure, examined: Examine, api: ScriptedApi, account: dict[str, Any]
) -> None:
    api.answers_with({"result": [account]}, {})
    assert the("account", examined(configure(TRUTO_BASE_URL=api.url))).level is Level.warn


# Token fields


def test_each_integration_shows_what_is_mapped_to_what(configure: Configure, examined: Examine) -> None:
    shown = [
        one.says for one in about("token fields", examined(configure())) if "input ← usage.tokens.input" in one.says
    ]
    assert [says.partition(":")[0] for says in shown] == ["claude", "confluent", "cursor", "datadog", "openai_codex"]


def test_one_account_is_asked_for_its_integration(configure: Configure, examined: Examine, api: ScriptedApi) -> None:
    accounts = [listed(id=f"acc-{n}") for n in range(5)]
    api.answers_with({"result": accounts}, {"schema": {"usage.tokens.input": "number"}})
    examined(configure(TRUTO_BASE_URL=api.url))
    assert [request.path for request in api.requests[1:]] == ["/unified/usage-metering/usage/meta/list"]


def test_no_schema_is_asked_of_an_account_that_is_not_fetched(
    configure: Configure, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed(status="needs_reauth"), listed(id="acc-2", is_sandbox=True)]}, {})
    examined(configure(TRUTO_BASE_URL=api.url))
    assert len(api.requests) == 1


@pytest.mark.parametrize("schema", [b"[]", b"null", b"<html>", DEEP, {}, {"schema": {"type": "object"}}, {"schema": 3}])
def test_an_odd_schema_is_a_warning(configure: Configure, examined: Examine, api: ScriptedApi, schema: object) -> None:
    api.answers_with({"result": [listed()]}, schema)
    found = the("token fields", examined(configure(TRUTO_BASE_URL=api.url)))
    assert (found.level, found.says.startswith("claude: ")) == (Level.warn, True)


def test_the_next_account_is_asked_where_one_gives_no_schema(
    configure: Configure, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed(), listed(id="acc-2")]})
    api.answers_with({"message": "blocked"}, status=503)
    api.answers_with({"schema": {"usage.tokens.input": "number", "usage.tokens.output": "number"}})
    levels = [one.level for one in about("token fields", examined(configure(TRUTO_BASE_URL=api.url)))]
    assert levels == [Level.warn, Level.ok]


def test_three_accounts_of_an_integration_are_asked_at_most(
    configure: Configure, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed(id=f"acc-{n}") for n in range(9)]}, {"schema": 3})
    api.answers.pop()
    api.answers_with({"message": "blocked"}, status=503)
    assert len(about("token fields", examined(configure(TRUTO_BASE_URL=api.url)))) == 3
