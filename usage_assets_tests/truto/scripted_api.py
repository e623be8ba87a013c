"""A real HTTP server on loopback that sends scripted responses in order and records its requests.

`running_api` starts it, `retry_policy` and `connected_client` make a client for it; the fixtures around them are
defined by the conftest of each folder that needs them.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from usage_assets.truto import RequestLimits, RetryPolicy, TrutoClient

TOKEN = "tok_live_5f2c9a7b1e"
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
PRACTICALLY_UNLIMITED = 5000


@dataclass(frozen=True)
class ScriptedResponse:
    """A response; without a status, the connection is dropped instead.

    Attributes:
        status: HTTP status.
        body: Body as sent.
        headers: Headers beside the length.
        length: Content length, if it differs from the body's.
    """

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it arrived."""

    target: str
    authorization: str | None

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


class ScriptedApi(ThreadingHTTPServer):
    """Sends the scripted responses in order and repeats the last."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: deque[ScriptedResponse] = deque()
        self.requests: list[RecordedRequest] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answers_with(self, *bodies: Any, status: int = 200, **headers: str) -> None:
        """Append a response for each body: bytes unchanged, anything else as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for body in bodies:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.answers.append(ScriptedResponse(status, text, named))

    def drops_a_connection(self) -> None:
        """Append a connection that is closed without a response."""
        self.answers.append(ScriptedResponse(None))

    def cuts_an_answer_short(self, body: bytes) -> None:
        """Append a response whose connection is closed before its promised end."""
        self.answers.append(ScriptedResponse(200, body, length=len(body) + 10))

    def next_response(self) -> ScriptedResponse:
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running_api() -> Iterator[ScriptedApi]:
    """Run a scripted API in a thread during the block."""
    with ScriptedApi() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def retry_policy(delays: list[float]) -> RetryPolicy:
    """Return a policy without jitter that appends each delay to `delays` instead of waiting."""
    return RetryPolicy(sleep=delays.append, now=lambda: NOW, chance=lambda: 0.0)


@contextmanager
def connected_client(api: ScriptedApi, retry: RetryPolicy) -> Iterator[TrutoClient]:
    """Open a client of the scripted API that loads no certificates, which would take 25 ms, and has high limits."""
    limits = RequestLimits(per_account=PRACTICALLY_UNLIMITED)
    plain = httpx.HTTPTransport(verify=False)
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry, limits=limits, transport=plain) as client:
        yield client


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # sends head and body in one packet; otherwise each response waits 40 ms for an acknowledgement
    server: ScriptedApi

    def do_GET(self) -> None:
        self.server.requests.append(RecordedRequest(self.path, self.headers.get("Authorization")))
        response = self.server.next_response()
        if response.status is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(response.length or len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)
        self.close_connection = response.length is not None

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""
