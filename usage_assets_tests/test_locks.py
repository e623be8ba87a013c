"""Lock files: one holder, between processes and between threads of one process."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from usage_assets.errors import UsageAssetsError
from usage_assets.locks import LockHeld, file_lock
from usage_assets_tests.lock_holder import held_elsewhere


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "locks" / "a-1.lock"


def test_a_free_lock_is_taken_at_once(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        assert path.exists()


def test_the_file_names_its_holder(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_the_holder_replaces_a_longer_text_of_an_earlier_holder(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("12345678901234567890")

    with file_lock(path, what="The file", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_a_released_lock_can_be_taken_again(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        pass

    with file_lock(path, what="The file", wait_seconds=0):
        assert path.read_text() == str(os.getpid())


def test_a_lock_is_released_when_the_block_fails(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), file_lock(path, what="The file", wait_seconds=0):
        _ = 1 / 0

    with file_lock(path, what="The file", wait_seconds=0):
        pass


def test_the_file_stays_when_the_lock_is_released(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0):
        inode = path.stat().st_ino

    assert path.stat().st_ino == inode


def test_locks_of_two_files_do_not_exclude_each_other(path: Path) -> None:
    other = path.with_name("b.lock")

    with file_lock(path, what="The file", wait_seconds=0), file_lock(other, what="The other", wait_seconds=0):
        assert other.exists()


def test_a_held_lock_is_an_flock(path: Path) -> None:
    with file_lock(path, what="The file", wait_seconds=0), path.open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_a_second_holder_in_the_same_thread_is_excluded(path: Path) -> None:
    with (
        file_lock(path, what="The file", wait_seconds=0),
        pytest.raises(LockHeld),
        file_lock(path, what="The file", wait_seconds=0),
    ):
        pass


def test_threads_of_one_process_exclude_each_other(path: Path) -> None:
    start, inside, most = threading.Barrier(4), list[int](), list[int]()

    def hold(number: int) -> None:
        start.wait()
        with file_lock(path, what="The file", wait_seconds=10):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    threads = [threading.Thread(target=hold, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1, 1, 1, 1]


def test_a_second_process_is_excluded(path: Path) -> None:
    with held_elsewhere(path), pytest.raises(LockHeld), file_lock(path, what="The file", wait_seconds=0):
        pass


def test_the_error_says_what_is_locked_by_which_process(path: Path) -> None:
    with (
        held_elsewhere(path) as holder,
        pytest.raises(LockHeld, match=rf"^The file is in use by process {holder.pid} and was not free within 0 s: "),
        file_lock(path, what="The file", wait_seconds=0),
    ):
        pass


def test_the_error_is_an_expected_one() -> None:
    assert issubclass(LockHeld, UsageAssetsError)


def test_a_process_that_was_refused_leaves_the_holder_in_the_file(path: Path) -> None:
    with held_elsewhere(path) as holder:
        with pytest.raises(LockHeld), file_lock(path, what="The file", wait_seconds=0):
            pass

        assert path.read_text() == str(holder.pid)


def test_the_wait_is_bounded(path: Path) -> None:
    with held_elsewhere(path):
        started = time.monotonic()
        with pytest.raises(LockHeld), file_lock(path, what="The file", wait_seconds=0.1):
            pass

        assert 0.1 <= time.monotonic() - started < 2


def test_a_held_lock_is_waited_for(path: Path) -> None:
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
