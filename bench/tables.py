"""Format figures as Markdown: one section per part, with the required and the desired value of each figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from bench.accounts import AccountTimes
from bench.anomalies import Score
from bench.comparison import ARROW, DLT, OURS, PANDAS, Candidate, Comparison, Outcome
from bench.inside.tasks import HistoryTimes, OnboardingTimes, Seconds, Way
from bench.partitions import PageTimes
from bench.parts import MemoryUse
from bench.projections import SCOPES, Accuracy, BackTest

# Pairs are the required and the desired value. A peer uses this many times our CPU:
TARGETS: tuple[tuple[Candidate, float, float], ...] = ((DLT, 7.0, 12.0), (ARROW, 2.0, 3.5), (PANDAS, 4.0, 7.0))
SHARE = (0.40, 0.60)
PEAK = (0.9, 0.5)
GROWTH = (1.3, 1.1)
DAY_SECONDS = (2.0, 1.0)
ALLOCATION_SECONDS = 1
INSIGHT_SECONDS, INSIGHT_GIGABYTES = 20, 1
TIMES_FASTER = (20.0, 50.0)
SYNC_SECONDS, DAEMON_SECONDS = (480, 240), (1800, 900)
PAGE_SECONDS = {(100, 365): (1.0, 0.5), (500, 730): (4.0, 1.0)}
PROJECTION_ERRORS = {5: 0.08, 10: 0.04, 15: 0.03, 20: 0.02}
"""By the day of the month from which months are projected."""

PROJECTION_SCOPES = ("all", "account")
"""The scopes whose error is bounded."""

HELD = (0.7, 0.9)
RECALL, PRECISION = 0.9, 0.8
MILLION, GIGA = 10**6, 10**9


def comparison_section(comparison: Comparison) -> list[str]:
    """Return the resources of each path for the same rows, and the ratios to the product."""
    ours = comparison.of(OURS)
    paths = [_path(outcome, comparison.rows) for outcome in comparison.outcomes]
    ratios = [_ratio(outcome, ours) for outcome in comparison.outcomes if ours and outcome.candidate != OURS]
    return [
        f"{comparison.rows:,} rows, every path in turn, each in a new process; all arrive at the served rows and cost.",
        "CPU is user and system time of the process and its children: median (min to max) of the rounds. Memory is",
        "that of the largest process of a path, in the round that used most.",
        "",
        *_table(["path", "CPU µs a row", "rows a CPU s", "wall s", "peak GB", "money", "does less"], paths),
        "",
        *_table(["CPU against ours, round by round", "median", "min to max", "must", "aim"], ratios),
    ]


def memory_section(sizes: Sequence[MemoryUse]) -> list[str]:
    """Return peak memory, and CPU relative to that of decoding alone, at each size."""
    rows = [
        [
            f"{size.rows:,}",
            f"{size.fetch.peak / GIGA:.2f}",
            f"{size.load.peak / GIGA:.2f}",
            _micros(size.fetch.cpu, size.rows),
            _micros(size.load.cpu, size.rows),
            _micros(size.floor_cpu, size.rows) if size.floor_cpu else "missing",
            f"{size.floor_cpu / (size.fetch.cpu + size.load.cpu):.0%}" if size.floor_cpu else "missing",
        ]
        for size in sizes
    ]
    head = [
        "rows",
        "peak GB fetch",
        "peak GB load",
        "fetch µs a row",
        "load µs a row",
        "orjson.loads µs",
        "orjson / (fetch + load)",
    ]
    return [
        "Fetch and load as two processes, so start-up is counted twice; one run each.",
        f"Must: at most {PEAK[0]} GB at every size, and a share of {SHARE[0]:.0%} at 1M rows; aim: {PEAK[1]} GB,"
        f" {SHARE[1]:.0%}.",
        "",
        *_table(head, rows),
    ]


def day_section(rows: int, repeats: Sequence[Seconds]) -> list[str]:
    """Return the CPU of every step of one large day."""
    steps = [[step, *_spread([seconds[step] for seconds in repeats])] for step in repeats[0]]
    totals = [sum(cpu for step, cpu in seconds.items() if step != "published") for seconds in repeats]
    return [
        f"{rows:,} rows, in one process, {len(repeats)} times into an empty warehouse.",
        f"Must, from load to aggregates without publishing: {DAY_SECONDS[0]} s; aim: {DAY_SECONDS[1]} s.",
        "",
        *_table(["step", "CPU s", "min to max"], [*steps, ["**all but published**", *_spread(totals)]]),
    ]


def allocation_section(rows: int, rules: int, seconds: Seconds) -> list[str]:
    """Return the CPU of allocating one large day to teams."""
    return [
        f"`cost_by_team` of one day of {rows:,} rows by {rules:,} rules with one to three conditions, a fifth of them",
        f"with two lines that share. Must: {ALLOCATION_SECONDS} s.",
        "",
        *_table(["way", "CPU s"], [[way, f"{cpu:.2f}"] for way, cpu in seconds.items()]),
    ]


def insights_section(days: int, people: int, accounts: int, figures: Seconds) -> list[str]:
    """Return the CPU of projection, anomalies and budgets of a large company."""
    of_all = sum(value for name, value in figures.items() if name.endswith("all days"))
    return [
        f"{days:,} days with a cost row for each of {people:,} people, in {accounts} accounts; twenty budgets. Must: "
        f"{INSIGHT_SECONDS} s for all days of the three tables, here {of_all:.1f} s, and {INSIGHT_GIGABYTES} GB.",
        "",
        *_table(["table", "CPU s"], [[name, f"{value:.2f}"] for name, value in figures.items()]),
    ]


def history_section(rows_per_day: int, times: Sequence[HistoryTimes]) -> list[str]:
    """Return the CPU of one day as history grows, relative to the shortest history in order."""
    first = min(times, key=lambda time: (time.order != "in order", time.days))
    rows = [
        [time.order, str(time.days)]
        + [text for cpu, base in ((time.load, first.load), (time.new, first.new), (time.again, first.again))
           for text in (_median_and_range(cpu), f"{median(cpu) / median(base):.2f}×")]
        for time in times
    ]  # fmt: skip
    head = ["days arrive", "history", "load of a new day", "", "its derive", "", "derive of an old day", ""]
    return [
        f"{rows_per_day:,} rows per day; CPU seconds in one process. Derive is prices, cost and the tables that depend",
        f"on cost, in three transactions; × is relative to the first line. Must: {GROWTH[0]}×, aim {GROWTH[1]}×.",
        "",
        *_table(head, rows),
    ]


def onboarding_section(times: Mapping[Way, OnboardingTimes]) -> list[str]:
    """Return the times of onboarding in ranged runs and in one run per day."""
    ranged, daily = times["ranged"], times["daily"]
    factor = ranged.days / daily.days
    rows = [
        ["ranged runs", str(ranged.days), str(ranged.runs), f"{ranged.cpu:.1f}", f"{ranged.wall:.1f}"],
        ["one run per day, measured", str(daily.days), str(daily.runs), f"{daily.cpu:.1f}", f"{daily.wall:.1f}"],
        ["one run per day, extrapolated", str(ranged.days), f"{daily.runs * factor:.0f}",
         f"{daily.cpu * factor:.1f}", f"{daily.wall * factor:.1f}"],
    ]  # fmt: skip
    return [
        "The real assets on a new Dagster instance, runs in one process, the client's rate limits lifted.",
        f"One run per day is measured for {daily.days} days and extrapolated. A daemon also starts a",
        "process for each run, which is not counted.",
        "",
        *_table(["way", "days", "Dagster runs", "CPU s", "wall s"], rows),
        "",
        f"One run per day takes {daily.cpu * factor / ranged.cpu:.0f} times the CPU and"
        f" {daily.wall * factor / ranged.wall:.0f} times the wall time. Must: {TIMES_FASTER[0]:.0f} times,"
        f" aim {TIMES_FASTER[1]:.0f}.",
    ]


def accounts_section(times: AccountTimes) -> list[str]:
    """Return the times of fetching, deriving and publishing many accounts."""
    shape, sync = times.shape, times.sync
    rows = [
        [
            "`usage-assets sync`",
            f"{sync.wall:.0f}",
            f"{sync.cpu:.0f}",
            f"{sync.peak / GIGA:.2f}",
            *map(str, SYNC_SECONDS),
        ],
        ["daemon and sensors", f"{times.daemon_wall:.0f}", "", "", *map(str, DAEMON_SECONDS)],
    ]
    return [
        f"{shape.accounts} accounts × {shape.days} days, {shape.accounts * shape.days:,} windows of"
        f" {shape.page_rows} rows, fetched, derived and published, with the client's rate limits on,",
        f"which alone take {shape.accounts * shape.days // 50} s.",
        "",
        *_table(["way", "wall s", "CPU s", "peak GB", "must s", "aim s"], rows),
    ]


def partitions_section(pages: Sequence[PageTimes]) -> list[str]:
    """Return the times of the queries of the UI."""
    rows = [
        [
            f"{page.accounts} × {page.days}",
            *[f"{seconds:.2f}" for times in (page.page, page.header) for seconds in (times[0], median(times[1:]))],
            *(f"{seconds:g}" if seconds else "" for seconds in PAGE_SECONDS.get((page.accounts, page.days), (0, 0))),
        ]
        for page in pages
    ]
    return [
        "Seconds of the UI's own GraphQL queries, sent over HTTP to a webserver with every account and day of",
        "`raw_usage` materialized: those of the partition page, and the counts in the asset's header. The first query",
        "builds the status cache, as after the start of a webserver or after a new account.",
        "",
        *_table(["accounts × days", "page, first", "page, then", "counts, first", "counts, then", "must", "aim"], rows),
    ]


def projection_section(tested: BackTest) -> list[str]:
    """Return the error and the range of the projections, by scope and day of the month."""
    days = sorted({month.day for month in tested.months})
    rows = [_accuracy(scope, day, Accuracy.of(tested.of(scope, day))) for scope in SCOPES for day in days]
    return [
        f"Months of the sandboxes of seeds {', '.join(map(str, tested.seeds))}, projected from a day of the month,",
        "against what they came to. The error is the median of the absolute error.",
        f"A range must hold {HELD[0]:.0%} to {HELD[1]:.0%} of the months.",
        "",
        *_table(["scope", "from day", "months", "error", "must", "range holds", "half range"], rows),
    ]


def _accuracy(scope: str, day: int, accuracy: Accuracy) -> list[str]:
    must = PROJECTION_ERRORS.get(day) if scope in PROJECTION_SCOPES else None
    return [
        scope,
        str(day),
        f"{accuracy.months:,}",
        f"{accuracy.error:.1%}",
        f"{must:.0%}" if must else "",
        f"{accuracy.held:.0%}",
        f"{accuracy.half_range:.1%}",
    ]


def _path(outcome: Outcome, rows: int) -> list[str]:
    candidate = outcome.candidate
    if outcome.missing:
        return [candidate.name, f"missing: {outcome.missing} is not installed", "", "", "", "", ""]
    cpu, walls = outcome.cpu(), [usage.wall for usage in outcome.rounds]
    money = "" if candidate.is_floor else "exact" if outcome.is_exact else "**inexact**: equal to 6 decimals"
    return [
        candidate.name,
        _median_and_range([seconds / rows * MILLION for seconds in cpu], digits=1),
        f"{rows / median(cpu):,.0f}",
        _median_and_range(walls, digits=1),
        f"{max(usage.peak for usage in outcome.rounds) / GIGA:.2f}",
        money,
        candidate.does_less,
    ]


def _ratio(outcome: Outcome, ours: Outcome) -> list[str]:
    targets = {candidate: (must, aim) for candidate, must, aim in TARGETS}
    if outcome.missing:
        return [outcome.candidate.name, "missing", "", "", ""]
    ratios = outcome.ratios(ours)
    must, aim = targets.get(outcome.candidate, (None, None))
    targets_text = [f"{target:g}×" if target else "" for target in (must, aim)]
    return [outcome.candidate.name, f"{median(ratios):.2f}×", f"{min(ratios):.2f} to {max(ratios):.2f}", *targets_text]


def _micros(seconds: float, rows: int) -> str:
    return f"{seconds / rows * MILLION:.1f}"


def _spread(values: Sequence[float]) -> list[str]:
    return [f"{median(values):.2f}", f"{min(values):.2f} to {max(values):.2f}"]


def _median_and_range(values: Sequence[float], digits: int = 2) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]


def anomalies_section(groups: Mapping[str, Mapping[int, Score]]) -> list[str]:
    """Return the planted and the reported incidents of each seed, and how many of them agree."""
    return [line for name, scores in groups.items() for line in _anomalies_of(name, scores)]


def _anomalies_of(name: str, scores: Mapping[int, Score]) -> list[str]:
    total = Score()
    for score in scores.values():
        total.add(score)
    rows = [_score_row(str(seed), score) for seed, score in scores.items()]
    kinds = [
        [kind, str(planted), str(total.found[kind]), f"{total.found[kind] / planted:.0%}"]
        for kind, planted in sorted(total.planted.items())
    ]
    head = ["seed", "planted", "found", "reported", "right", "in the planted scope", "recall", "precision"]
    return [
        f"Seeds {name}:",
        "",
        *_table(head, [*rows, _score_row("all", total), ["must", "", "", "", "", "", *_limits()]]),
        "",
        *_table(["planted", "incidents", "found", "recall"], kinds),
        "",
    ]


def _score_row(name: str, score: Score) -> list[str]:
    counts = (score.planted.total(), score.found.total(), score.reported, score.right, score.in_scope)
    return [name, *map(str, counts), f"{score.recall:.2f}", f"{score.precision:.2f}"]


def _limits() -> list[str]:
    return [f"{RECALL:.2f}", f"{PRECISION:.2f}"]
