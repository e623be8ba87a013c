"""Join unusual days to incidents, and report each incident once, in the narrowest scope that explains it.

An incident that many users cause is one of the account; one that a single user causes is one of the user.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from usage_assets.insights.unusual_days import ACCOUNT, DROP, MODEL, SPIKE, SURFACE, TEAM, USER

NORMAL_DAYS = 3
"""An incident is over after so many complete days that are not unusual."""

EXPLAINS = 0.7
"""A part explains an incident if at least this share of the excess is its own."""

BELONGS = 0.5
"""A narrower incident belongs to a wider one if at least this share of its excess is on days of the wider one."""

FEWEST_DROP_DAYS = 2
"""A model or surface must be at nothing on so many days; a whole account on one."""

MOST_CAUSES = 3
NARROWER = {
    ACCOUNT: (USER, MODEL, SURFACE, TEAM),
    TEAM: (USER, MODEL, SURFACE),
    SURFACE: (USER, MODEL),
    MODEL: (USER,),
    USER: (),
}
WIDEST_FIRST = (ACCOUNT, TEAM, SURFACE, MODEL, USER)
NO_NAME = "(none)"
ID_LENGTH = 16

Series = tuple[str, str, str, str]
"""Account, provider, model, surface and user: the finest series that cost has."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one of the finest series contributes to an unusual day: its amount above what is expected."""

    provider: str
    model: str
    surface: str
    user_key: str
    excess: float

    @property
    def series(self) -> Series:
        """The series without its amount."""
        return (self.provider, self.model, self.surface, self.user_key)


@dataclass(frozen=True, slots=True)
class Part:
    """A series that the days of an incident have in common: an account, or a team, surface, model or user of it."""

    scope: str
    account_id: str
    provider: str
    key: str


@dataclass(frozen=True, slots=True)
class KnownDay:
    """An unusual day of a part, as the warehouse keeps it.

    Attributes:
        usage_date: The day.
        kind: `spike` or `drop`.
        part: The part.
        expected: The expected amount.
        actual: The amount.
        score: How many usual deviations lie between them.
        contributions: The series that contribute most.
        shares: The excess of the users, models and surfaces that contribute most.
    """

    usage_date: date
    kind: str
    part: Part
    expected: float
    actual: float
    score: float
    contributions: Sequence[Contribution] = ()
    shares: Sequence[tuple[Part, float]] = ()

    @property
    def excess(self) -> float:
        """The amount above what is expected; negative for a drop."""
        return self.actual - self.expected


@dataclass(frozen=True)
class Incident:
    """Unusual days of one part that follow each other.

    Attributes:
        kind: `spike` or `drop`.
        part: The part it is reported for.
        days: Its unusual days, in order.
    """

    kind: str
    part: Part
    days: Sequence[KnownDay]

    @property
    def anomaly_id(self) -> str:
        """Its id, which depends on kind, part and first day alone."""
        part = self.part
        names = (part.scope, part.account_id, part.provider, part.key, self.kind, self.first_day.isoformat())
        return hashlib.sha256("\0".join(names).encode()).hexdigest()[:ID_LENGTH]

    @property
    def first_day(self) -> date:
        """Its first unusual day."""
        return self.days[0].usage_date

    @property
    def last_day(self) -> date:
        """Its last unusual day."""
        return self.days[-1].usage_date

    @property
    def excess(self) -> float:
        """The amount above what is expected on its unusual days."""
        return sum(day.excess for day in self.days)

    @property
    def score(self) -> float:
        """The score of its most unusual day."""
        return max((day.score for day in self.days), key=abs)

    @property
    def causes(self) -> list[Contribution]:
        """The three series that contributed most, with their excess on all its days."""
        sums: defaultdict[Series, float] = defaultdict(float)
        for day in self.days:
            for contribution in day.contributions:
                sums[contribution.series] += contribution.excess
        sign = 1 if self.kind == SPIKE else -1
        most = sorted(sums.items(), key=lambda item: (-sign * item[1], item[0]))[:MOST_CAUSES]
        return [Contribution(*series, excess) for series, excess in most if sign * excess > 0]


def find_incidents(days: Iterable[KnownDay]) -> list[Incident]:
    """Return the incidents of unusual days, by first day and id."""
    by_account: defaultdict[tuple[str, str], list[KnownDay]] = defaultdict(list)
    for day in days:
        by_account[day.part.account_id, day.kind].append(day)
    found = [incident for of_account in by_account.values() for incident in _reported(_joined(of_account))]
    return sorted(found, key=lambda incident: (incident.first_day, incident.anomaly_id))


def _joined(days: Iterable[KnownDay]) -> list[Incident]:
    """Join the days of each part that follow each other."""
    by_part: defaultdict[Part, list[KnownDay]] = defaultdict(list)
    for day in days:
        by_part[day.part].append(day)
    return [incident for of_part in by_part.values() for incident in _followed(of_part)]


def _followed(days: list[KnownDay]) -> Iterator[Incident]:
    ordered = sorted(days, key=lambda day: day.usage_date)
    start = 0
    for number, day in enumerate(ordered, start=1):
        if number == len(ordered) or _is_over(day, ordered[number]):
            yield Incident(day.kind, day.part, ordered[start:number])
            start = number


def _is_over(day: KnownDay, following: KnownDay) -> bool:
    return following.usage_date - day.usage_date > timedelta(days=NORMAL_DAYS)


def _reported(incidents: list[Incident]) -> list[Incident]:
    """Return the incidents of one account and kind that are reported, each in one scope."""
    kept = {scope: [incident for incident in incidents if incident.part.scope == scope] for scope in WIDEST_FIRST}
    for scope in WIDEST_FIRST:
        for incident in list(kept[scope]):
            narrowed = _narrowed(incident)
            overlapping = [other for inner in NARROWER[scope] for other in kept[inner] if _overlap(incident, other)]
            if narrowed is not None:
                kept[scope].remove(incident)
                if not any(other.part == narrowed.part for other in overlapping):
                    kept[narrowed.part.scope].append(narrowed)
                continue
            if any(_is_of_team(incident, other) for other in overlapping):
                kept[scope].remove(incident)
                continue
            for other in overlapping:
                if _belongs(other, incident):
                    kept[other.part.scope].remove(other)
    return [incident for scope in WIDEST_FIRST for incident in kept[scope] if not _may_be_chance(incident)]


def _narrowed(incident: Incident) -> Incident | None:
    """Return the incident in the narrowest scope of which one part explains it, None if none does.

    A drop to nothing is reported where everything is gone.
    """
    if incident.kind == DROP:
        return None
    sums: defaultdict[Part, float] = defaultdict(float)
    for day in incident.days:
        for part, excess in day.shares:
            sums[part] += excess
    for scope in NARROWER[incident.part.scope]:
        for part, excess in sums.items():
            if part.scope == scope and part.key != NO_NAME and excess >= EXPLAINS * incident.excess:
                return replace(incident, part=part)
    return None


def _may_be_chance(incident: Incident) -> bool:
    """Return whether a part of an account was not used on one day, which happens without a reason."""
    return incident.kind == DROP and incident.part.scope != ACCOUNT and len(incident.days) < FEWEST_DROP_DAYS


def _is_of_team(incident: Incident, other: Incident) -> bool:
    """Return whether another incident is that of a team, and explains this one."""
    return other.part.scope == TEAM and _excess_on(other, incident) >= EXPLAINS * incident.excess > 0


def _overlap(one: Incident, other: Incident) -> bool:
    gap = timedelta(days=NORMAL_DAYS)
    return one.first_day <= other.last_day + gap and other.first_day <= one.last_day + gap


def _belongs(narrow: Incident, wide: Incident) -> bool:
    return abs(_excess_on(narrow, wide)) >= BELONGS * abs(narrow.excess)


def _excess_on(narrow: Incident, wide: Incident) -> float:
    """Return the excess of one incident on the days of another."""
    days = {day.usage_date for day in wide.days}
    return sum(day.excess for day in narrow.days if day.usage_date in days)
