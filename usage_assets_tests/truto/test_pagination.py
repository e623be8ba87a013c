"""Paging by cursor: when it continues, ends and raises."""

from collections.abc import Callable

import msgspec
import pytest

from usage_assets.truto import InvalidResponse, PagesChanged, PartialResponse, RequestRejected, TrutoError
from usage_assets.truto.api_request import ApiRequest
from usage_assets.truto.models import parse_envelope
from usage_assets.truto.pagination import MAX_EMPTY_PAGES, iter_pages

REQUEST = ApiRequest("/usage", [("integrated_account_id", "a-1"), ("next_cursor", "start")], "a-1")


def responses(*bodies: object) -> Callable[[ApiRequest], bytes]:
    remaining = iter(bodies)
    return lambda request: msgspec.json.encode(next(remaining))


def endless(request: ApiRequest) -> bytes:
    """Return a page without rows and with a new cursor."""
    cursor = dict(request.parameters)["next_cursor"]
    return msgspec.json.encode({"result": [], "next_cursor": cursor + "x"})


def rows(fetch_body: Callable[[ApiRequest], bytes]) -> list[int]:
    pages = iter_pages(REQUEST, fetch_body, parse_envelope)
    return [msgspec.json.decode(row)["id"] for page in pages for row in page.rows]


def test_pages_are_followed_to_the_end() -> None:
    first = {"result": [{"id": 1}, {"id": 2}], "next_cursor": "b"}
    last = {"result": [{"id": 3}], "next_cursor": None}
    assert rows(responses(first, last)) == [1, 2, 3]


def test_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    empty = {"result": [], "next_cursor": "b"}
    last = {"result": [{"id": 1}], "next_cursor": ""}
    assert rows(responses(empty, last)) == [1]


def test_each_page_carries_its_own_request() -> None:
    fetch_body = responses({"result": [], "next_cursor": "b"}, {"result": []})
    requests = [page.request for page in iter_pages(REQUEST, fetch_body, parse_envelope)]
    assert requests == [
        "GET /usage?integrated_account_id=a-1&next_cursor=start",
        "GET /usage?integrated_account_id=a-1&next_cursor=b",
    ]


@pytest.mark.parametrize("cursors", [["start"], ["b", "b"], ["b", "c", "b"], ["b", "start"]])
def test_a_repeated_cursor_raises(cursors: list[str]) -> None:
    with pytest.raises(InvalidResponse, match="the same cursor twice"):
        rows(responses(*({"result": [{"id": 1}], "next_cursor": cursor} for cursor in cursors)))


def test_a_cursor_that_repeats_on_the_first_page_is_no_change_of_pages() -> None:
    with pytest.raises(InvalidResponse) as caught:
        rows(responses({"result": [{"id": 1}], "next_cursor": "start"}))
    assert not isinstance(caught.value, PagesChanged)


def test_a_cursor_that_repeats_on_a_later_page_is_a_change_of_pages() -> None:
    with pytest.raises(PagesChanged):
        rows(responses(*[{"result": [{"id": 1}], "next_cursor": "b"}] * 2))


def rejecting(page: int, error: TrutoError) -> Callable[[ApiRequest], bytes]:
    """Return pages without end, of which the one with the number `page` is rejected."""
    numbers = iter(range(1, 10))

    def fetch_body(request: ApiRequest) -> bytes:
        number = next(numbers)
        if number == page:
            raise error
        return msgspec.json.encode({"result": [{"id": number}], "next_cursor": f"c{number}"})

    return fetch_body


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_a_cursor_that_a_later_page_rejects_is_a_change_of_pages(status: int) -> None:
    error = RequestRejected(status=status, provider_message="page token expired")
    with pytest.raises(PagesChanged, match=rf"expired, .*HTTP {status}.* account a-1 .*page token expired"):
        rows(rejecting(2, error))


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_a_first_page_that_is_rejected_is_no_change_of_pages(status: int) -> None:
    with pytest.raises(RequestRejected):
        rows(rejecting(1, RequestRejected(status=status)))


@pytest.mark.parametrize("status", [403, 422])
def test_other_rejections_of_a_later_page_are_no_change_of_pages(status: int) -> None:
    with pytest.raises(RequestRejected):
        rows(rejecting(2, RequestRejected(status=status)))


def test_the_page_that_repeats_a_cursor_is_not_yielded() -> None:
    pages = iter_pages(REQUEST, responses({"result": [{"id": 1}], "next_cursor": "start"}), parse_envelope)
    with pytest.raises(InvalidResponse):
        next(pages)


def test_a_partial_page_raises() -> None:
    with pytest.raises(PartialResponse):
        rows(responses({"result": [{"id": 1}], "is_partial_response": True}))


def test_a_page_marked_as_complete_is_yielded() -> None:
    assert rows(responses({"result": [{"id": 1}], "is_partial_response": False})) == [1]


def test_an_endless_list_of_empty_pages_raises() -> None:
    with pytest.raises(InvalidResponse, match=f"{MAX_EMPTY_PAGES} pages in a row were empty"):
        rows(endless)


def test_the_error_of_an_invalid_page_names_account_and_field() -> None:
    with pytest.raises(InvalidResponse, match=r"\$\.result.* for account a-1"):
        rows(responses({"result": 5}))
