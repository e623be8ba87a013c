"""The comparison: every candidate in turn, in several rounds, each in a fresh process and an empty folder.

No figure leaves here before rows and cost of every path are what the server served.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bench.candidates.job import Found, Job
from bench.measure import Served, Usage, run

INEXACT_BY = Decimal("0.000001")


class PathsDisagree(Exception):
    """A path arrived at other rows or another cost than were served: there is nothing to compare."""


@dataclass(frozen=True)
class Candidate:
    """A module of `bench.candidates`, and how it is called in the tables."""

    module: str
    name: str
    needs: tuple[str, ...] = ()
    is_floor: bool = False
    does_less: str = ""

    @property
    def missing(self) -> str | None:
        """What is not installed, None where all is."""
        return next((one for one in self.needs if importlib.util.find_spec(one) is None), None)


OURS = Candidate("ours", "usage_assets: fetch, land, load")
DLT = Candidate("dlt_tuned", "dlt rest_api, tuned", ("dlt",), does_less="append only, nested members stay JSON")
ARROW = Candidate(
    "dlt_arrow", "dlt + Arrow resource", ("dlt", "orjson"), does_less="append only, nothing raw kept, 29 fixed columns"
)
PANDAS = Candidate("pandas_normalize", "requests + json_normalize", ("requests",), does_less="nothing raw kept")
DEFAULT_DLT = Candidate("dlt_default", "dlt rest_api, defaults", ("dlt",), does_less="append only")
BYTES = Candidate("floor_bytes", "floor: bytes only", is_floor=True)
ORJSON = Candidate("floor_orjson", "floor: orjson.loads only", ("orjson",), is_floor=True)
ALL = (OURS, DLT, ARROW, PANDAS, BYTES, ORJSON)


@dataclass
class Outcome:
    """All rounds of one candidate; `missing` names what it lacks to run at all."""

    candidate: Candidate
    missing: str | None = None
    is_exact: bool = True
    rounds: list[Usage] = field(default_factory=list)

    def cpu(self) -> list[float]:
        """CPU seconds of each round."""
        return [usage.cpu for usage in self.rounds]

    def ratios(self, to: Outcome) -> list[float]:
        """CPU against that of `to`, round by round."""
        return [mine / theirs for mine, theirs in zip(self.cpu(), to.cpu(), strict=True)]


@dataclass(frozen=True)
class Comparison:
    """The outcomes of all candidates over the same rows."""

    rows: int
    outcomes: list[Outcome]

    def of(self, candidate: Candidate) -> Outcome | None:
        """Returns the outcome of `candidate`, None where it was missing or not asked for."""
        return next((one for one in self.outcomes if one.candidate == candidate and one.rounds), None)

    def least_cpu(self, candidate: Candidate) -> float:
        """Returns the least CPU seconds of the rounds of `candidate`, which was measured."""
        return min(usage.cpu for one in self.outcomes if one.candidate == candidate for usage in one.rounds)


def compare(served: Served, candidates: tuple[Candidate, ...], rounds: int, home: Path) -> Comparison:
    """Runs every candidate once per round and returns what each used.

    Raises:
        PathsDisagree: a path arrived at other rows or another cost than were served.
        CandidateFailed: a candidate ended with an error.
    """
    outcomes = [Outcome(candidate, candidate.missing) for candidate in candidates]
    for number in range(1, rounds + 1):
        for outcome in outcomes:
            if outcome.missing is None:
                say(f"round {number} of {rounds}: {outcome.candidate.name}")
                _round(outcome, served, home)
    return Comparison(served.expected.rows, outcomes)


def _round(outcome: Outcome, served: Served, home: Path) -> None:
    with emptied(home / outcome.candidate.module) as folder:
        usage, found = run(outcome.candidate.module, job_for(served, folder))
    exact = is_exact(outcome.candidate.name, found, served)
    outcome.is_exact = outcome.is_exact and exact
    cpu = usage.cpu if found.cpu_seconds is None else found.cpu_seconds
    outcome.rounds.append(Usage(cpu, usage.wall, usage.peak))


def is_exact(name: str, found: Found, served: Served) -> bool:
    """Returns whether the cost agrees to its last digit; one that only agrees to six decimals came through doubles.

    Raises:
        PathsDisagree: rows, bytes or cost are not what was served.
    """
    expected = served.expected
    if found.rows not in (None, expected.rows) or found.bytes not in (None, expected.bytes):
        raise PathsDisagree(f"{name} arrived at {found}, and {expected} was served")
    if found.cost is not None and abs(found.cost - expected.cost) > INEXACT_BY:
        raise PathsDisagree(f"{name} arrived at a cost of {found.cost}, and {expected.cost} was served")
    return found.cost in (None, expected.cost)


def job_for(served: Served, folder: Path) -> Job:
    """Returns the job of fetching all that is served."""
    return Job(served.url, served.shape.account_ids, served.shape.dates, str(folder))


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """Gives an empty folder, which is removed afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def say(text: str) -> None:
    """Tells who waits what is going on."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
