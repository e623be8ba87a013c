"""Run one candidate: `python -m bench.candidates MODULE run|result JOB`; `result` prints JSON."""

from __future__ import annotations

import importlib
import sys
from typing import cast

import msgspec

from bench.candidates.job import Candidate, Job


def main() -> None:
    """Run the command line."""
    module, action, text = sys.argv[1:4]
    candidate = cast("Candidate", importlib.import_module(f"bench.candidates.{module}"))
    job = msgspec.json.decode(text, type=Job)
    if action == "run":
        candidate.run(job)
    else:
        sys.stdout.write(msgspec.json.encode(candidate.result(job)).decode())


if __name__ == "__main__":
    main()
