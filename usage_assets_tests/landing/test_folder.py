"""The landing folder as a whole: the API that its data comes from, and the lock of each account."""

import threading
from pathlib import Path

import pytest

from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.locks import LockHeld, file_lock
from usage_assets_tests.landing.files import names
from usage_assets_tests.lock_holder import held_elsewhere

URL = "https://api.truto.one"


# The API of the folder


def test_a_folder_keeps_its_api(landing: Landing) -> None:
    landing.set_origin(URL)

    landing.set_origin(URL)

    assert (landing.root / "origin").read_text() == URL


def test_another_api_is_refused(landing: Landing) -> None:
    landing.set_origin(URL)

    with pytest.raises(LandingError, match=r"holds the data of https://api\.truto\.one, .* http://127\.0\.0\.1:1:"):
        landing.set_origin("http://127.0.0.1:1")


def test_a_refused_api_changes_nothing(landing: Landing) -> None:
    landing.set_origin(URL)
    with pytest.raises(LandingError):
        landing.set_origin("http://127.0.0.1:1")

    landing.set_origin(URL)


def test_recording_the_api_leaves_one_file(landing: Landing) -> None:
    landing.set_origin(URL)

    assert names(landing.root) == {"origin"}


@pytest.mark.parametrize("attempt", range(5))
def test_runs_that_start_together_record_the_same_api(tmp_path: Path, attempt: int) -> None:
    start, refused = threading.Barrier(16), list[LandingError]()

    def record() -> None:
        start.wait()
        try:
            Landing(tmp_path).set_origin(URL)
        except LandingError as error:
            refused.append(error)

    runs = [threading.Thread(target=record) for _ in range(16)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert refused == []


# The lock of an account


def lock_path(landing: Landing) -> Path:
    return landing.root / "locks" / "a-1.lock"


def test_the_lock_of_an_account_excludes_a_second_holder(landing: Landing) -> None:
    with (
        landing.account_lock("a-1"),
        pytest.raises(LockHeld),
        file_lock(lock_path(landing), what="The landing", wait_seconds=0),
    ):
        pass


def test_the_lock_of_an_account_is_waited_for_while_another_process_holds_it(landing: Landing) -> None:
    with held_elsewhere(lock_path(landing)) as holder:
        entered = threading.Event()

        def enter() -> None:
            with landing.account_lock("a-1"):
                entered.set()

        waiting = threading.Thread(target=enter)
        waiting.start()
        entered_early = entered.wait(0.2)
        holder.kill()
        waiting.join(5)

        assert (entered_early, entered.is_set()) == (False, True)


def test_the_lock_of_one_account_does_not_exclude_another(landing: Landing) -> None:
    with landing.account_lock("a-1"), landing.account_lock("a-2"):
        pass
