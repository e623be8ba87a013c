"""A real HTTP server on loopback that gives the answers it is told, in order, and remembers its requests."""

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Answer:
    """One answer; `length` may promise more bytes than come; without a status, none comes."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    target: str
    authorization: str | None

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


class ScriptedApi(ThreadingHTTPServer):
    """Answers in order; the last one is given again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: deque[Answer] = deque()
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answers_with(self, *bodies: Any, status: int = 200, **headers: str) -> None:
        """Appends one answer for each body: bytes as they are, anything else as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for body in bodies:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.answers.append(Answer(status, text, named))

    def drops_a_connection(self) -> None:
        self.answers.append(Answer(None))

    def cuts_an_answer_short(self, body: bytes) -> None:
        self.answers.append(Answer(200, body, length=len(body) + 10))

    def next_answer(self) -> Answer:
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, or each answer waits 40 ms for an acknowledgement
    server: ScriptedApi

    def do_GET(self) -> None:
        self.server.asked.append(Asked(self.path, self.headers.get("Authorization")))
        answer = self.server.next_answer()
        if answer.status is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.length or len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = answer.length is not None

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""
