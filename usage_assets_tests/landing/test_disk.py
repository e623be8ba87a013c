"""A disk that accepts no file, a held lock, and what a killed fetch left: each costs its own account."""

from pathlib import Path

import pytest

from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.landing.manifest import LandingUnwritable
from usage_assets.landing.store import Landing
from usage_assets.locks import LockHeld
from usage_assets.truto import TrutoClient
from usage_assets_tests.landing.files import ids, names
from usage_assets_tests.landing.full_disk import fetched_on_full_disk
from usage_assets_tests.landing.land import land
from usage_assets_tests.landing.responses import NOTHING, page, row
from usage_assets_tests.landing.windows import DAY, KEY, NOW
from usage_assets_tests.lock_holder import held_elsewhere
from usage_assets_tests.truto.scripted_api import ScriptedApi


@pytest.mark.parametrize(
    "room", [20, 100, 250], ids=["for nothing", "for the rows", "for the rows and half a manifest"]
)
def test_a_full_disk_fails_the_fetch_of_the_account_with_a_sentence(
    api: ScriptedApi, landing: Landing, room: int
) -> None:
    api.answers_with(page(row(1)))

    result = fetched_on_full_disk(api.url, landing, room)

    assert result["error"].startswith("Account a-1: 2026-11-20 could not be written to ")
    assert (result["landed"], result["has_account_failure"], landing.windows()) == (0, True, [])


def test_a_full_disk_leaves_no_partial_file_and_the_former_content(
    api: ScriptedApi, landing: Landing, landed_before: set[str]
) -> None:
    api.answers_with(page(row(2), *(row(number) for number in range(1000))))

    result = fetched_on_full_disk(api.url, landing, 1000)

    assert "File too large" in result["error"]
    assert (ids(landing, KEY), names(landing.root)) == ([1], landed_before)


def test_a_folder_that_cannot_be_written_fails_only_its_account(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    (landing.root / "windows").mkdir(parents=True)
    (landing.root / "windows" / "a-1").touch()

    failed = fetch_days(client, target, [DAY], landing, now=lambda: NOW)
    other = fetch_days(client, FetchTarget("a-2", target.profile), [DAY], landing, now=lambda: NOW)

    assert isinstance(failed.error, LandingUnwritable)
    assert (other.error, other.days()) == (None, [DAY])


def test_a_lock_that_stays_held_fails_the_fetch_of_the_account_with_a_sentence(
    api: ScriptedApi, client: TrutoClient, tmp_path: Path, target: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    landing = Landing(tmp_path, account_wait_seconds=0.1)

    with held_elsewhere(landing.root / "locks" / "a-1.lock"):
        result = fetch_days(client, target, [DAY], landing, now=lambda: NOW)

    assert isinstance(result.error, LockHeld)
    assert "The landing of account a-1 is in use by process" in str(result.error)
    assert (result.has_account_failure, api.requests) == (True, [])


def test_files_that_a_killed_fetch_left_go_with_the_next_one(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    land(landing)
    left = landing.write_rows(KEY, []).path

    fetch_days(client, target, [DAY], landing, now=lambda: NOW)

    assert not left.exists()
