"""Refreshing the account list against an API: environments, empty lists, unreadable rows and capabilities."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from usage_assets.landing.accounts import Account, EmptyAccountList
from usage_assets.landing.manifest import LandingError
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
METERED = {"unified": [{"model": "usage-metering", "resource": "usage", "methods": ["list"]}]}
UNMETERED = {"unified": [{"model": "user-directory", "resource": "users", "methods": ["list"]}]}


@dataclass
class Clock:
    """A clock that a test moves."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(api: StandIn, tmp_path: Path, clock: Clock) -> Project:
    settings = {"token": TOKEN, "base_url": api.url, "data_dir": tmp_path / "data"}
    return Project(Settings.model_validate(settings), clock)


def stored(project: Project) -> dict[str, Account]:
    return {account.account_id: account for account in project.account_list.read()}


def files_of(project: Project) -> dict[str, bytes]:
    root = project.settings.data_dir
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def asked(api: StandIn) -> int:
    return sum(path.endswith("/capabilities") for path in api.paths)


# Environments


def test_a_token_of_another_environment_is_refused_before_anything_is_written(api: StandIn, project: Project) -> None:
    api.accounts = [account("p-1")]
    project.refresh_accounts()
    before = files_of(project)

    api.accounts = [account("s-1", environment_id="staging")]
    with pytest.raises(LandingError, match=r"of the environment production, and the accounts .* staging"):
        project.refresh_accounts()

    assert files_of(project) == before
    assert stored(project)["p-1"].deleted_at is None


def test_an_account_of_another_environment_is_not_fetched(api: StandIn, project: Project) -> None:
    api.accounts = [account("a-1")]
    project.refresh_accounts()

    with project.client() as client:
        api.accounts = [account("a-1", environment_id="staging")]
        listed = client.integrated_accounts().accounts
    with pytest.raises(LandingError, match="staging"):
        project.profile_of(listed[0])


def test_a_folder_of_an_older_program_takes_the_environment_of_its_accounts(api: StandIn, project: Project) -> None:
    api.accounts = [account("p-1", environment_id=None)]
    project.refresh_accounts()

    api.accounts = [account("p-1")]
    project.refresh_accounts()

    assert (project.landing.root / "environment").read_text() == "production\n"


# Empty lists and rows that cannot be read


def test_an_empty_list_marks_nothing_as_deleted(api: StandIn, project: Project) -> None:
    api.accounts = [account("a-1")]
    project.refresh_accounts()

    api.accounts = []
    with pytest.raises(EmptyAccountList, match="nothing is marked as deleted"):
        project.refresh_accounts()

    assert stored(project)["a-1"].deleted_at is None


def test_an_empty_list_is_accepted_once_the_stored_list_is_removed(api: StandIn, project: Project) -> None:
    api.accounts = [account("a-1")]
    project.refresh_accounts()
    project.account_list.path.unlink()

    api.accounts = []

    assert project.refresh_accounts() == []


@pytest.mark.parametrize("row", [{"id": "a-2"}, account("a-2", integration=None), None, 7, account("a-2", status=[])])
def test_a_row_that_cannot_be_read_costs_its_own_account(api: StandIn, project: Project, row: Any) -> None:
    api.accounts = [account("a-1"), row]

    listed = project.refresh_accounts()

    assert [one.account_id for one in project.fetched_accounts(listed)] == ["a-1"]
    assert len(project.account_list.unreadable()) == 1


# Capabilities


Refresh = Callable[[], dict[str, Account]]


@pytest.fixture
def refreshed(project: Project) -> Refresh:
    """Return a function that refreshes the account list and gives the accounts by id."""
    return lambda: {account.account_id: account for account in project.refresh_accounts()}


@pytest.mark.parametrize(
    ("answer", "integration", "is_fetched"),
    [
        (METERED, "claude", True),
        (UNMETERED, "anthropic", False),
        ({"unified": []}, "anthropic", False),
        ({"other": "shape"}, "claude", True),
        (None, "claude", True),
    ],
    ids=["has it", "lacks it", "has none", "another shape", "404"],
)
def test_anthropic_is_read_as_claude_where_its_capabilities_do_not_lack_usage_metering(
    api: StandIn, project: Project, refreshed: Refresh, answer: Any, integration: str, *, is_fetched: bool
) -> None:
    api.accounts = [account("a-1", "anthropic")]
    api.capabilities = {"a-1": answer}

    found = refreshed()["a-1"]

    assert found.integration == integration
    assert bool(project.fetched_accounts([found])) is is_fetched
    with project.client() as client:
        assert project.profile_of(client.integrated_accounts().accounts[0]).name == integration


def test_an_account_with_usage_metering_is_asked_once(api: StandIn, refreshed: Refresh, clock: Clock) -> None:
    api.accounts = [account("a-1"), account("a-2", status="needs_reauth")]
    api.capabilities = {"a-1": METERED, "a-2": METERED}

    refreshed()
    clock.time += timedelta(days=30)
    refreshed()
    assert asked(api) == 1

    api.accounts[1]["status"] = "active"
    assert refreshed()["a-2"].has_metering is True
    assert asked(api) == 2


def test_an_account_that_the_api_does_not_know_is_asked_once_a_day(
    api: StandIn, refreshed: Refresh, clock: Clock
) -> None:
    api.accounts = [account("a-1")]
    for hours in (0, 1, 22):
        clock.time += timedelta(hours=hours)
        refreshed()
    assert asked(api) == 1

    clock.time += timedelta(hours=1)
    refreshed()
    assert asked(api) == 2


def test_an_account_that_gains_usage_metering_is_fetched_after_a_day(
    api: StandIn, project: Project, refreshed: Refresh, clock: Clock
) -> None:
    api.accounts, api.capabilities = [account("a-1")], {"a-1": UNMETERED}
    assert project.fetched_accounts(list(refreshed().values())) == []

    api.capabilities = {"a-1": METERED}
    clock.time += timedelta(days=1)

    assert len(project.fetched_accounts(list(refreshed().values()))) == 1


# The user's names


def test_the_users_names_are_those_of_the_accounts(api: StandIn, project: Project) -> None:
    api.accounts = [account("a-1")]
    project.settings.data_dir.mkdir()
    project.settings.accounts_path.write_text("account_id,display_name\na-1,Research\n")

    assert [one.display_name for one in project.refresh_accounts()] == ["Research"]
    assert stored(project)["a-1"].display_name == "Research"
    assert project.account_id("research") == "a-1"
