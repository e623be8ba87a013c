"""The command `python -m truto_sandbox`: serves one sandbox on loopback until Ctrl-C."""

import argparse
import sys
from collections.abc import Sequence

from truto_sandbox.server import PortInUse, serve
from truto_sandbox.settings import DEFAULT_PORT, DEFAULT_TOKEN, MAX_ACCOUNTS, MAX_USERS, SandboxSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and serve until interrupted.

    Args:
        arguments: The command line without the program's name; `sys.argv` by default.

    Returns:
        The exit code: 0 after Ctrl-C, 1 when the port is in use.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = SandboxSettings(options.accounts, options.users, options.seed, options.token)
    except ValueError as error:
        _parser().error(str(error))
    return serve_until_interrupted(settings, options.port)


def serve_until_interrupted(settings: SandboxSettings, port: int) -> int:
    """Serve until Ctrl-C and return the exit code; report an occupied port in one sentence on standard error."""
    try:
        serve(settings, port)
    except PortInUse as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m truto_sandbox", description="Serve a local imitation of Truto's API."
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1; 0 takes a free port")
    parser.add_argument("--accounts", type=int, default=12, help=f"integrated accounts, at most {MAX_ACCOUNTS}")
    parser.add_argument("--users", type=int, default=25, help=f"people in each company, at most {MAX_USERS}")
    parser.add_argument("--seed", type=int, default=7, help="seed of all names and figures")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="bearer token that clients must send")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
