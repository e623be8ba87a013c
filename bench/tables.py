"""Figures as Markdown: a section for each part, with what had to be reached beside what was. No measuring here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from bench.accounts import ManyAccounts
from bench.comparison import ARROW, DLT, OURS, PANDAS, Candidate, Comparison, Outcome
from bench.inside.tasks import Aged, Onboarded, Seconds, Way
from bench.partitions import PageTimes
from bench.parts import Sized

# The candidate, and how many times its CPU ours must not need: required, and aimed at.
TARGETS: tuple[tuple[Candidate, float, float], ...] = ((DLT, 7.0, 12.0), (ARROW, 2.0, 3.5), (PANDAS, 4.0, 7.0))
SHARE = (0.40, 0.60)
PEAK = (0.9, 0.5)
FLAT = (1.3, 1.1)
DAY_SECONDS = (2.0, 1.0)
TIMES_FASTER = (20.0, 50.0)
SYNC_SECONDS, DAEMON_SECONDS = (480, 240), (1800, 900)
PAGE_SECONDS = {(100, 365): (1.0, 0.5), (500, 730): (4.0, 1.0)}
MILLION, GIGA = 10**6, 10**9


def comparison_section(comparison: Comparison) -> list[str]:
    """Returns what each path used for the same rows, and the ratios to ours."""
    ours = comparison.of(OURS)
    paths = [_path(outcome, comparison.rows) for outcome in comparison.outcomes]
    ratios = [_ratio(outcome, ours) for outcome in comparison.outcomes if ours and outcome.candidate != OURS]
    return [
        f"{comparison.rows:,} rows, every path a fresh process in turn; rows and cost agree in all of them.",
        "CPU is user and system time of the process and its children; median (min to max) of the rounds. Memory is",
        "the most of any round, of the largest process of a path.",
        "",
        *_table(["path", "CPU µs a row", "rows a CPU s", "wall s", "peak GB", "money", "does less"], paths),
        "",
        *_table(["CPU against ours, round by round", "median", "min to max", "must", "aim"], ratios),
    ]


def memory_section(sizes: Sequence[Sized]) -> list[str]:
    """Returns peak memory and the share of the decode floor at each size."""
    rows = [
        [
            f"{one.rows:,}",
            f"{one.fetch.peak / GIGA:.2f}",
            f"{one.load.peak / GIGA:.2f}",
            _micros(one.fetch.cpu, one.rows),
            _micros(one.load.cpu, one.rows),
            _micros(one.floor_cpu, one.rows) if one.floor_cpu else "missing",
            f"{one.floor_cpu / (one.fetch.cpu + one.load.cpu):.0%}" if one.floor_cpu else "missing",
        ]
        for one in sizes
    ]
    head = [
        "rows",
        "peak GB fetch",
        "peak GB load",
        "fetch µs a row",
        "load µs a row",
        "orjson.loads µs",
        "share of it",
    ]
    return [
        "Fetch and load as two processes, so start-up is counted twice; one run each.",
        f"Must: {PEAK[0]} GB at every size, {SHARE[0]:.0%} of the floor at 1M; aim: {PEAK[1]} GB, {SHARE[1]:.0%}.",
        "",
        *_table(head, rows),
    ]


def day_section(rows: int, repeats: Sequence[Seconds]) -> list[str]:
    """Returns the CPU of every step of one large day."""
    steps = [[step, *_spread([one[step] for one in repeats])] for step in repeats[0]]
    whole = [sum(seconds for step, seconds in one.items() if step != "published") for one in repeats]
    return [
        f"{rows:,} rows, in process, {len(repeats)} times from nothing.",
        f"Load to aggregates must take {DAY_SECONDS[0]} s, aim {DAY_SECONDS[1]} s; publishing comes on top.",
        "",
        *_table(["step", "CPU s", "min to max"], [*steps, ["**all but published**", *_spread(whole)]]),
    ]


def history_section(rows_a_day: int, aged: Sequence[Aged]) -> list[str]:
    """Returns what one day's derive costs as history grows, against the shortest history in order."""
    first = min(aged, key=lambda one: (one.order != "in order", one.days))
    rows = [
        [one.order, str(one.days)]
        + [text for took, base in ((one.load, first.load), (one.new, first.new), (one.again, first.again))
           for text in (_spread_in_one(took), f"{median(took) / median(base):.2f}×")]
        for one in aged
    ]  # fmt: skip
    head = ["days arrive", "history", "load of a new day", "", "its derive", "", "derive of a day in the middle", ""]
    return [
        f"{rows_a_day:,} rows a day; CPU seconds in process of prices, cost, and five aggregates with price_variance,",
        f"a transaction for each of the three; × is against the first line. Must: {FLAT[0]}×, aim {FLAT[1]}×.",
        "",
        *_table(head, rows),
    ]


def onboarding_section(took: Mapping[Way, Onboarded]) -> list[str]:
    """Returns what onboarding takes in ranged runs, against a run per day."""
    ranged, daily = took["ranged"], took["daily"]
    factor = ranged.days / daily.days
    rows = [
        ["ranged runs", str(ranged.days), str(ranged.runs), f"{ranged.cpu:.1f}", f"{ranged.wall:.1f}"],
        ["a run per day, measured", str(daily.days), str(daily.runs), f"{daily.cpu:.1f}", f"{daily.wall:.1f}"],
        ["a run per day, extrapolated", str(ranged.days), f"{daily.runs * factor:.0f}",
         f"{daily.cpu * factor:.1f}", f"{daily.wall * factor:.1f}"],
    ]  # fmt: skip
    return [
        "A new account, real assets on a temporary Dagster instance, runs in process, client limits lifted.",
        f"{daily.days} days in runs of their own were measured and extrapolated; process start-up, which a daemon adds",
        "to each run, is left out.",
        "",
        *_table(["way", "days", "Dagster runs", "CPU s", "wall s"], rows),
        "",
        f"A run per day takes {daily.cpu * factor / ranged.cpu:.0f} times the CPU and"
        f" {daily.wall * factor / ranged.wall:.0f} times the wall time. Must: {TIMES_FASTER[0]:.0f} times,"
        f" aim {TIMES_FASTER[1]:.0f}.",
    ]


def accounts_section(many: ManyAccounts) -> list[str]:
    """Returns what all windows of many accounts take from nothing to published."""
    shape, sync = many.shape, many.sync
    rows = [
        [
            "`usage-assets sync`",
            f"{sync.wall:.0f}",
            f"{sync.cpu:.0f}",
            f"{sync.peak / GIGA:.2f}",
            *map(str, SYNC_SECONDS),
        ],
        ["daemon and sensors", f"{many.daemon_wall:.0f}", "", "", *map(str, DAEMON_SECONDS)],
    ]
    return [
        f"{shape.accounts} accounts × {shape.days} days, {shape.accounts * shape.days:,} windows of"
        f" {shape.page_rows} rows, fetched, derived and published, with the client's rate limits on,",
        f"which alone take {shape.accounts * shape.days // 50} s.",
        "",
        *_table(["way", "wall s", "CPU s", "peak GB", "must s", "aim s"], rows),
    ]


def partitions_section(pages: Sequence[PageTimes]) -> list[str]:
    """Returns how long the UI's own queries take."""
    rows = [
        [
            f"{one.accounts} × {one.days}",
            *[f"{seconds:.2f}" for took in (one.page, one.status) for seconds in (took[0], median(took[1:]))],
            *(f"{seconds:g}" if seconds else "" for seconds in PAGE_SECONDS.get((one.accounts, one.days), (0, 0))),
        ]
        for one in pages
    ]
    return [
        "Seconds of the UI's own GraphQL queries, asked over HTTP of a webserver with every account and day of",
        "`raw_usage` materialized: what the partition page asks, and the counts in the asset's head. `first` builds",
        "the status cache, as after the start of a webserver or when an account has been added.",
        "",
        *_table(["accounts × days", "page, first", "page, then", "counts, first", "counts, then", "must", "aim"], rows),
    ]


def _path(outcome: Outcome, rows: int) -> list[str]:
    candidate = outcome.candidate
    if outcome.missing:
        return [candidate.name, f"missing: {outcome.missing} is not installed", "", "", "", "", ""]
    cpu, walls = outcome.cpu(), [one.wall for one in outcome.rounds]
    money = "" if candidate.is_floor else "exact" if outcome.is_exact else "**inexact**: equal to 6 decimals"
    return [
        candidate.name,
        _spread_in_one([seconds / rows * MILLION for seconds in cpu], digits=1),
        f"{rows / median(cpu):,.0f}",
        _spread_in_one(walls, digits=1),
        f"{max(one.peak for one in outcome.rounds) / GIGA:.2f}",
        money,
        candidate.does_less,
    ]


def _ratio(outcome: Outcome, ours: Outcome) -> list[str]:
    targets = {candidate: (must, aim) for candidate, must, aim in TARGETS}
    if outcome.missing:
        return [outcome.candidate.name, "missing", "", "", ""]
    ratios = outcome.ratios(ours)
    must, aim = targets.get(outcome.candidate, (None, None))
    wanted = [f"{one:g}×" if one else "" for one in (must, aim)]
    return [outcome.candidate.name, f"{median(ratios):.2f}×", f"{min(ratios):.2f} to {max(ratios):.2f}", *wanted]


def _micros(seconds: float, rows: int) -> str:
    return f"{seconds / rows * MILLION:.1f}"


def _spread(values: Sequence[float]) -> list[str]:
    return [f"{median(values):.2f}", f"{min(values):.2f} to {max(values):.2f}"]


def _spread_in_one(values: Sequence[float], digits: int = 2) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]
