"""A real HTTP server on loopback that serves files of rates and prices: whole, slow, cut, endless or not at all."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]

MEGABYTE = b"0" * 2**20


class FileServer(ThreadingHTTPServer):
    """Gives each path its answer; an unknown path is 404. Keeps the headers of each request and counts sent bytes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.sent = 0

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def serves(self, path: str, content: bytes) -> str:
        """Serve `content` under `path`; return the address."""
        self.answers[path] = whole(content)
        return self.address(path)


class Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        path = self.path.strip("/")
        self.server.requests.append((path, dict(self.headers)))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.server.answers.get(path, status(404))(self)

    def send(self, content: bytes) -> None:
        self.wfile.write(content)
        self.server.sent += len(content)

    def head(self, code: int, **headers: object) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def whole(content: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.head(200, Content_Length=len(content))
        handler.send(content)

    return answer


def status(code: int) -> Answer:
    def answer(handler: Handler) -> None:
        handler.head(code, Content_Length=0)

    return answer


def redirect(location: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.head(302, Location=location, Content_Length=0)

    return answer


def cut(content: bytes) -> Answer:
    """Promise the whole content and send half of it."""

    def answer(handler: Handler) -> None:
        handler.head(200, Content_Length=len(content))
        handler.send(content[: len(content) // 2])

    return answer


def endless(handler: Handler) -> None:
    """Send 500 MB without saying how much it is."""
    handler.head(200)
    for _ in range(500):
        handler.send(MEGABYTE)


def silent(handler: Handler) -> None:
    """Answer nothing for a while."""
    time.sleep(2)


def dripping(handler: Handler) -> None:
    """Send a byte now and then, for a while."""
    handler.head(200)
    for _ in range(60):
        handler.send(b"0")
        time.sleep(0.05)


@contextmanager
def running_file_server() -> Iterator[FileServer]:
    """Run a server in a thread during the block."""
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
