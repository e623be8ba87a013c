"""Write `bench/results.md`: one section per part, each with its own machine, load and versions.

A part that is not measured keeps its earlier section.
"""

from __future__ import annotations

import re
from pathlib import Path

from bench.machine import load_line, machine_line, versions_line

FOLDER = Path(__file__).resolve().parent
RESULTS, PICTURE = FOLDER / "results.md", FOLDER / "results.svg"
COMPARISON, MEMORY, DAY, ALLOCATION, HISTORY, ONBOARDING, ACCOUNTS, PARTITIONS, INSIGHTS, PROJECTION, ANOMALIES = (
    "From API to table, against peers and floors",
    "Memory and the decode floor",
    "One large day",
    "One large day by team",
    "One day after a long history",
    "A new account",
    "Many accounts",
    "The partition page",
    "Projection, anomalies and budgets of a large company",
    "Projections",
    "Incidents found and missed",
)
ORDER = (
    COMPARISON,
    MEMORY,
    DAY,
    ALLOCATION,
    HISTORY,
    ONBOARDING,
    ACCOUNTS,
    PARTITIONS,
    INSIGHTS,
    PROJECTION,
    ANOMALIES,
)
HEAD = """# Measurements

Written by `make bench`; [README.md](README.md) explains each part. Sections may come from different days, commits and
machines: each names its own. Across machines, compare ratios, not seconds.
"""
SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)


def record(title: str, started: str, lines: list[str], *, is_written: bool = True) -> None:
    """Print one section and, if `is_written`, replace it in the file; other sections stay as they are."""
    where = f"Measured on {machine_line()}. Began {started}; ended {load_line()}. {versions_line()}."
    image = [f"![CPU per row of every path]({PICTURE.name})", ""] if title == COMPARISON else []
    text = "\n".join([*lines, "", *image, where, ""])
    print(f"\n## {title}\n\n{text}")  # noqa: T201 - the output of the command
    if is_written:
        _write(title, text)


def _write(title: str, text: str) -> None:
    held = dict(SECTION.findall(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}
    sections = {**held, title: f"\n{text}\n"}
    body = "".join(f"## {name}\n{sections[name].rstrip()}\n\n" for name in ORDER if name in sections)
    RESULTS.write_text(f"{HEAD}\n{body.rstrip()}\n", encoding="utf-8")
