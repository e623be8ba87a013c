"""One call of List Usage, as the tests of the client make it."""

import pytest

from usage_assets.truto import TrutoClient, TrutoError, UsageQuery

QUERY = UsageQuery(account_id="a-1", date="2026-11-20")
EMPTY_PAGE: dict[str, object] = {"result": [], "next_cursor": None}


def list_usage(client: TrutoClient, query: UsageQuery = QUERY) -> list[bytes]:
    """Return every row of `query`."""
    return [bytes(row) for page in client.usage_pages(query) for row in page.rows]


def usage_error(client: TrutoClient, error_class: type[TrutoError]) -> TrutoError:
    """Return the error that `list_usage` raises."""
    with pytest.raises(error_class) as caught:
        list_usage(client)
    return caught.value
