"""A small API on loopback whose accounts, rows and capabilities a test sets and changes: each path has its answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "tok_live_5f2c9a7b1e"


def account(account_id: str, slug: str = "cursor", **changes: Any) -> dict[str, Any]:
    """Return an integrated account as the API lists it."""
    members = {"environment_id": "production", "tenant_id": "acme", "status": "active"}
    return {"id": account_id, "integration": {"name": slug}, **members, **changes}


class StandIn(ThreadingHTTPServer):
    """Lists `accounts`, answers usage with the `rows` of an account that start on the day, `users` and `capabilities`.

    An account without `users` has no list of them.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.accounts: list[Any] = []
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.users: dict[str, Any] = {}
        self.capabilities: dict[str, Any] = {}
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        """Return the body of an answer, None for a path that does not exist."""
        if path == "/integrated-account":
            return {"result": self.accounts, "next_cursor": None}
        if path == "/unified/usage-metering/usage":
            [name], [start] = query["integrated_account_id"], query.get("start_date") or query["date"]
            rows = [row for row in self.rows.get(name, []) if row["start_date"][:10] == start[:10]]
            return {"result": rows, "next_cursor": None}
        if path == "/unified/usage-metering/users":
            [name] = query["integrated_account_id"]
            return {"result": self.users[name], "next_cursor": None} if name in self.users else None
        name, _, rest = path.removeprefix("/integrated-account/").partition("/")
        if rest == "capabilities":
            return self.capabilities.get(unquote(name))
        return next((account for account in self.accounts if isinstance(account, dict) and account["id"] == name), None)


@contextmanager
def running_stand_in() -> Iterator[StandIn]:
    """Run a stand-in in a thread during the block."""
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: StandIn

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.paths.append(url.path)
        answer = self.server.answer(url.path, parse_qs(url.query))
        body = json.dumps({"message": "no such route"} if answer is None else answer).encode()
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""
