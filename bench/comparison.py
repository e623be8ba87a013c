"""Compare the product with its peers: run every candidate in several rounds, each in a new process and folder.

No figure is returned unless every candidate's rows and cost equal what was served.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bench.candidates.job import Job, JobResult
from bench.measure import PageServer, ProcessUsage, empty_folder, report_progress, run_job

LARGEST_DIFFERENCE = Decimal("0.000001")


class WrongResult(Exception):
    """A candidate's rows or cost differ from what was served, so its figures are void."""


@dataclass(frozen=True)
class Candidate:
    """A module of `bench.candidates` and its name in the tables."""

    module: str
    name: str
    needs: tuple[str, ...] = ()
    is_floor: bool = False
    does_less: str = ""

    @property
    def missing(self) -> str | None:
        """The first package that is not installed, None if all are."""
        return next((package for package in self.needs if importlib.util.find_spec(package) is None), None)


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
    """All rounds of one candidate; `missing` names the package without which it cannot run."""

    candidate: Candidate
    missing: str | None = None
    is_exact: bool = True
    rounds: list[ProcessUsage] = field(default_factory=list)

    def cpu(self) -> list[float]:
        """Return the CPU seconds of each round."""
        return [usage.cpu for usage in self.rounds]

    def ratios(self, to: Outcome) -> list[float]:
        """Return the CPU relative to that of `to`, round by round."""
        return [cpu / base for cpu, base in zip(self.cpu(), to.cpu(), strict=True)]


@dataclass(frozen=True)
class Comparison:
    """The outcomes of all candidates over the same rows."""

    rows: int
    outcomes: list[Outcome]

    def of(self, candidate: Candidate) -> Outcome | None:
        """Return the outcome of `candidate`, None if it did not run."""
        return next((outcome for outcome in self.outcomes if outcome.candidate == candidate and outcome.rounds), None)

    def least_cpu(self, candidate: Candidate) -> float:
        """Return the CPU seconds of the fastest round of `candidate`."""
        return min(cpu for outcome in self.outcomes if outcome.candidate == candidate for cpu in outcome.cpu())


def compare(server: PageServer, candidates: tuple[Candidate, ...], rounds: int, home: Path) -> Comparison:
    """Run every candidate once per round and return the resources used.

    Raises:
        WrongResult: A candidate's rows or cost differ from what was served.
        ProcessFailed: A candidate ended with an error.
    """
    outcomes = [Outcome(candidate, candidate.missing) for candidate in candidates]
    for number in range(1, rounds + 1):
        for outcome in outcomes:
            if outcome.missing is None:
                report_progress(f"round {number} of {rounds}: {outcome.candidate.name}")
                _run_round(outcome, server, home)
    return Comparison(server.expected.rows, outcomes)


def _run_round(outcome: Outcome, server: PageServer, home: Path) -> None:
    with empty_folder(home / outcome.candidate.module) as folder:
        usage, result = run_job(outcome.candidate.module, job_for(server, folder))
    is_round_exact = is_exact(outcome.candidate.name, result, server)
    outcome.is_exact = outcome.is_exact and is_round_exact
    cpu = usage.cpu if result.cpu_seconds is None else result.cpu_seconds
    outcome.rounds.append(ProcessUsage(cpu, usage.wall, usage.peak))


def is_exact(name: str, result: JobResult, server: PageServer) -> bool:
    """Return whether the cost is exact to its last digit; cost from doubles only has to be right to six decimals.

    Raises:
        WrongResult: Rows, bytes or cost differ from what was served.
    """
    expected = server.expected
    if result.rows not in (None, expected.rows) or result.bytes not in (None, expected.bytes):
        raise WrongResult(f"{name} returned {result}, but {expected} was served")
    if result.cost is not None and abs(result.cost - expected.cost) > LARGEST_DIFFERENCE:
        raise WrongResult(f"{name} returned a cost of {result.cost}, but {expected.cost} was served")
    return result.cost in (None, expected.cost)


def job_for(server: PageServer, folder: Path) -> Job:
    """Return the job of fetching everything that `server` serves."""
    return Job(server.url, server.shape.account_ids, server.shape.dates, str(folder))
