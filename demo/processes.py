"""Start, watch and end the child processes of the demo, with their logs and their own children."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from usage_assets.errors import UsageAssetsError

_ADDRESS = re.compile(r"listening on (\S+)")
_BIN = Path(sys.executable).parent
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoError(UsageAssetsError):
    """The demo cannot start or cannot continue."""


@dataclass(frozen=True)
class Child:
    """A child process with the file of its output."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise an error unless the process runs.

        Raises:
            DemoError: The process has ended.
        """
        code = self.process.poll()
        if code is not None:
            reason = _last_line(self.log.read_text(errors="replace"))
            raise DemoError(f"{self.name} ended with exit code {code}; the last line of {self.log} is: {reason}")


class Processes:
    """Starts the child processes of a demo and ends them when its block ends.

    Args:
        folder: Working folder of the processes, with their logs and `groups`, the list of their process groups.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._children: list[Child] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_sandbox(self, environment: Mapping[str, str], accounts: int) -> str:
        """Start the sandbox on a free port and return its address."""
        command = [sys.executable, "-m", "truto_sandbox", "--port", "0", "--accounts", str(accounts)]
        child = self._start("The sandbox", command, environment, "sandbox.log")
        deadline = time.monotonic() + _START_SECONDS
        while not (found := _ADDRESS.search(child.log.read_text())):
            child.check()
            if time.monotonic() > deadline:
                raise DemoError(f"The sandbox did not start within {_START_SECONDS:.0f} s: see {child.log}.")
            time.sleep(0.05)
        return found[1]

    def start_dagster(self, environment: Mapping[str, str], workspace: Path) -> str:
        """Start the daemon and the UI, and return the address of the UI."""
        dagster = _BIN / "dagster"
        if not dagster.exists():
            raise DemoError(f"{dagster} does not exist: run the demo with `make demo`, which installs Dagster.")
        # Two processes that create a new home at the same time can collide, so a single process creates it first.
        created = subprocess.run(
            [dagster, "instance", "info"], env=environment, capture_output=True, cwd=self._folder, check=False
        )
        if created.returncode:
            reason = _last_line(created.stderr.decode(errors="replace"))
            raise DemoError(f"Dagster cannot create its home in {self._folder}: {reason}")
        port = _free_port()
        command = [str(dagster), "dev", "-w", str(workspace), "--port", str(port)]
        self._start("Dagster", command, environment, "dagster.log")
        return f"http://127.0.0.1:{port}"

    def check(self) -> None:
        """Raise an error unless every process runs.

        Raises:
            DemoError: A process has ended.
        """
        for child in self._children:
            child.check()

    def _start(self, name: str, command: list[str], environment: Mapping[str, str], log: str) -> Child:
        path = self._folder / log
        with _deferred_interrupt(), path.open("wb") as output:
            # In its own session, the child gets no Ctrl-C; only the demo does, which then ends the whole group.
            process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=output, cwd=self._folder, start_new_session=True
            )
            self._stack.callback(_stop, process)
            with (self._folder / "groups").open("a") as groups:
                groups.write(f"{process.pid}\n")
        self._children.append(Child(name, process, path))
        return self._children[-1]


def stop_leftovers(folder: Path) -> None:
    """End the processes of a demo that was killed; `folder` is the folder of that demo."""
    groups = folder / "groups"
    if not groups.exists():
        return
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pgid=,args="], capture_output=True, text=True, check=True).stdout
    for group in leftover_groups(groups.read_text().split(), listed, str(_BIN)):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def leftover_groups(recorded: list[str], listed: str, programs: str) -> set[int]:
    """Return the recorded process groups that still run our programs; another program may have reused an id.

    Args:
        recorded: The process groups of the killed demo.
        listed: Lines of `ps`: process group and command line.
        programs: The folder of our programs.
    """
    running = (line.split(maxsplit=1) for line in listed.splitlines())
    return {int(words[0]) for words in running if words[0] in recorded and programs in words[-1]}


@contextmanager
def _deferred_interrupt() -> Iterator[None]:
    """Delay an interrupt to the end of the block, so that every started process is registered."""
    arrived: list[int] = []
    handlers: dict[signal.Signals, Callable[..., object] | int | None] = {
        name: signal.signal(name, lambda number, _: arrived.append(number)) for name in _SIGNALS
    }
    try:
        yield
    finally:
        for name, handler in handlers.items():
            signal.signal(name, handler)
    if arrived:
        signal.raise_signal(arrived[0])


def _stop(process: subprocess.Popen[bytes]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, name)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_SECONDS)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(output: str) -> str:
    """Return the last line of a program's output, without colours."""
    return Text.from_ansi(output).plain.strip().rpartition("\n")[2] or "(no output)"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
