"""Cursor paging: what continues, what ends, what raises."""

from collections.abc import Callable

import msgspec
import pytest

from usage_assets.truto import InvalidResponse, PartialResponse
from usage_assets.truto.call import Call
from usage_assets.truto.models import parse_envelope
from usage_assets.truto.pagination import EMPTY_PAGES_IN_A_ROW, follow

CALL = Call("/usage", [("integrated_account_id", "a-1"), ("next_cursor", "start")], "a-1")


def answers(*bodies: object) -> Callable[[Call], bytes]:
    left = iter(bodies)
    return lambda call: msgspec.json.encode(next(left))


def endless(call: Call) -> bytes:
    """A new cursor each time, and never a row."""
    cursor = dict(call.parameters)["next_cursor"]
    return msgspec.json.encode({"result": [], "next_cursor": cursor + "x"})


def rows(body_of: Callable[[Call], bytes]) -> list[int]:
    pages = follow(CALL, body_of, parse_envelope)
    return [msgspec.json.decode(row)["id"] for page in pages for row in page.rows]


def test_pages_are_followed_to_the_end() -> None:
    first = {"result": [{"id": 1}, {"id": 2}], "next_cursor": "b"}
    last = {"result": [{"id": 3}], "next_cursor": None}
    assert rows(answers(first, last)) == [1, 2, 3]


def test_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    empty = {"result": [], "next_cursor": "b"}
    last = {"result": [{"id": 1}], "next_cursor": ""}
    assert rows(answers(empty, last)) == [1]


def test_each_page_tells_its_own_request() -> None:
    body_of = answers({"result": [], "next_cursor": "b"}, {"result": []})
    requests = [page.request for page in follow(CALL, body_of, parse_envelope)]
    assert requests == [
        "GET /usage?integrated_account_id=a-1&next_cursor=start",
        "GET /usage?integrated_account_id=a-1&next_cursor=b",
    ]


@pytest.mark.parametrize("cursors", [["start"], ["b", "b"], ["b", "c", "b"], ["b", "start"]])
def test_a_repeated_cursor_raises(cursors: list[str]) -> None:
    with pytest.raises(InvalidResponse, match="the same cursor twice"):
        rows(answers(*({"result": [{"id": 1}], "next_cursor": cursor} for cursor in cursors)))


def test_the_page_that_repeats_a_cursor_is_not_given() -> None:
    pages = follow(CALL, answers({"result": [{"id": 1}], "next_cursor": "start"}), parse_envelope)
    with pytest.raises(InvalidResponse):
        next(pages)


def test_a_partial_page_raises() -> None:
    with pytest.raises(PartialResponse):
        rows(answers({"result": [{"id": 1}], "is_partial_response": True}))


def test_a_page_said_to_be_whole_is_given() -> None:
    assert rows(answers({"result": [{"id": 1}], "is_partial_response": False})) == [1]


def test_empty_pages_without_end_raise() -> None:
    with pytest.raises(InvalidResponse, match=f"{EMPTY_PAGES_IN_A_ROW} pages in a row were empty"):
        rows(endless)


def test_an_answer_that_cannot_be_read_names_account_and_field() -> None:
    with pytest.raises(InvalidResponse, match=r"\$\.result.* for account a-1"):
        rows(answers({"result": 5}))
