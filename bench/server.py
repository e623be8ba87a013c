"""Serve pages over loopback: the part of Truto's API that a fetch needs, without rate limits.

`python -m bench.server ACCOUNTS DAYS PAGES PAGE_ROWS` prints its address and serves until its parent ends it. Its own
CPU is not measured.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from typing import cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from bench.pages import INTEGRATION, Pages, Shape

ACCOUNTS, USAGE, EXPECTED = "/integrated-account", "/unified/usage-metering/usage", "/bench/expected"


class Answers:
    """The response bodies of the server by path and query."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._ids = {account_id: number for number, account_id in enumerate(pages.shape.account_ids)}
        self._expected = msgspec.json.encode(pages.expected())

    def body(self, target: str) -> bytes | None:
        """Return the body of a response, None for an unknown path or account."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == USAGE:
            return self._usage(query)
        if url.path == ACCOUNTS:
            return msgspec.json.encode(
                {"result": [_account(account_id) for account_id in self._ids], "next_cursor": None}
            )
        if url.path == EXPECTED:
            return self._expected
        account_id = url.path.removeprefix(f"{ACCOUNTS}/")
        return msgspec.json.encode(_account(account_id)) if account_id in self._ids else None

    def _usage(self, query: dict[str, str]) -> bytes | None:
        account = self._ids.get(query.get("integrated_account_id", ""))
        # Pages have a fixed size, so a smaller `limit` is refused.
        if account is None or int(query.get("limit", "0")) < self._pages.shape.page_rows:
            return None
        return self._pages.page(account, date.fromisoformat(query["date"]), int(query.get("next_cursor", "0")))


class Connection(asyncio.Protocol):
    """One connection, kept open. Requests have no body."""

    _transport: asyncio.Transport

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, to write to."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Respond to every complete request."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            body = self._answers.body(head.split(b" ", 2)[1].decode())
            status = b"404 Not Found" if body is None else b"200 OK"
            text = b"{}" if body is None else body
            self._transport.write(
                b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(text))
            )
            self._transport.write(text)


async def serve(shape: Shape) -> None:
    """Serve `shape` on a free port and print the address."""
    answers = Answers(Pages(shape))
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def _account(account_id: str) -> dict[str, object]:
    return {
        "id": account_id,
        "tenant_id": "northwind",
        "status": "active",
        "is_sandbox": False,
        "integration": {"name": INTEGRATION},
        "created_at": "2025-01-06T09:30:00.000Z",
    }


if __name__ == "__main__":
    accounts, days, pages, page_rows = map(int, sys.argv[1:5])
    asyncio.run(serve(Shape(accounts, days, pages, page_rows)))
