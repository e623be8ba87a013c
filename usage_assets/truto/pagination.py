"""From page to page along the cursor, for every list of the API. Fetching one page is `sender`'s business."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from usage_assets.truto.call import Call
from usage_assets.truto.errors import InvalidResponse, PartialResponse
from usage_assets.truto.models import Envelope, Page, page_of

EMPTY_PAGES_IN_A_ROW = 1000
"""An empty page is not the end, but so many of them lead nowhere."""


def follow(call: Call, body_of: Callable[[Call], bytes], parse: Callable[[bytes], Envelope]) -> Iterator[Page]:
    """All pages of a list, each one whole; an answer that cannot be trusted raises before its page is out."""
    seen = {value for name, value in call.parameters if name == "next_cursor"}
    empty_pages = 0
    while True:
        page = read_page(call, body_of(call), parse)
        empty_pages = 0 if page.rows else empty_pages + 1
        if page.next_cursor is None:
            yield page
            return
        _refuse_circles(call, page.next_cursor, seen, empty_pages)
        yield page
        seen.add(page.next_cursor)
        call = call.at(page.next_cursor)


def read_page(call: Call, body: bytes, parse: Callable[[bytes], Envelope]) -> Page:
    """The page in an answer, if it is complete."""
    with understood(call):
        envelope = parse(body)
        page = page_of(envelope, body, str(call))
    if envelope.is_partial_response:
        raise call.failure(PartialResponse)
    return page


@contextmanager
def understood(call: Call) -> Iterator[None]:
    """Turns what the parsers raise into an error about this call; endless nesting is a `RecursionError`."""
    try:
        yield
    except (ValueError, RecursionError) as error:
        raise call.failure(InvalidResponse, str(error)) from error


def _refuse_circles(call: Call, cursor: str, seen: set[str], empty_pages: int) -> None:
    if cursor in seen:
        raise call.failure(InvalidResponse, f"it gave the same cursor twice, {cursor}")
    if empty_pages >= EMPTY_PAGES_IN_A_ROW:
        raise call.failure(InvalidResponse, f"{empty_pages} pages in a row were empty")
