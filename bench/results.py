"""`bench/results.md`: a section for each part, each with its own machine, load and versions.

A part that was not measured this time keeps the section it had.
"""

from __future__ import annotations

import re
from pathlib import Path

from bench.machine import load_line, machine_line, versions_line

FOLDER = Path(__file__).resolve().parent
RESULTS, PICTURE = FOLDER / "results.md", FOLDER / "results.svg"
COMPARISON, MEMORY, DAY, HISTORY, ONBOARDING, ACCOUNTS, PARTITIONS = (
    "From API to table, against peers and floors",
    "Memory and the decode floor",
    "One large day",
    "One day after a long history",
    "A new account",
    "Many accounts",
    "The partition page",
)
ORDER = (COMPARISON, MEMORY, DAY, HISTORY, ONBOARDING, ACCOUNTS, PARTITIONS)
HEAD = """# Measurements

Written by `make bench`; what is measured and how stands in `bench/`. Figures of different sections may be of
different machines: each says where and when. Compare ratios, not seconds, from one machine to another.
"""
SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)


def commit(title: str, started: str, lines: list[str], *, written: bool = True) -> None:
    """Shows one section, and writes it anew if that is wanted; the others stay as they are."""
    where = f"Measured on {machine_line()}. Began {started}; ended {load_line()}. {versions_line()}."
    shown = [f"![CPU per row of every path]({PICTURE.name})", ""] if title == COMPARISON else []
    text = "\n".join([*lines, "", *shown, where, ""])
    print(f"\n## {title}\n\n{text}")  # noqa: T201 - the answer of the command
    if written:
        _write(title, text)


def _write(title: str, text: str) -> None:
    held = dict(SECTION.findall(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}
    sections = {**held, title: f"\n{text}\n"}
    body = "".join(f"## {one}\n{sections[one].rstrip()}\n\n" for one in ORDER if one in sections)
    RESULTS.write_text(f"{HEAD}\n{body.rstrip()}\n", encoding="utf-8")
