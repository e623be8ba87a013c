"""Make special rows and responses for the property tests: long rows, rows at a window's edge, months and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import trunc
from random import Random
from typing import Any

from hypothesis import strategies as st

from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import ONE_DAY, Window, days_between, is_final, window_of
from usage_assets_tests.warehouse.companies import PROFILES, SHIPPED, land, reading_of
from usage_assets_tests.warehouse.company_rows import rows_of
from usage_assets_tests.warehouse.histories import in_parts
from usage_assets_tests.warehouse.oracle import Answer
from usage_assets_tests.warehouse.pipeline import charge, row
from usage_assets_tests.warehouse.properties import PipelineInMemory

JUNE = date(2026, 6, 1)
JUNE_DAYS = 30
AFTER = datetime(2026, 9, 1, 6, tzinfo=UTC)


def june(day: int) -> date:
    """Return that day of June."""
    return date(2026, 6, day)


def on_june(day: int) -> datetime:
    """Return the morning of that day of June."""
    return datetime.combine(june(day), time(6), UTC)


@dataclass(frozen=True)
class LongRow:
    """A row of several days; `amount` and `tax` in units of 1e-12."""

    first: date
    length: int
    amount: int
    tax: int
    count: int

    def as_row(self, row_id: str) -> dict[str, Any]:
        """Return the row of the API."""
        span = {"start_date": f"{self.first}T00:00:00Z", "end_date": f"{self.first + ONE_DAY * self.length}T00:00:00Z"}
        usage = {"tokens": {"output": self.count}, "requests": {"total": -self.count}}
        charges = charge("total", f"{_money(self.amount):f}"), charge("tax", f"{_money(self.tax):f}")
        return row(row_id, *charges, usage=usage, **span)

    @property
    def days(self) -> list[tuple[Any, ...]]:
        """Day, cost, tax, output tokens and requests of each day."""
        parts = [self._parts(whole) for whole in (self.amount, self.tax, self.count, -self.count)]
        return [
            (self.first + ONE_DAY * i, _money(amount), _money(tax), output, requests)
            for i, (amount, tax, output, requests) in enumerate(zip(*parts, strict=True))
        ]

    def _parts(self, whole: int) -> list[int]:
        part = trunc(Fraction(whole, self.length))
        return [part] * (self.length - 1) + [whole - part * (self.length - 1)]


AMOUNTS = st.integers(1 - 10**34, 10**34 - 1)
LONG_ROWS = st.builds(
    LongRow, st.integers(1, JUNE_DAYS).map(june), st.integers(2, 62), AMOUNTS, AMOUNTS, st.integers(0, 10**15 - 1)
)

# Each account has the id of its integration, whose windows are days or months.
EDGED_WINDOWS = [
    *(("confluent", june(day)) for day in range(8, 12)),
    *(("datadog", date(2026, month, 1)) for month in (5, 6, 7)),
]
INSTANT, BLINK, MOMENT = timedelta(0), timedelta(microseconds=1), timedelta(milliseconds=1)


@dataclass(frozen=True)
class EdgeRow:
    """A row of one moment near the start or the end of its window."""

    window: tuple[str, date]
    distance: timedelta
    from_end: bool

    @property
    def account(self) -> str:
        """The account of the row."""
        return self.window[0]

    @property
    def at(self) -> datetime:
        """The start of the row, inside its window."""
        account, day = self.window
        window = window_of(day, PROFILES.of(account))
        if self.from_end:
            return datetime.combine(window.end, time(), UTC) - max(self.distance, BLINK)
        return datetime.combine(window.start, time(), UTC) + self.distance

    @property
    def day(self) -> date:
        """The day of the row."""
        return self.at.date()

    def is_seen_by(self, day: date, rng: Random) -> bool:
        """Return whether the row is in the answer for `day`: always in that of its window, at random in others."""
        return self.window[1] == day or rng.random() < 0.5

    def as_row(self, row_id: str, rng: Random) -> dict[str, Any]:
        """Return the row of the API, its start in a random time zone."""
        zone = rng.choice((UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=5))))
        text = self.at.replace(tzinfo=zone).isoformat()  # its day is the vendor's own
        return row(row_id, charge("net", "1"), start_date=text, end_date=text)


EDGE_ROWS = st.builds(
    EdgeRow,
    st.sampled_from(EDGED_WINDOWS),
    st.sampled_from((INSTANT, BLINK, MOMENT, timedelta(seconds=1), timedelta(hours=5))),
    st.booleans(),
)

_TURNING = {"vendor": "turning", "lag": 3}
MONTHLY = Profiles({**SHIPPED, "turning": {**_TURNING, "window": "month", "restated_until": 17}})
DAILY = Profiles({**SHIPPED, "turning": {**_TURNING, "window": "day"}})
TURNING = {"turning": reading_of(DAILY.of("turning"))}


class Turn:
    """An account that is fetched as a month on some day of June, then day by day, then as a month again."""

    def __init__(self, account_id: str, rng: Random) -> None:
        self.account_id = account_id
        self.elapsed = rng.randint(1, JUNE_DAYS)
        self.month = self._answer(MONTHLY, JUNE, on_june(self.elapsed), rng)
        self.later_month = self._answer(MONTHLY, JUNE, AFTER, rng)
        self.days: list[Answer] = []
        last = rng.randint(self.elapsed, JUNE_DAYS)
        answers = [self._answer(DAILY, day, AFTER, rng) for day in days_between(JUNE, june(last))]
        self._later_days = in_parts(answers, 3, rng)

    @property
    def active(self) -> list[Answer]:
        """The active answers: the days, once they cover what the month covered when it was fetched."""
        landed = {answer.window_start for answer in self.days}
        held = days_between(JUNE, june(self.elapsed))
        return self.days if landed.issuperset(held) else [self.month]

    def land_some_days(self, pipeline: PipelineInMemory) -> None:
        """Land some more days, in random order."""
        for answer in next(self._later_days):
            land(pipeline, answer)
            self.days.append(answer)

    def _answer(self, profiles: Profiles, day: date, fetched_at: datetime, rng: Random) -> Answer:
        profile = profiles.of("turning")
        window = window_of(day, profile)
        final = is_final(window, profile, fetched_at)
        rows = [made for number in range(rng.randint(0, 3)) for made in self._rows(f"{window}-{number}", window, rng)]
        return Answer(
            account_id=self.account_id,
            integration="turning",
            report="default",
            window_start=window.start,
            window_end=window.end,
            fetched_at=fetched_at,
            is_final=final,
            rows=rows,
        )

    def _rows(self, row_id: str, window: Window, rng: Random) -> list[Any]:
        """Return rows without people, because people observed in the month are remembered after its days replace it."""
        made = rows_of(row_id, (window.start, window.end), 1, rng)
        return [{**given, "user": None} if isinstance(given, dict) else given for given in made]


def _money(units: int) -> Decimal:
    return Decimal(f"{units}e-12")
