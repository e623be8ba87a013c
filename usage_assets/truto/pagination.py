"""Follow the cursor from page to page, for every list of the API. `transport` fetches each page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from usage_assets.truto.api_request import ApiRequest
from usage_assets.truto.errors import InvalidResponse, PagesChanged, PartialResponse, RequestRejected
from usage_assets.truto.models import Envelope, Page, build_page

CURSOR_REJECTED = frozenset({400, 404, 409, 410})
"""The statuses by which a provider rejects the cursor that it gave with the page before: expired, unknown, moved."""

MAX_EMPTY_PAGES = 1000
"""A single empty page with a cursor does not end a list; this many in a row count as an endless list."""


def iter_pages(
    request: ApiRequest, fetch_body: Callable[[ApiRequest], bytes], parse: Callable[[bytes], Envelope]
) -> Iterator[Page]:
    """Yield all pages of a list.

    Raises:
        InvalidResponse: A page cannot be parsed, its cursor repeats, or too many are empty; it is not yielded.
        PagesChanged: The cursor of a page after the first is rejected or repeats; the list may be read from its start.
        PartialResponse: A page is incomplete; it is not yielded.
    """
    seen_cursors = {value for name, value in request.parameters if name == "next_cursor"}
    page = parse_page(request, fetch_body(request), parse)
    repeated, empty_pages = InvalidResponse, 0 if page.rows else 1
    while page.next_cursor is not None:
        if page.next_cursor in seen_cursors:
            raise request.error(repeated, f"it gave the same cursor twice, {page.next_cursor}")
        if empty_pages >= MAX_EMPTY_PAGES:
            raise request.error(InvalidResponse, f"{empty_pages} pages in a row were empty")
        yield page
        seen_cursors.add(page.next_cursor)
        request = request.with_cursor(page.next_cursor)
        page = parse_page(request, _later_body(request, fetch_body), parse)
        repeated, empty_pages = PagesChanged, 0 if page.rows else empty_pages + 1
    yield page


def _later_body(request: ApiRequest, fetch_body: Callable[[ApiRequest], bytes]) -> bytes:
    """Return the body of a page after the first."""
    try:
        return fetch_body(request)
    except RequestRejected as error:
        if error.status not in CURSOR_REJECTED:
            raise
        raise request.error(PagesChanged, error.detail, status=error.status, message=error.provider_message) from error


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
