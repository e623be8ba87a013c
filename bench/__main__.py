"""`python -m bench`: measures, shows, and writes `bench/results.md`; `guard` only judges, `profile` shows call trees.

Without options: the comparison and the large day, ten minutes. Parts can be asked for by name; `--all` measures
everything, half an hour.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import parts, results, tables
from bench.accounts import many_accounts
from bench.comparison import ALL, DEFAULT_DLT, DLT, OURS, PathsDisagree, compare, say
from bench.machine import load_line
from bench.measure import CandidateFailed, Served, serving
from bench.pages import shape_of
from bench.partitions import page_times
from bench.picture import picture

GUARD_ROWS, GUARD_ROUNDS, GUARD_RATIO, GUARD_TRIES = 50_000, 3, 5.0, 3
QUICK_ROWS = 20_000
PROFILE_DAYS, PROFILE_ROWS = 92, 1_000
DAYS_OF_ACCOUNTS, ROWS_OF_ACCOUNTS = 7, 100


def main() -> int:
    """Measures what the command line asks for."""
    options = _options()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="usage-bench-", dir=options.folder) as folder:
        try:
            return WHAT[options.what](options, Path(folder))
        except (CandidateFailed, PathsDisagree) as error:
            say(f"Nothing is shown, because {error}")
            return 1


def guard(_: argparse.Namespace, home: Path) -> int:
    """Returns 1 where the product needs more than a fifth of dlt's CPU over the same rows in the same run.

    The least of each path's rounds is compared: what else the machine does can only add to them. A machine that is
    slow for one of the two only is asked again, three times at most.
    """
    if DLT.missing:
        say(f"{DLT.missing} is not installed, so nothing can be compared: `make bench` installs it.")
        return 1
    with serving(shape_of(GUARD_ROWS)) as served:
        return 0 if any(_is_fast_enough(served, home) for _ in range(GUARD_TRIES)) else 1


def _is_fast_enough(served: Served, home: Path) -> bool:
    compared = compare(served, (OURS, DLT), GUARD_ROUNDS, home)
    ratio = compared.least_cpu(DLT) / compared.least_cpu(OURS)
    say(f"dlt tuned needs {ratio:.2f} times our CPU for {GUARD_ROWS:,} rows, and must need {GUARD_RATIO:g} times.")
    return ratio >= GUARD_RATIO


def measure(options: argparse.Namespace, home: Path) -> int:
    """Measures part after part; each is written as soon as it is known."""
    chosen = {name for name in PARTS if getattr(options, name)} or {"comparison", "day"}
    for name, (title, part) in PARTS.items():
        if options.all or name in chosen:
            started = load_line()
            results.commit(title, started, part(options, home), written=not options.quick)
    return 0


def profile(_: argparse.Namespace, home: Path) -> int:
    """Prints where a fetch run and a derive run spend their time."""
    for name, tree in parts.profiles(PROFILE_DAYS, PROFILE_ROWS, home).items():
        sys.stdout.write(f"{name}\n{tree}\n")
    return 0


WHAT = {"run": measure, "guard": guard, "profile": profile}


def _comparison(options: argparse.Namespace, home: Path) -> list[str]:
    with serving(shape_of(options.rows)) as served:
        compared = compare(served, ALL, options.rounds, home)
    if not options.quick:
        results.PICTURE.write_text(picture(compared), encoding="utf-8")
    lines = tables.comparison_section(compared)
    if options.with_default_dlt:
        # At full size its memory would not fit: 7 GB for 100,000 rows.
        with serving(shape_of(QUICK_ROWS)) as served:
            small = compare(served, (OURS, DLT, DEFAULT_DLT), 1, home)
        lines += ["", "dlt as it comes, at a small size:", "", *tables.comparison_section(small)]
    return lines


def _memory(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.memory_section([parts.memory_at(rows, home) for rows in options.memory_rows])


def _day(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.day_section(options.day_rows, parts.large_day(options.day_rows, options.rounds, home))


def _history(options: argparse.Namespace, home: Path) -> list[str]:
    aged = parts.after_history(options.history_days, options.history_rows, home)
    return tables.history_section(options.history_rows, aged)


def _onboarding(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.onboarding_section(parts.onboarding(options.onboarding_days, options.onboarding_rows, home))


def _accounts(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.accounts_section(many_accounts(options.account_count, DAYS_OF_ACCOUNTS, ROWS_OF_ACCOUNTS, home))


def _partitions(options: argparse.Namespace, home: Path) -> list[str]:
    return tables.partitions_section([page_times(accounts, days, home) for accounts, days in options.page_sizes])


PARTS: dict[str, tuple[str, Callable[[argparse.Namespace, Path], list[str]]]] = {
    "comparison": (results.COMPARISON, _comparison),
    "memory": (results.MEMORY, _memory),
    "day": (results.DAY, _day),
    "history": (results.HISTORY, _history),
    "onboarding": (results.ONBOARDING, _onboarding),
    "accounts": (results.ACCOUNTS, _accounts),
    "partitions": (results.PARTITIONS, _partitions),
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=list(WHAT), default="run")
    for name, (title, _) in PARTS.items():
        parser.add_argument(f"--{name}", action="store_true", help=f"measure: {title}")
    parser.add_argument("--all", action="store_true", help="measure every part")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs; results.md stays")
    parser.add_argument("--rows", type=int, default=300_000, help="of the comparison (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of the comparison and the day (%(default)s)")
    parser.add_argument("--with-default-dlt", action="store_true", help="dlt as it comes too, at a small size")
    parser.add_argument("--memory-rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--day-rows", type=int, default=137_000)
    parser.add_argument("--history-days", type=int, nargs="+", default=[30, 365, 1095])
    parser.add_argument("--history-rows", type=int, default=5_000, help="rows a day (%(default)s)")
    parser.add_argument("--onboarding-days", type=int, default=365)
    parser.add_argument("--onboarding-rows", type=int, default=100, help="rows a day (%(default)s)")
    parser.add_argument("--account-count", type=int, default=500, help="of many accounts (%(default)s)")
    parser.set_defaults(page_sizes=list(tables.PAGE_SECONDS))
    parser.add_argument("--folder", type=Path, help="where the temporary files go")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    return options


QUICK = {
    "rows": QUICK_ROWS,
    "rounds": 1,
    "memory_rows": [QUICK_ROWS],
    "day_rows": QUICK_ROWS,
    "history_days": [10, 30],
    "history_rows": 1000,
    "onboarding_days": 30,
    "account_count": 12,
    "page_sizes": [(5, 30)],
}


if __name__ == "__main__":
    sys.exit(main())
