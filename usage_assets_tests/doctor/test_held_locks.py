"""Findings about locks that other processes hold, with real lock files."""

import os
from pathlib import Path

import pytest

from usage_assets.doctor.findings import Level
from usage_assets.doctor.held_locks import kept_free, warehouse_lock
from usage_assets.locks import LockHeld, file_lock
from usage_assets.project import Project
from usage_assets_tests.doctor.examining import Examine, finding_about
from usage_assets_tests.lock_holder import held_elsewhere


def test_free_locks_are_one_line(offline: Project, examined: Examine) -> None:
    with offline.landing.account_lock("acc-1"):
        pass
    assert finding_about("lock", examined(offline)).level is Level.ok


@pytest.mark.parametrize(
    ("name", "protected"),
    [
        ("warehouse/lock", "the warehouse"),
        ("landing/locks/accounts", "the account list"),
        ("landing/locks/acc.1.lock", "the landing of account acc.1"),
    ],
)
def test_a_held_lock_is_a_warning_with_its_holder(
    offline: Project, examined: Examine, name: str, protected: str
) -> None:
    with held_elsewhere(offline.settings.data_dir / name) as holder:
        finding = finding_about("lock", examined(offline))
    expected = f"{protected} is in use by process {holder.pid} since"
    assert (finding.level, finding.message.startswith(expected)) == (Level.warn, True)


def test_the_lock_of_a_writing_transaction_is_observed(offline: Project, examined: Examine) -> None:
    with offline.warehouse.transaction():
        finding = finding_about("lock", examined(offline))
    assert f"the warehouse is in use by process {os.getpid()}" in finding.message


def test_the_lock_of_a_fetch_is_observed(offline: Project, examined: Examine) -> None:
    with offline.landing.account_lock("acc-1"):
        finding = finding_about("lock", examined(offline))
    assert f"the landing of account acc-1 is in use by process {os.getpid()}" in finding.message


def test_an_examination_leaves_the_holder_in_the_lock_file(offline: Project, examined: Examine) -> None:
    path = warehouse_lock(offline.settings)
    with held_elsewhere(path) as holder:
        examined(offline)
        assert path.read_text() == str(holder.pid)


def test_a_killed_holder_holds_nothing(offline: Project, examined: Examine) -> None:
    with held_elsewhere(warehouse_lock(offline.settings)) as holder:
        holder.kill()
        holder.wait()
        assert finding_about("lock", examined(offline)).level is Level.ok


def test_a_lock_that_is_kept_free_cannot_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    with kept_free(path), pytest.raises(LockHeld), file_lock(path, what="The lock", wait_seconds=0):
        pass


def test_a_lock_that_was_kept_free_can_be_taken_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    with kept_free(path):
        pass
    with file_lock(path, what="The lock", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_a_lock_file_that_does_not_exist_is_not_created(tmp_path: Path) -> None:
    with kept_free(tmp_path / "lock") as holder:
        assert (holder, list(tmp_path.iterdir())) == (None, [])
