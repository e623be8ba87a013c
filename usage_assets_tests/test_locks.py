"""Locks between processes."""

import os
import threading
import time
from pathlib import Path

import pytest

from usage_assets.locks import LockHeld, file_lock
from usage_assets_tests.lock_holder import held_elsewhere


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "locks" / "a-1.lock"


def test_a_free_lock_is_taken_at_once(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        assert path.exists()


def test_the_holder_stands_in_the_file(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_a_lock_that_was_given_back_is_taken_again(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        pass

    with file_lock(path, what="The file", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_a_lock_is_given_back_when_the_block_fails(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), file_lock(path, what="The file", wait_seconds=0):
        _ = 1 / 0

    with file_lock(path, what="The file", wait_seconds=0):
        pass


def test_the_file_stays_when_the_lock_is_given_back(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        inode = path.stat().st_ino

    assert path.stat().st_ino == inode


def test_two_locks_do_not_keep_each_other_out(path: Path) -> None:
    with file_lock(path, what="One", wait_seconds=0), file_lock(path.with_name("b.lock"), what="Two", wait_seconds=0):
        pass


def test_a_second_holder_in_this_process_is_kept_out(path: Path) -> None:
    with (
        file_lock(path, what="The file", wait_seconds=0),
        pytest.raises(LockHeld),
        file_lock(path, what="The file", wait_seconds=0),
    ):
        pass


def test_a_second_process_is_kept_out(path: Path) -> None:
    with held_elsewhere(path), pytest.raises(LockHeld), file_lock(path, what="The file", wait_seconds=0):
        pass


def test_the_error_names_what_is_locked_and_by_whom(path: Path) -> None:
    with (
        held_elsewhere(path) as holder,
        pytest.raises(LockHeld, match=rf"^The file is in use by process {holder.pid} "),
        file_lock(path, what="The file", wait_seconds=0),
    ):
        pass


def test_the_wait_is_bounded(path: Path) -> None:
    with held_elsewhere(path):
        started = time.monotonic()
        with pytest.raises(LockHeld), file_lock(path, what="The file", wait_seconds=0.1):
            pass

        assert 0.1 <= time.monotonic() - started < 2


def test_a_lock_is_waited_for(path: Path) -> None:
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with file_lock(path, what="The file", wait_seconds=0):
            holding.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    threading.Timer(0.1, done.set).start()
    with file_lock(path, what="The file", wait_seconds=10):
        assert done.is_set()
    holder.join()


def test_a_killed_holder_leaves_no_lock_behind(path: Path) -> None:
    with held_elsewhere(path) as holder:
        holder.kill()
        holder.wait()

        with file_lock(path, what="The file", wait_seconds=0):
            assert path.read_text() == str(os.getpid())
