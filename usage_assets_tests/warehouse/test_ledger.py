"""From the API to `cost`: the tables equal the sandbox's ledger and the independent calculation."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import zstandard

from truto_sandbox.ledger import Ledger
from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.integrations.windows import days_between, reread_days
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.landing.manifest import Manifest
from usage_assets.pricing.names import canonical_model
from usage_assets.truto import RequestLimits, TrutoClient
from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets_tests.landing.files import manifests
from usage_assets_tests.truto_sandbox.api import NOW
from usage_assets_tests.warehouse import oracle
from usage_assets_tests.warehouse.companies import reading_of
from usage_assets_tests.warehouse.oracle_cost import Price, Rate
from usage_assets_tests.warehouse.pipeline import Pipeline

FIRST, END = date(2026, 9, 1), date(2026, 11, 20)
MONTHS = days_between(FIRST, date(2026, 11, 19))
SETTINGS = SandboxSettings(rate_limited=False, late_after_seconds=0, users=4, now=lambda: NOW)
COLUMNS = [field.name for field in fields(oracle.CostLine) if field.name not in {"is_first_day", "meters"}]


@dataclass
class Clock:
    """The clock of a sandbox and of the pipeline that fetches from it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class LedgerPipeline:
    """A pipeline with the active accounts of a sandbox."""

    pipeline: Pipeline
    accounts: list[Account]
    settings: SandboxSettings
    client: TrutoClient

    def fetch(self, account: Account, days: list[date]) -> None:
        """Land `days` of an account, by the sandbox's clock."""
        source = FetchTarget(account.account_id, self.pipeline.profiles.of(account.integration))
        result = fetch_days(self.client, source, days, self.pipeline.landing, now=self.settings.now)
        assert result.error is None, (account, result.error)

    def billed(self) -> dict[tuple[date, str, str], tuple[Decimal, Decimal]]:
        """Return billed cost and tax in the ledger, by day, account and currency."""
        ledger = Ledger(self.settings)
        costs = {
            key: day for account in self.accounts for key, day in ledger.costs(account.account_id, FIRST, END).items()
        }
        return {key: (line.cost, line.tax) for key, line in costs.items()}


@contextmanager
def ledger_pipeline(folder: Path, settings: SandboxSettings) -> Iterator[LedgerPipeline]:
    """Provide an empty pipeline with the sandbox's active accounts."""
    pipeline = Pipeline(folder, threads=2)
    pipeline.landing.root.mkdir()
    # Without rate limits, as in the sandbox; with limits, a fetch of three months would wait.
    limits = RequestLimits(per_account=1_000_000, per_token=1_000_000)
    with running(settings) as url, TrutoClient(token=settings.token, base_url=url, limits=limits) as client:
        listed = AccountList(pipeline.landing).update(client.integrated_accounts(), pipeline.profiles, settings.now())
        yield LedgerPipeline(
            pipeline, [account for account in listed if account.is_fetched(include_sandbox=True)], settings, client
        )


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerPipeline]:
    """Nearly three months of every active account, loaded and derived."""
    with ledger_pipeline(tmp_path_factory.mktemp("pipeline"), SETTINGS) as ledger:
        for account in ledger.accounts:
            ledger.fetch(account, MONTHS)
        ledger.pipeline.run()
        yield ledger


def test_billed_cost_and_tax_equal_the_ledger_on_every_day(fetched: LedgerPipeline) -> None:
    booked = fetched.billed()

    assert len(booked) > 250
    assert _billed(fetched.pipeline) == booked


def test_rows_and_tokens_equal_the_ledger_on_every_day(fetched: LedgerPipeline) -> None:
    ledger = Ledger(SETTINGS)

    counts = {
        key: day for account in fetched.accounts for key, day in ledger.counts(account.account_id, FIRST, END).items()
    }

    expected = {key: (day.rows, day.input_tokens, day.output_tokens, day.requests) for key, day in counts.items()}
    assert _counted(fetched.pipeline) == expected


def test_every_cost_line_equals_the_independent_calculation(fetched: LedgerPipeline) -> None:
    pipeline = fetched.pipeline
    answers = [
        _answer(pipeline, manifest)
        for account in fetched.accounts
        for manifest in manifests(pipeline.landing, account.account_id)
    ]
    readings = {answer.integration: reading_of(pipeline.profiles.of(answer.integration)) for answer in answers}

    lines = oracle.expected_cost(answers, readings, _prices(pipeline), _rates(pipeline), canonical_model)

    expected = Counter(tuple(getattr(line, name) for name in COLUMNS) for line in lines)
    assert len(expected) > 4_000
    assert Counter(pipeline.query(f"select {', '.join(COLUMNS)} from cost")) == expected


@pytest.mark.parametrize("table", AGGREGATES)
def test_every_aggregate_sums_to_cost(fetched: LedgerPipeline, table: str) -> None:
    measures = ", ".join(f"sum({measure})" for measure in AGGREGATES[table].measures)
    sums = f"select usage_date, account_id, currency, {measures} from {{}} group by all"

    differences = fetched.pipeline.query(f"(from ({sums.format('cost')})) except (from ({sums.format(table)}))")

    assert differences == []


def test_no_row_is_rejected_or_loaded_twice(fetched: LedgerPipeline) -> None:
    assert fetched.pipeline.query("select * from rejected_rows") == []
    assert fetched.pipeline.one("select count(*) - count(distinct usage_key) from usage") == 0


def test_the_costs_of_users_and_of_rows_without_user_sum_to_the_account(fetched: LedgerPipeline) -> None:
    per_account = "select usage_date, account_id, currency, sum(cost) from {} group by all order by all"

    of_users = fetched.pipeline.query(per_account.format("cost_by_user"))

    assert ("(none)",) in fetched.pipeline.query("select distinct user_key from cost_by_user")
    assert of_users == fetched.pipeline.query(per_account.format("cost_by_account"))


def test_a_person_in_several_accounts_has_one_user_key(fetched: LedgerPipeline) -> None:
    accounts_of = fetched.pipeline.query(
        "select user_key, count(distinct account_id) from usage where user_email is not null group by all"
    )

    assert max(accounts for _, accounts in accounts_of) >= 2
    assert {key for key, _ in accounts_of} == {
        email.lower()
        for (email,) in fetched.pipeline.query("select distinct user_email from usage where user_email <> ''")
    }


@pytest.mark.long
def test_daily_re_reads_end_at_the_figures_of_the_ledger(tmp_path: Path) -> None:
    clock = Clock(NOW - timedelta(days=5))
    settings = SandboxSettings(rate_limited=False, late_after_seconds=0, users=2, now=clock)
    with ledger_pipeline(tmp_path, settings) as ledger:
        for account in ledger.accounts:
            ledger.fetch(account, days_between(FIRST, _last_ready(ledger, account)))
        ledger.pipeline.run()
        while clock.now < NOW:
            clock.now = ledger.pipeline.now = clock.now + timedelta(days=1)
            for account in ledger.accounts:
                ledger.fetch(account, reread_days(ledger.pipeline.profiles.of(account.integration), clock.now.date()))
            ledger.pipeline.run()

        booked = {key: figures for key, figures in ledger.billed().items() if key[0] < date(2026, 11, 21)}
        assert _billed(ledger.pipeline) == booked
        assert _last_restated(ledger.pipeline) == _costs_of_restated_windows(ledger.pipeline)


def _last_ready(ledger: LedgerPipeline, account: Account) -> date:
    return reread_days(ledger.pipeline.profiles.of(account.integration), ledger.settings.now().date())[-1]


def _last_restated(pipeline: Pipeline) -> dict[tuple[str, date, str], Decimal | None]:
    """Return `cost_after` of the last restatement of each window."""
    lines = pipeline.query(
        "select account_id, window_start, currency, arg_max_null(cost_after, restated_at)"
        " from restatements group by all"
    )
    assert len(lines) > 10
    return {(account, start, currency): cost for account, start, currency, cost in lines}


def _costs_of_restated_windows(pipeline: Pipeline) -> dict[tuple[str, date, str], Decimal | None]:
    lines = pipeline.query(
        "with windows as (select distinct account_id, window_start, currency from restatements)"
        " select account_id, window_start, currency, sum(cost.cost) from windows"
        " left join cost using (account_id, window_start, currency) group by all"
    )
    return {(account, start, currency): cost for account, start, currency, cost in lines}


def _answer(pipeline: Pipeline, manifest: Manifest) -> oracle.Answer:
    return oracle.Answer(
        account_id=manifest.account_id,
        integration=manifest.integration,
        report=manifest.report,
        window_start=manifest.window_start,
        window_end=manifest.window_end,
        fetched_at=manifest.fetched_at,
        is_final=manifest.is_final,
        rows=list(_rows(pipeline.landing.data_path(manifest))),
    )


def _rows(path: Path) -> Iterable[object]:
    with path.open("rb") as file:
        text = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    return (json.loads(line, parse_float=Decimal) for line in text.splitlines())


def _prices(pipeline: Pipeline) -> Price:
    def price(provider: str, model: str, context: str, meter: str, day: date) -> Decimal | None:
        return pipeline.book.unit_price(provider, model, context, meter, day).price

    return price


def _rates(pipeline: Pipeline) -> Rate:
    def rate(currency: str, day: date) -> tuple[Decimal, Decimal] | None:
        found = pipeline.rates.rate(currency, day)
        return None if found is None else (found.usd_per_unit, found.units_per_usd)

    return rate


def _billed(pipeline: Pipeline) -> dict[tuple[date, str, str], tuple[Decimal, Decimal]]:
    lines = pipeline.query(
        "select usage_date, account_id, currency, billed_cost, coalesce(tax, 0) from cost_by_account"
        f" where usage_date >= '{FIRST}' and usage_date < '{END}' and billed_cost is not null"
    )
    return {(day, account, currency): (cost, tax) for day, account, currency, cost, tax in lines}


def _counted(pipeline: Pipeline) -> dict[tuple[date, str], tuple[int, ...]]:
    lines = pipeline.query(
        "select usage_date, account_id, count(*), coalesce(sum(input_tokens), 0)::bigint,"
        " coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(requests), 0)::bigint"
        f" from usage where usage_date >= '{FIRST}' and usage_date < '{END}' group by all"
    )
    return {(day, account): tuple(counts) for day, account, *counts in lines}
