"""Follow the cursor from page to page, for every list of the API. `transport` fetches each page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from usage_assets.truto.api_request import ApiRequest
from usage_assets.truto.errors import InvalidResponse, PartialResponse
from usage_assets.truto.models import Envelope, Page, build_page

MAX_EMPTY_PAGES = 1000
"""A single empty page with a cursor does not end a list; this many in a row count as an endless list."""


def iter_pages(
    request: ApiRequest, fetch_body: Callable[[ApiRequest], bytes], parse: Callable[[bytes], Envelope]
) -> Iterator[Page]:
    """Yield all pages of a list.

    Raises:
        InvalidResponse: A page cannot be parsed, its cursor repeats, or too many are empty; it is not yielded.
        PartialResponse: A page is incomplete; it is not yielded.
    """
    seen_cursors = {value for name, value in request.parameters if name == "next_cursor"}
    empty_pages = 0
    while True:
        page = parse_page(request, fetch_body(request), parse)
        empty_pages = 0 if page.rows else empty_pages + 1
        if page.next_cursor is None:
            yield page
            return
        _check_progress(request, page.next_cursor, seen_cursors, empty_pages)
        yield page
        seen_cursors.add(page.next_cursor)
        request = request.with_cursor(page.next_cursor)


def parse_page(request: ApiRequest, body: bytes, parse: Callable[[bytes], Envelope]) -> Page:
    """Return the page in a body.

    Raises:
        InvalidResponse: The body cannot be parsed.
        PartialResponse: Truto marked the page as incomplete.
    """
    with parse_errors(request):
        envelope = parse(body)
        page = build_page(envelope, body, str(request))
    if envelope.is_partial_response:
        raise request.error(PartialResponse)
    return page


@contextmanager
def parse_errors(request: ApiRequest) -> Iterator[None]:
    """Translate parser errors in the block to `InvalidResponse`, including the `RecursionError` of too deep nesting."""
    try:
        yield
    except (ValueError, RecursionError) as error:
        raise request.error(InvalidResponse, str(error)) from error


def _check_progress(request: ApiRequest, cursor: str, seen_cursors: set[str], empty_pages: int) -> None:
    if cursor in seen_cursors:
        raise request.error(InvalidResponse, f"it gave the same cursor twice, {cursor}")
    if empty_pages >= MAX_EMPTY_PAGES:
        raise request.error(InvalidResponse, f"{empty_pages} pages in a row were empty")
