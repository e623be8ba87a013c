"""How many requests overlap."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from usage_assets.truto.side_by_side import SideBySide
from usage_assets_tests.truto.clock import Clock

WITHIN = 5.0


@pytest.fixture
def under_way() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def has_place(side_by_side: SideBySide, *, within: float) -> bool:
    """Whether one more request would find a place, asked from a thread of its own."""
    found = threading.Event()

    def ask() -> None:
        with side_by_side.place():
            found.set()

    threading.Thread(target=ask, daemon=True).start()
    return found.wait(within)


def answered_after(seconds: float, side_by_side: SideBySide, clock: Clock) -> None:
    """One request whose answer is there after so many seconds."""
    with side_by_side.place():
        clock.now += seconds


def test_as_many_requests_overlap_at_first_as_there_are_places(clock: Clock, under_way: ExitStack) -> None:
    side_by_side = SideBySide(places=2, clock=clock)
    under_way.enter_context(side_by_side.place())
    assert has_place(side_by_side, within=WITHIN)
    under_way.enter_context(side_by_side.place())
    assert not has_place(side_by_side, within=0.1)


def test_an_answer_that_was_there_at_once_makes_no_place(clock: Clock, under_way: ExitStack) -> None:
    side_by_side = SideBySide(places=1, slow_after=0.1, clock=clock)
    answered_after(0.09, side_by_side, clock)
    under_way.enter_context(side_by_side.place())
    assert not has_place(side_by_side, within=0.1)


def test_an_answer_that_was_waited_for_makes_a_place_more(clock: Clock, under_way: ExitStack) -> None:
    side_by_side = SideBySide(places=1, slow_after=0.1, clock=clock)
    answered_after(0.11, side_by_side, clock)
    under_way.enter_context(side_by_side.place())
    assert has_place(side_by_side, within=WITHIN)


def test_a_place_is_free_again_after_a_request_that_failed(clock: Clock) -> None:
    side_by_side = SideBySide(places=1, clock=clock)
    with pytest.raises(ConnectionError), side_by_side.place():
        raise ConnectionError
    assert has_place(side_by_side, within=WITHIN)
