"""The command `python -m demo`. Ctrl-C ends it without a traceback at any time, even during imports."""

import signal
import sys
from pathlib import Path

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(*checkout: Path) -> int:
    """Run the demo and return its exit code; 130 if it is interrupted before the tables are shown.

    Args:
        *checkout: The checkout; by default the checkout that holds this file.
    """
    for name in _SIGNALS:
        signal.signal(name, _interrupt)
    try:
        from demo.run import run  # noqa: PLC0415 - an interrupt during these imports is handled like any other

        return run(sys.argv[1:], *checkout)
    except KeyboardInterrupt:
        return INTERRUPTED


def _interrupt(_number: int, _frame: object) -> None:
    """Interrupt once; further signals are ignored so that they cannot interrupt the cleanup of the child processes."""
    for name in _SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    sys.stderr.write("\nEnding the demo; this takes a few seconds.\n")
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
