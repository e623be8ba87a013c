"""Serve a sandbox on the loopback interface: until Ctrl-C for people, in a thread for tests."""

import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import uvicorn

from truto_sandbox.app import build_app
from truto_sandbox.settings import SandboxSettings

_HOST = "127.0.0.1"
_START_SECONDS = 10.0


class PortInUse(OSError):
    """Another program listens on the requested port."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Close the connections of open requests; otherwise uvicorn waits for them and logs each cancelled request.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


def serve(settings: SandboxSettings, port: int) -> None:
    """Serve until interrupted; print one line with the address once the sandbox listens.

    Args:
        settings: The settings of the sandbox.
        port: The port to listen on; 0 takes a free port.

    Raises:
        PortInUse: Another program listens on the port.
    """
    with contextlib.suppress(KeyboardInterrupt), _listening_socket(port) as listener:
        line = f"sandbox listening on {_url(listener)}  token: {settings.token}  accounts: {settings.accounts}\n"

        def announce() -> None:
            sys.stdout.write(line)
            sys.stdout.flush()

        _Server(_config(settings), announce).run(sockets=[listener])


@contextlib.contextmanager
def running(settings: SandboxSettings) -> Iterator[str]:
    """Serve in a thread on a free port inside the block; yield the address."""
    is_listening = threading.Event()
    with _listening_socket(0) as listener:
        server = _Server(_config(settings), is_listening.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
        thread.start()
        try:
            if not is_listening.wait(_START_SECONDS):
                raise TimeoutError(f"the sandbox did not listen within {_START_SECONDS:.0f} seconds")
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join(_START_SECONDS)


def _listening_socket(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"Port {port} is in use by another program: choose another one with --port.") from error
        raise
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{_HOST}:{listener.getsockname()[1]}"


def _config(settings: SandboxSettings) -> uvicorn.Config:
    return uvicorn.Config(
        build_app(settings),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
