"""`python -m bench`: measure, print the tables, and write `bench/results.md`.

Without options it measures the comparison and the large day, in ten minutes. Options select parts; `--all` measures
every part, in half an hour. `guard` checks one ratio only, and `profile` prints call trees.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import parts, results, tables
from bench.accounts import measure_accounts
from bench.anomalies import TUNED, UNSEEN, measure_anomalies
from bench.comparison import ALL, DEFAULT_DLT, DLT, OURS, WrongResult, compare
from bench.machine import load_line
from bench.measure import PageServer, ProcessFailed, report_progress, serve_pages
from bench.pages import shape_of
from bench.partitions import measure_page
from bench.picture import draw_comparison
from bench.projections import back_test

GUARD_ROWS, GUARD_ROUNDS, GUARD_RATIO, GUARD_TRIES = 50_000, 3, 5.0, 3
QUICK_ROWS = 20_000
PROFILE_DAYS, PROFILE_ROWS = 92, 1_000
DAYS_OF_ACCOUNTS, ROWS_OF_ACCOUNTS = 7, 100
PEOPLE_OF_AN_ACCOUNT = 200


def main() -> int:
    """Run the command line and return the exit code."""
    options = _options()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="usage-bench-", dir=options.folder) as folder:
        try:
            return COMMANDS[options.command](options, Path(folder))
        except (ProcessFailed, WrongResult) as error:
            report_progress(f"No figures are shown: {error}")
            return 1


def guard(_: argparse.Namespace, home: Path) -> int:
    """Return 1 if the product uses more than a fifth of dlt's CPU for the same rows in the same run.

    The fastest round of each path counts, because other load on the machine can only slow a round. Other load may also
    slow only one path, so a failed comparison is repeated, up to three times in total.
    """
    if DLT.missing:
        report_progress(f"{DLT.missing} is not installed, so there is nothing to compare with: run `make bench`.")
        return 1
    with serve_pages(shape_of(GUARD_ROWS)) as server:
        return 0 if any(_is_fast_enough(server, home) for _ in range(GUARD_TRIES)) else 1


def _is_fast_enough(server: PageServer, home: Path) -> bool:
    comparison = compare(server, (OURS, DLT), GUARD_ROUNDS, home)
    ratio = comparison.least_cpu(DLT) / comparison.least_cpu(OURS)
    report_progress(
        f"dlt, tuned, uses {ratio:.2f} times our CPU for {GUARD_ROWS:,} rows; the lower bound is {GUARD_RATIO:g}."
    )
    return ratio >= GUARD_RATIO


def measure(options: argparse.Namespace, home: Path) -> int:
    """Measure the selected parts; print and write each as soon as it is measured."""
    chosen = {name for name in PARTS if getattr(options, name)} or {"comparison", "day"}
    for name, (title, part) in PARTS.items():
        if options.all or name in chosen:
            started = load_line()
            results.record(title, started, part(options, home), is_written=not options.quick)
    return 0


def profile(_: argparse.Namespace, home: Path) -> int:
    """Print where a fetch run and a derive run spend their time."""
    for name, tree in parts.profile_runs(PROFILE_DAYS, PROFILE_ROWS, home).items():
        sys.stdout.write(f"{name}\n{tree}\n")
    return 0


COMMANDS = {"run": measure, "guard": guard, "profile": profile}


def _comparison(options: argparse.Namespace, home: Path) -> list[str]:
    with serve_pages(shape_of(options.rows)) as server:
        comparison = compare(server, ALL, options.rounds, home)
    if not options.quick:
        results.PICTURE.write_text(draw_comparison(comparison), encoding="utf-8")
    lines = tables.comparison_section(comparison)
    if options.with_default_dlt:
        # At full size its memory would not fit: 7 GB for 100,000 rows.
        with serve_pages(shape_of(QUICK_ROWS)) as server:
            small = compare(server, (OURS, DLT, DEFAULT_DLT), 1, home)
        lines += ["", "dlt with its default settings, at a small size:", "", *tables.comparison_section(small)]
    return lines


def _memory(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.memory_section([parts.measure_memory(rows, home) for rows in options.memory_rows])


def _day(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.day_section(options.day_rows, parts.measure_day(options.day_rows, options.rounds, home))


def _allocation(options: argparse.Namespace, home: Path) -> list[str]:
    rows, rules = options.day_rows, options.rules
    return tables.allocation_section(rows, rules, parts.measure_allocation(rows, rules, home))


def _history(options: argparse.Namespace, home: Path) -> list[str]:
    times = parts.measure_history(options.history_days, options.history_rows, home)
    return tables.history_section(options.history_rows, times)


def _onboarding(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.onboarding_section(parts.measure_onboarding(options.onboarding_days, options.onboarding_rows, home))


def _accounts(options: argparse.Namespace, home: Path) -> list[str]:
    times = measure_accounts(options.account_count, DAYS_OF_ACCOUNTS, ROWS_OF_ACCOUNTS, home)
    return tables.accounts_section(times)


def _partitions(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.partitions_section([measure_page(accounts, days, home) for accounts, days in options.page_sizes])


def _insights(options: argparse.Namespace, home: Path) -> list[str]:
    size = options.insight_days, options.people, options.people // PEOPLE_OF_AN_ACCOUNT
    return tables.insights_section(*size, parts.measure_insights(*size, home))


def _anomalies(options: argparse.Namespace, home: Path) -> list[str]:
    groups = {"by which the limits were chosen": TUNED, "that were not looked at": UNSEEN}
    measured = {name: measure_anomalies(seeds[: options.companies], home) for name, seeds in groups.items()}
    return tables.anomalies_section(measured)


def _projection(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.projection_section(back_test(options.seeds, options.from_days, home))


PARTS: dict[str, tuple[str, Callable[[argparse.Namespace, Path], list[str]]]] = {
    "comparison": (results.COMPARISON, _comparison),
    "memory": (results.MEMORY, _memory),
    "day": (results.DAY, _day),
    "allocation": (results.ALLOCATION, _allocation),
    "history": (results.HISTORY, _history),
    "onboarding": (results.ONBOARDING, _onboarding),
    "accounts": (results.ACCOUNTS, _accounts),
    "partitions": (results.PARTITIONS, _partitions),
    "insights": (results.INSIGHTS, _insights),
    "anomalies": (results.ANOMALIES, _anomalies),
    "projection": (results.PROJECTION, _projection),
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("command", nargs="?", choices=list(COMMANDS), default="run")
    for name, (title, _) in PARTS.items():
        parser.add_argument(f"--{name}", action="store_true", help=f"measure: {title}")
    parser.add_argument("--all", action="store_true", help="measure every part")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the parts; does not write results.md")
    parser.add_argument("--rows", type=int, default=300_000, help="rows of the comparison (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the comparison and of the day (%(default)s)")
    parser.add_argument("--with-default-dlt", action="store_true", help="compare with dlt's default settings too")
    parser.add_argument("--memory-rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--day-rows", type=int, default=137_000)
    parser.add_argument("--rules", type=int, default=1000, help="rules of `--allocation` (%(default)s)")
    parser.add_argument("--history-days", type=int, nargs="+", default=[30, 365, 1095])
    parser.add_argument("--history-rows", type=int, default=5_000, help="rows of each day (%(default)s)")
    parser.add_argument("--onboarding-days", type=int, default=365)
    parser.add_argument("--onboarding-rows", type=int, default=100, help="rows of each day (%(default)s)")
    parser.add_argument("--account-count", type=int, default=500, help="accounts of `--accounts` (%(default)s)")
    parser.add_argument("--insight-days", type=int, default=365, help="days of `--insights` (%(default)s)")
    parser.add_argument("--people", type=int, default=10_000, help="people of `--insights` (%(default)s)")
    parser.add_argument(
        "--companies", type=int, default=5, help="companies of each group of `--anomalies` (%(default)s)"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], help="sandboxes of `--projection`")
    parser.add_argument("--from-days", type=int, nargs="+", default=list(tables.PROJECTION_ERRORS))
    parser.set_defaults(page_sizes=list(tables.PAGE_SECONDS))
    parser.add_argument("--folder", type=Path, help="folder of the temporary files")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    return options


QUICK = {
    "rows": QUICK_ROWS,
    "rounds": 1,
    "memory_rows": [QUICK_ROWS],
    "day_rows": QUICK_ROWS,
    "rules": 100,
    "history_days": [10, 30],
    "history_rows": 1000,
    "onboarding_days": 30,
    "account_count": 12,
    "insight_days": 60,
    "people": 400,
    "companies": 1,
    "page_sizes": [(5, 30)],
    "seeds": [1],
}


if __name__ == "__main__":
    sys.exit(main())
