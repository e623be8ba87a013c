"""Print the anomalies: lines for people, or one JSON document. Names in the data are shown on one line as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from usage_assets.acknowledgements import Acknowledgement
from usage_assets.landing.accounts import Account
from usage_assets.published import current_generation, files_of, published_currency
from usage_assets.shown_currency import USD, ShownCurrency
from usage_assets.warehouse.anomalies import ACKNOWLEDGED, OPEN
from usage_assets.warehouse.statements import execute

NO_NAME = "(none)"
ACCOUNT = "account"


@dataclass(frozen=True)
class Anomaly:
    """A row of `spend_anomalies`, with amounts in the shown currency."""

    anomaly_id: str
    scope: str
    scope_key: str
    account_id: str
    provider: str
    kind: str
    first_day: date
    last_day: date
    currency: str
    expected: Decimal
    actual: Decimal
    excess: Decimal
    score: float
    causes: list[dict[str, Any]]
    status: str
    acknowledged_at: datetime | None
    note: str | None


def read_anomalies(
    published: Path, acknowledgements: Mapping[str, Acknowledgement], currency: str = USD
) -> list[Anomaly]:
    """Return the published anomalies, newest first, with what people acknowledged since.

    Args:
        published: The folder of published generations.
        acknowledgements: What people acknowledged, by anomaly id.
        currency: The currency to show amounts in, at the rate of the first day; without a rate they are in USD.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    generation = current_generation(published)
    files = [str(file) for file in files_of(generation, "spend_anomalies")]
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = execute(connection, "published/anomalies", files=files).fetchall()
    shown = published_currency(generation, currency)
    return [_in_currency(_acknowledged(Anomaly(*row), acknowledgements), shown) for row in rows]


def _acknowledged(anomaly: Anomaly, acknowledgements: Mapping[str, Acknowledgement]) -> Anomaly:
    found = acknowledgements.get(anomaly.anomaly_id)
    if found is None:
        return anomaly
    changed = {"status": ACKNOWLEDGED, "acknowledged_at": found.acknowledged_at, "note": found.note}
    return Anomaly(**{**asdict(anomaly), **changed})


def _in_currency(anomaly: Anomaly, shown: ShownCurrency) -> Anomaly:
    rate = shown.at(anomaly.first_day)
    return replace(
        anomaly,
        currency=rate.currency,
        expected=rate.of(anomaly.expected),
        actual=rate.of(anomaly.actual),
        excess=rate.of(anomaly.excess),
        causes=[{**cause, "excess": rate.of(cause["excess"])} for cause in anomaly.causes],
    )


def anomaly_lines(anomalies: Iterable[Anomaly], accounts: Iterable[Account], *, is_all: bool) -> Iterator[str]:
    """Yield the lines for people: of open anomalies, or of all."""
    names = {account.account_id: account.name_and_id for account in accounts}
    listed = list(anomalies)
    for anomaly in listed:
        if is_all or anomaly.status == OPEN:
            yield from _lines_of(anomaly, names.get(anomaly.account_id, anomaly.account_id))
    is_open = sum(anomaly.status == OPEN for anomaly in listed)
    others = "" if is_all else "; --all lists the resolved and acknowledged ones too"
    yield f"Anomalies: {is_open} open, {len(listed)} in all{others}."


def anomalies_json(anomalies: Iterable[Anomaly], *, is_all: bool) -> str:
    """Return one JSON document: the open anomalies, or all; decimals as strings, times in UTC."""
    shown = [asdict(anomaly) for anomaly in anomalies if is_all or anomaly.status == OPEN]
    return json.dumps(shown, default=_plain, indent=2)


def _lines_of(anomaly: Anomaly, account: str) -> Iterator[str]:
    days = (
        f"{anomaly.first_day}"
        if anomaly.first_day == anomaly.last_day
        else (f"{anomaly.first_day} to {anomaly.last_day}")
    )
    part = "" if anomaly.scope == ACCOUNT else f"{anomaly.scope} {anomaly.scope_key} in "
    yield (
        f"{anomaly.anomaly_id} {anomaly.status} {anomaly.kind}, {days}: {part}{account} cost "
        f"{_money(anomaly.actual)} {anomaly.currency}, {_money(anomaly.expected)} expected"
    )
    for cause in anomaly.causes:
        names = [cause[name] for name in ("provider", "model", "surface", "user_key") if cause[name] != NO_NAME]
        yield f"    {_signed(cause['excess'])} {anomaly.currency} {' · '.join(names)}"
    if anomaly.acknowledged_at is not None:
        yield f"    acknowledged {anomaly.acknowledged_at:%Y-%m-%d %H:%M} UTC: {anomaly.note}"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _signed(amount: Decimal) -> str:
    return f"{amount:+,.2f}"


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)
