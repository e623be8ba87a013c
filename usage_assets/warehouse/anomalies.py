"""Derive the table `spend_anomalies`: find unusual days where cost changed, and join all unusual days to incidents.

Unusual days are kept in the file. So a normal morning judges only the days that depend on what changed, and the
incidents of all other days stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

import duckdb
import numpy as np

from usage_assets.acknowledgements import Acknowledgement
from usage_assets.insights.baselines import REACH_DAYS
from usage_assets.insights.incidents import (
    NORMAL_DAYS,
    Contribution,
    Incident,
    KnownDay,
    Part,
    find_incidents,
)
from usage_assets.insights.unusual_days import UnusualDay, find_unusual_days
from usage_assets.warehouse.judged_spend import (
    FEE_DAYS,
    CompleteDays,
    DaySpan,
    LeftOut,
    create_complete_days,
    create_left_out,
    read_judged_spend,
)
from usage_assets.warehouse.stale_days import claim_stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import SPEND_ANOMALIES
from usage_assets.warehouse.temp_tables import create_temp_table

OPEN, RESOLVED, ACKNOWLEDGED = "open", "resolved", "acknowledged"
AFFECTED_DAYS = FEE_DAYS + 2 * REACH_DAYS
"""A changed day decides about the fees of the 90 days after it, these about quiet days, and these about other days."""

CENT = Decimal("0.01")
UNUSUAL_COLUMNS = (
    "usage_date",
    "kind",
    "scope",
    "account_id",
    "provider",
    "scope_key",
    "expected",
    "actual",
    "score",
    "compared",
)
ANOMALY_COLUMNS = (
    "anomaly_id",
    "scope",
    "scope_key",
    "account_id",
    "provider",
    "kind",
    "first_day",
    "last_day",
    "expected",
    "actual",
    "score",
    "status",
    "acknowledged_at",
    "note",
)
CAUSE_COLUMNS = ("anomaly_id", "rank", "account_id", "provider", "model", "surface", "user_key", "excess")


@dataclass(frozen=True)
class NewUnusualDays(TempTable):
    """The unusual days that a step found. Key: usage_date, kind, scope, account_id, provider, scope_key."""

    name: ClassVar[str] = "new_unusual_days"


@dataclass(frozen=True)
class ExcessOfSeries(TempTable):
    """The finest series of these days. Key: that of the unusual day, provider, model, surface, user_key."""

    name: ClassVar[str] = "excess_of_series"


@dataclass(frozen=True)
class NewAnomalies(TempTable):
    """The incidents as they are now. Key: anomaly_id."""

    name: ClassVar[str] = "new_anomalies"


@dataclass(frozen=True)
class NewCauses(TempTable):
    """The causes of the incidents. Key: anomaly_id, rank."""

    name: ClassVar[str] = "new_causes"


def derive_anomalies(
    connection: duckdb.DuckDBPyConnection,
    days: Iterable[date],
    acknowledgements: Mapping[str, Acknowledgement],
) -> None:
    """Write `spend_anomalies`: judge the days that depend on `days`, on stale days and on days that became complete.

    Args:
        connection: A connection inside a transaction, after the aggregates and coverage.
        days: The days of the run.
        acknowledgements: What people acknowledged, by anomaly id.
    """
    claimed = claim_stale_days(connection, SPEND_ANOMALIES, days)
    complete_days = create_complete_days(connection)
    newly = {day for (day,) in execute(connection, "anomalies/changed_days", complete_days).fetchall()}
    changed = claimed.days | newly
    if changed:
        judged = DaySpan(min(changed), max(changed) + timedelta(days=AFFECTED_DAYS))
        _write_unusual_days(connection, judged, complete_days)
        execute(connection, "anomalies/delete_judged_days")
        execute(connection, "anomalies/insert_judged_days", complete_days)
    _write_incidents(connection, complete_days, acknowledgements)


def has_anomaly(connection: duckdb.DuckDBPyConnection, anomaly_id: str) -> bool:
    """Return whether `spend_anomalies` holds this id."""
    return bool(execute(connection, "anomalies/any_with_id", anomaly_id=anomaly_id).fetchall())


def write_acknowledgements(
    connection: duckdb.DuckDBPyConnection, acknowledgements: Mapping[str, Acknowledgement]
) -> None:
    """Write the states of the incidents anew, with what people acknowledged."""
    _write_incidents(connection, create_complete_days(connection), acknowledgements)


def _write_unusual_days(connection: duckdb.DuckDBPyConnection, judged: DaySpan, complete_days: CompleteDays) -> None:
    span = DaySpan(judged.first_day - timedelta(days=2 * REACH_DAYS), _last_day(connection, judged, complete_days))
    execute(connection, "anomalies/delete_unusual_days", first_day=judged.first_day, last_day=judged.last_day)
    if span.last_day < judged.first_day:
        return
    left_out = create_left_out(connection, span)
    is_wanted = np.arange(len(span)) >= (judged.first_day - span.first_day).days
    found = find_unusual_days(read_judged_spend(connection, span, complete_days, left_out), is_wanted)
    new = create_temp_table(
        connection, NewUnusualDays(), UNUSUAL_COLUMNS, [_unusual_row(day, span.first_day) for day in found]
    )
    _insert_unusual_days(connection, new, left_out)


def _last_day(connection: duckdb.DuckDBPyConnection, judged: DaySpan, complete_days: CompleteDays) -> date:
    """Return the last of the judged days that is complete for any account; an early day if there is none."""
    [(last,)] = execute(connection, "anomalies/last_day", complete_days).fetchall()
    return min(judged.last_day, last or date.min)


def _insert_unusual_days(connection: duckdb.DuckDBPyConnection, new: NewUnusualDays, left_out: LeftOut) -> None:
    execute(connection, "anomalies/excess_of_series", new, left_out)
    execute(connection, "anomalies/insert_unusual_days", new, ExcessOfSeries())


def _unusual_row(day: UnusualDay, first_day: date) -> tuple[object, ...]:
    return (
        first_day + timedelta(days=day.day),
        day.kind,
        day.scope,
        day.account_id,
        day.provider,
        day.scope_key,
        day.expected,
        day.actual,
        day.score,
        [first_day + timedelta(days=number) for number in day.compared],
    )


def _write_incidents(
    connection: duckdb.DuckDBPyConnection,
    complete_days: CompleteDays,
    acknowledgements: Mapping[str, Acknowledgement],
) -> None:
    incidents = find_incidents(_known_days(connection))
    last_days = dict(execute(connection, "anomalies/last_complete_days", complete_days).fetchall())
    rows = [
        _anomaly_row(incident, last_days.get(incident.part.account_id, []), acknowledgements) for incident in incidents
    ]
    anomalies = create_temp_table(connection, NewAnomalies(), ANOMALY_COLUMNS, rows)
    causes = create_temp_table(
        connection, NewCauses(), CAUSE_COLUMNS, [row for incident in incidents for row in _cause_rows(incident)]
    )
    execute(connection, "anomalies/delete")
    execute(connection, "anomalies/insert", anomalies, causes)


def _known_days(connection: duckdb.DuckDBPyConnection) -> list[KnownDay]:
    rows = execute(connection, "anomalies/unusual_days").fetchall()
    return [
        KnownDay(
            usage_date=usage_date,
            kind=kind,
            part=Part(scope, account_id, provider, key),
            expected=expected,
            actual=actual,
            score=score,
            contributions=[Contribution(**contribution) for contribution in contributions],
            shares=[
                (Part(share["scope"], account_id, share["provider"], share["key"]), share["excess"]) for share in shares
            ],
        )
        for usage_date, kind, scope, account_id, provider, key, expected, actual, score, contributions, shares in rows
    ]


def _anomaly_row(
    incident: Incident, last_days: Sequence[date], acknowledgements: Mapping[str, Acknowledgement]
) -> tuple[object, ...]:
    part, acknowledged = incident.part, acknowledgements.get(incident.anomaly_id)
    return (
        incident.anomaly_id,
        part.scope,
        part.key,
        part.account_id,
        part.provider,
        incident.kind,
        incident.first_day,
        incident.last_day,
        _cents(sum(day.expected for day in incident.days)),
        _cents(sum(day.actual for day in incident.days)),
        incident.score,
        ACKNOWLEDGED if acknowledged else status_of(incident.last_day, last_days),
        _without_offset(acknowledged.acknowledged_at) if acknowledged else None,
        acknowledged.note if acknowledged else None,
    )


def status_of(last_day: date, last_complete_days: Sequence[date]) -> str:
    """Return whether an incident is over: three complete days of its account follow its last day.

    Args:
        last_day: The last unusual day of the incident.
        last_complete_days: The last three complete days of its account, or fewer.
    """
    following = [day for day in last_complete_days if day > last_day]
    return RESOLVED if len(following) >= NORMAL_DAYS else OPEN


def _cause_rows(incident: Incident) -> list[tuple[object, ...]]:
    return [
        (
            incident.anomaly_id,
            rank,
            incident.part.account_id,
            cause.provider,
            cause.model,
            cause.surface,
            cause.user_key,
            _cents(cause.excess),
        )
        for rank, cause in enumerate(incident.causes, start=1)
    ]


def _cents(amount: float) -> Decimal:
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def _without_offset(moment: datetime) -> datetime:
    # Times are UTC and have no offset in the warehouse.
    return moment.replace(tzinfo=None)
