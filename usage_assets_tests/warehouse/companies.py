"""Make random companies for hypothesis: accounts of every kind of integration, with the responses of the API.

`companies()` draws one seed per row, so a failing company shrinks by rows and the other rows stay the same.
`company(season, seeds)` makes the same company without hypothesis. `company_rows` makes the rows. To load a company:
`pipeline = Pipeline(folder, PROFILES)`, then `land(pipeline, answer)` for each of its answers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib import resources
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import Window, is_final, window_of
from usage_assets_tests.warehouse.company_rows import rows_of
from usage_assets_tests.warehouse.oracle import Answer, Reading
from usage_assets_tests.warehouse.oracle_rows import ContextReading

if TYPE_CHECKING:
    from usage_assets_tests.warehouse.pipeline import Pipeline

VARIANTS: dict[str, dict[str, Any]] = {
    "gross": {"vendor": "gross", "leading_charge": "total"},
    "cents": {"vendor": "cents", "amount_divisor": 100, "currency": "EUR"},
    "mills": {"vendor": "mills", "amount_divisor": 1000, "currency": "usd", "window": "month", "restated_until": 5},
    "split": {"vendor": "split", "bills_by": "charges", "input_includes": ["cache_read"]},
    "dated": {
        "vendor": "dated",
        "row_end": "inclusive",
        "input_includes": ["cache_read"],
        "reduction_sign": "negative",
    },
}
SHIPPED = tomllib.loads(resources.files("usage_assets.integrations").joinpath("profiles.toml").read_text("utf-8"))
PROFILES = Profiles({**SHIPPED, **VARIANTS})
ACCOUNTS = {
    "acme-claude": "claude",
    "acme-codex": "openai_codex",
    "acme-cursor": "cursor",
    "bolt-cursor": "cursor",
    "acme-confluent": "confluent",
    "bolt-datadog": "datadog",
    "bolt-nimbus": "nimbus",
    **{f"acme-{name}": name for name in VARIANTS},
}
CENTS = 100
DAYS = tuple(date(2026, 6, 8) + timedelta(days=i) for i in range(4))


@dataclass(frozen=True)
class Company:
    """The answers of the API for all accounts, and how each integration is read."""

    answers: list[Answer]

    @property
    def readings(self) -> dict[str, Reading]:
        """The settings of each integration, as the oracle takes them."""
        return {answer.integration: reading_of(PROFILES.of(answer.integration)) for answer in self.answers}


def companies(*, max_rows: int = 30) -> st.SearchStrategy[Company]:
    """Return companies with at most about `max_rows` rows; the smallest has one account and one row."""
    seeds = st.lists(st.integers(0, 2**32 - 1), max_size=max_rows)
    return st.builds(company, st.integers(0, 999), seeds)


def company(season: int, seeds: Iterable[int]) -> Company:
    """Return the company whose rows come from `seeds`, one or more of each; `season` decides when it was fetched."""
    rows: dict[tuple[str, Window], list[Any]] = {key: [] for key in _empty_windows(season)}
    for seed in seeds:
        rng = Random(seed)
        account = rng.choice(list(ACCOUNTS))
        profile = PROFILES.of(ACCOUNTS[account])
        window = window_of(rng.choice(DAYS), profile)
        made = rows_of(f"row-{seed}", (window.start, window.end), profile.amount_divisor, rng)
        rows.setdefault((account, window), []).extend(made)
    return Company([_answer(account, window, given, season) for (account, window), given in rows.items()])


def large_company(seed: int, rows: int) -> Company:
    """Return a company of about `rows` rows, without hypothesis."""
    rng = Random(seed)
    return company(seed, [rng.getrandbits(32) for _ in range(rows)])


def reading_of(profile: Profile) -> Reading:
    """Return the settings of `profile` that the oracle needs."""
    other = {"net": "total", "total": "net"}[profile.leading_charge]
    return Reading(
        vendor=profile.vendor or profile.name,
        currency=profile.currency,
        row_end_inclusive=profile.row_end == "inclusive",
        leading=(profile.leading_charge, other),
        amount_divisor=profile.amount_divisor,
        minor_units=profile.amount_unit == "minor" or profile.amount_divisor == CENTS,
        reduction_sign=profile.reduction_sign,
        bills_by=profile.bills_by,
        meters={name: _sources(given) for name, given in profile.meters.items()},
        includes={
            "input": tuple(profile.input_includes),
            "cache_read": tuple(profile.cache_read_includes),
            "cache_write": tuple(profile.cache_write_includes),
            "output": tuple(profile.output_includes),
        },
        list_models=tuple(profile.list_models),
        context=_context(profile),
    )


def _sources(given: Any) -> tuple[tuple[str, ...], ...]:
    listed = given if isinstance(given, list) else [given]
    return tuple((source,) if isinstance(source, str) else tuple(source.sum) for source in listed)


def _context(profile: Profile) -> ContextReading:
    factors = profile.factor if isinstance(profile.factor, list) else [profile.factor]
    plan = profile.covered_when
    return ContextReading(
        values={name: (_listed(rule.path), rule.values) for name, rule in profile.context.items()},
        factors=tuple(
            (_listed(rule.path), rule.values, rule.prefixes, rule.start, tuple(rule.except_models)) for rule in factors
        ),
        covered=(_listed(plan.path), tuple(plan.values)) if plan else ((), ()),
    )


def _listed(path: str | list[str]) -> tuple[str, ...]:
    return (path,) if isinstance(path, str) else tuple(path)


def wire(row: Any) -> str:
    """Return `row` as the API writes it, every decimal to its last digit."""
    return msgspec.json.encode(_exact(row)).decode()


def land(pipeline: Pipeline, answer: Answer) -> bool:
    """Land `answer` in a `pipeline` that has the profiles `PROFILES`."""
    return pipeline.land(
        [wire(row) for row in answer.rows],
        day=answer.window_start,
        account=answer.account_id,
        integration=answer.integration,
        fetched_at=answer.fetched_at,
    )


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return msgspec.Raw(str(value).encode())
    if isinstance(value, dict):
        return {name: _exact(member) for name, member in value.items()}
    return [_exact(member) for member in value] if isinstance(value, list) else value


def _empty_windows(season: int) -> list[tuple[str, Window]]:
    """Return the windows with an answer without rows; none in season 0."""
    rng = Random(season)
    chosen = [account for account in ACCOUNTS if season and rng.random() < 0.1]
    return [(account, window_of(rng.choice(DAYS), PROFILES.of(ACCOUNTS[account]))) for account in chosen]


def _answer(account: str, window: Window, rows: list[Any], season: int) -> Answer:
    profile = PROFILES.of(ACCOUNTS[account])
    fetched_at = _fetched_at(window, Random(f"{season} {account} {window}"))
    return Answer(
        account_id=account,
        integration=profile.name,
        report="default",
        window_start=window.start,
        window_end=window.end,
        fetched_at=fetched_at,
        is_final=is_final(window, profile, fetched_at),
        rows=rows,
    )


def _fetched_at(window: Window, rng: Random) -> datetime:
    """Return a time from within the window to long after it; never midnight."""
    after = rng.choice((rng.randrange(len(window.days)), len(window.days), len(window.days) + 3, 40, 70))
    return datetime.combine(window.start + timedelta(days=after), time(6, rng.randrange(60)), UTC)
