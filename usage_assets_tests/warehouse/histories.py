"""Make histories of answers for the property tests: their order, their repetition and their changes.

`ExpectedHistory` keeps what the tables must show after each step; it reads no table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any, TypeAlias, TypeVar

from hypothesis import strategies as st

from usage_assets.integrations.windows import Window, elapsed_days, is_final
from usage_assets.pricing.rates import ExchangeRates, Rate
from usage_assets_tests.warehouse.companies import PROFILES, land, large_company
from usage_assets_tests.warehouse.company_rows import rows_of
from usage_assets_tests.warehouse.oracle import Answer
from usage_assets_tests.warehouse.oracle_money import decimal, in_pico
from usage_assets_tests.warehouse.properties import READINGS, PipelineInMemory, expected_lines

WindowName: TypeAlias = tuple[str, date, date]
Figures: TypeAlias = dict[str, tuple[int, Decimal | None]]
Parts: TypeAlias = Callable[[Sequence[Answer], Random], Iterator[list[Answer]]]
Step: TypeAlias = Callable[[PipelineInMemory], object]
Item = TypeVar("Item")

SEEDS = st.integers(0, 2**32 - 1)
NOTHING: tuple[int, None] = (0, None)


def seeds_of(companies: int) -> st.SearchStrategy[list[int]]:
    """Return seeds for `companies` companies, all different."""
    return st.lists(SEEDS, min_size=companies, max_size=companies, unique=True)


def answers_of(seeds: Sequence[int], rows: int) -> list[Answer]:
    """Return the answers of a company of each seed with about `rows` rows; account ids start with its number."""
    return [
        replace(answer, account_id=f"{number}-{answer.account_id}")
        for number, seed in enumerate(seeds)
        for answer in large_company(seed, rows).answers
    ]


class KilledError(Exception):
    """A run was killed half way."""


class KillingRates(ExchangeRates):
    """Rates that kill the run when it looks up a rate: after loading and pricing, before `cost` is written."""

    def rate(self, currency: str, day: date) -> Rate | None:
        raise KilledError(currency)


def killed(pipeline: PipelineInMemory) -> None:
    """Run the pipeline and kill it while it derives: its transaction is rolled back."""
    with suppress(KilledError):
        replace(pipeline, rates=KillingRates()).run()


def published(pipeline: PipelineInMemory) -> None:
    """Run the pipeline and publish; the published windows are no longer pending."""
    pipeline.run()
    pipeline.publish()


STEPS: tuple[Step, ...] = (PipelineInMemory.run, PipelineInMemory.load, PipelineInMemory.derive, killed, published)


def in_parts(items: Sequence[Item], parts: int, rng: Random) -> Iterator[list[Item]]:
    """Yield all `items` in random order, in `parts` parts of random size."""
    shuffled = rng.sample(items, len(items))
    cuts = [0, *sorted(rng.randrange(len(items) + 1) for _ in range(parts - 1)), len(items)]
    for first, beyond in pairwise(cuts):
        yield shuffled[first:beyond]


def at_random(answers: Sequence[Answer], rng: Random) -> Iterator[list[Answer]]:
    """Yield all answers in random order, a third of them more than once, in four parts."""
    return in_parts([*answers, *rng.choices(answers, k=len(answers) // 3)], 4, rng)


def day_by_day(answers: Sequence[Answer], rng: Random) -> Iterator[list[Answer]]:
    """Yield the answers day by day, so that a late change of an earlier day arrives alone."""
    for day in sorted({answer.window_start for answer in answers}):
        of_day = [answer for answer in answers if answer.window_start == day]
        yield rng.sample(of_day, len(of_day))


def wander(pipeline: PipelineInMemory, parts: Iterable[list[Answer]], rng: Random) -> Iterator[None]:
    """Land the answers part by part, take a random step after each part, and run the pipeline at the end."""
    for part in parts:
        for answer in part:
            land(pipeline, at_another_hour(answer, rng))
        rng.choice(STEPS)(pipeline)
        yield
    pipeline.run()
    yield


def of_some_vendors(answers: Iterable[Answer], rng: Random) -> list[Answer]:
    """Return the answers of three integrations, because every further integration makes every step slower."""
    chosen = rng.sample(sorted(READINGS), 3)
    return [answer for answer in answers if answer.integration in chosen]


def at_another_hour(answer: Answer, rng: Random) -> Answer:
    """Return the same answer, fetched at another hour of the same day, also in the zones of the rows."""
    return replace(answer, fetched_at=answer.fetched_at.replace(hour=rng.randint(5, 21)))


def restated(answer: Answer, rng: Random) -> Answer:
    """Return a later answer for the same window: rows changed, removed and new, or the same."""
    profile = PROFILES.of(answer.integration)
    window = answer.window_start, answer.window_end
    fetched_at = answer.fetched_at + timedelta(days=rng.choice((0, 1, 2, 10, 40)), minutes=1)
    rows: list[Any] = []
    for row in answer.rows if rng.random() < 0.9 else []:
        fate = rng.random()
        if fate < 0.3 and isinstance(row, dict):
            rows += rows_of(str(row.get("id")), window, profile.amount_divisor, rng)
        elif fate < 0.8:
            rows.append(row)
    if rng.random() < 0.3:
        rows += rows_of(f"late-{rng.getrandbits(32)}", window, profile.amount_divisor, rng)
    final = is_final(Window(*window), profile, fetched_at)
    return replace(answer, rows=rows, fetched_at=fetched_at, is_final=final)


@dataclass
class ExpectedHistory:
    """The answers that are landed, loaded and derived, and every expected restatement."""

    landed: dict[WindowName, Answer] = field(default_factory=dict)
    loaded: dict[WindowName, Answer] = field(default_factory=dict)
    derived: dict[WindowName, Answer] = field(default_factory=dict)
    replaced: list[Answer] = field(default_factory=list)
    restatements: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    @property
    def active(self) -> list[Answer]:
        """The loaded answers."""
        return list(self.loaded.values())

    def land(self, answers: Iterable[Answer], pipeline: PipelineInMemory) -> None:
        """Land these answers."""
        for answer in answers:
            land(pipeline, answer)
            self.landed[_name(answer)] = answer

    def load(self) -> None:
        """Load every answer whose content, finality or elapsed days differ from the loaded answer."""
        for name, answer in self.landed.items():
            before = self.loaded.get(name)
            if before is None or _state(before) != _state(answer):
                self.replaced += [before] if before else []
                self.loaded[name] = answer

    def run(self) -> None:
        """Load and derive; a changed figure of a window is a restatement."""
        self.load()
        for name, answer in self.loaded.items():
            before = self.derived.get(name)
            if before is not None and before is not answer:
                self.restatements += Counter(_restatements(name, figures_of(before), figures_of(answer)))
        self.derived = dict(self.loaded)


def figures_of(answer: Answer) -> Figures:
    """Return the rows and the cost of one window by currency, by the oracle."""
    figures: Figures = {}
    for line in expected_lines([answer]):
        rows, cost = figures.get(line.currency, NOTHING)
        known = [in_pico(part) for part in (cost, line.cost) if part is not None]
        figures[line.currency] = rows + line.is_first_day, decimal(sum(known)) if known else None
    return figures


def _restatements(name: WindowName, before: Figures, after: Figures) -> Iterator[tuple[Any, ...]]:
    for currency in {*before, *after}:
        (rows_before, cost_before), (rows_after, cost_after) = (
            before.get(currency, NOTHING),
            after.get(currency, NOTHING),
        )
        if (rows_before, cost_before) != (rows_after, cost_after):
            yield (*name, currency, rows_before, rows_after, cost_before, cost_after)


def _state(answer: Answer) -> tuple[Any, ...]:
    elapsed = elapsed_days(Window(answer.window_start, answer.window_end), answer.fetched_at)
    return answer.rows, answer.is_final, elapsed


def _name(answer: Answer) -> WindowName:
    return answer.account_id, answer.window_start, answer.window_end
