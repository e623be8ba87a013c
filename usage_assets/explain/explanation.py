"""A cell, explained line by line: what it comes to, whether its table agrees, and each cost row down to the request.

Every figure is reckoned anew from its facts and compared with the tables; a line that finds them apart says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from usage_assets.explain.cell import Cell, read_cell
from usage_assets.explain.exact import EXACT, plain, total
from usage_assets.explain.facts import CellFacts, CostRow, SourceFacts
from usage_assets.explain.figure import Figure, figure_of, needs_units_per_usd
from usage_assets.explain.head import head_of
from usage_assets.explain.said import Said, amount, counted, moment, printable
from usage_assets.explain.sent import amounts_as_sent, input_as_sent
from usage_assets.explain.source_row import SourceGone, SourceRow, SourceRows
from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.store import Landing
from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides
from usage_assets.settings import Settings
from usage_assets.warehouse.connection import Warehouse

INDENT = "   "
COMPARED = ("cost", "tax", "cost_usd")


class Explainer:
    """Explains cells of one warehouse; `rates` is asked for only where a figure needs it."""

    def __init__(
        self, warehouse: Warehouse, landing: Landing, profiles: Profiles, rates: Callable[[], ExchangeRates]
    ) -> None:
        self._warehouse = warehouse
        self._landing = landing
        self._profiles = profiles
        self._rates = rates

    @classmethod
    def of(cls, settings: Settings) -> Explainer:
        """Returns the one that explains the data of these settings."""
        return cls(
            Warehouse(settings.warehouse_path),
            Landing(settings.landing_dir),
            load_profiles(settings.profiles_path),
            lambda: ExchangeRates(read_rate_overrides(settings.rates_path)),
        )

    def explain(self, cell: Cell, most_rows: int | None = None) -> Iterator[Said]:
        """Yields the explanation; the warehouse is free again before the first line.

        Args:
            cell: what was asked for.
            most_rows: how many cost rows to show, the costliest first; None shows all.

        Raises:
            NoCostThere: the cell has no row.
            NothingLoaded: the warehouse has no tables yet.
            LockHeld: the warehouse is being written.
            UserFileError: the user's rates are needed and cannot be read.
        """
        facts = read_cell(self._warehouse, cell, most_rows)
        for said in head_of(cell, facts):
            yield Said(printable(said.text), said.contradicts)
        sources = SourceRows(self._landing, [row.source for row in facts.rows if row.source is not None])
        for number, row in enumerate(facts.rows, 1):
            yield Said("")
            yield from self._explain_row(number, row, sources, is_behind="cost" in facts.behind)
        yield from _left_out(facts)

    def _explain_row(self, number: int, row: CostRow, sources: SourceRows, *, is_behind: bool) -> Iterator[Said]:
        yield Said(printable(f"{number}. {_costs(row)}"))
        yield from _indented(map(Said, _about(row)))
        source = row.source
        if source is None:
            gone = "its API row was replaced by a newer answer, which is loaded and not derived yet"
            yield Said(f"{INDENT}CONTRADICTION: {gone}", contradicts=True)
            return
        found = _found(sources, source)
        if isinstance(found, SourceRow):
            profile = self._profiles.of(row.integration)
            sent = amounts_as_sent(found.text, row.charges, profile.amount_divisor)
            yield from _indented([*sent, *input_as_sent(found.text, row, profile)])
        figure = figure_of(row, self._units_per_usd(row))
        yield from _indented(map(Said, figure.lines))
        yield from _indented(_contradictions(row, figure, is_behind=is_behind))
        yield from _about_source(found, source)

    def _units_per_usd(self, row: CostRow) -> Decimal | None:
        if not needs_units_per_usd(row):
            return None
        rate = self._rates().rate(row.currency, row.usage_date)
        return rate.units_per_usd if rate is not None else None


def _costs(row: CostRow) -> str:
    cost = f"cost {amount(row.cost)} {row.currency}" if row.cost is not None else f"no cost in {row.currency}"
    state = "provisional: the vendor may still restate it" if row.is_provisional else "final"
    return f"{cost}, basis {row.cost_basis}, rule {row.cost_rule}, {state}"


def _about(row: CostRow) -> Iterator[str]:
    raw = f" (raw {row.model_id})" if row.model_id not in {None, row.model} else ""
    email = row.user_email if row.user_email != row.user_key else None
    named = [name for name in (row.user_id and f"id {row.user_id}", email, row.user_name) if name]
    who = f" ({', '.join(named)})" if named else ""
    yield f"account {row.account_id}, integration {row.integration}, report {row.report}, row id {row.row_id}"
    yield f"product {row.product_id}, metric {row.metric_name}, provider {row.provider}, model {row.model}{raw}"
    yield f"surface {row.surface}, user {row.user_key}{who}"


def _indented(lines: Iterable[Said]) -> Iterator[Said]:
    for said in lines:
        yield Said(f"{INDENT}{printable(said.text)}", said.contradicts)


def _contradictions(row: CostRow, figure: Figure, *, is_behind: bool) -> Iterator[Said]:
    for name in COMPARED:
        held, reckoned = getattr(row, name), getattr(figure, name)
        if held != reckoned:
            why = (
                "a newer answer is loaded and not derived yet, run `usage-assets sync`"
                if is_behind
                else "profile, prices or rates changed after this day was derived, or this is a bug of ours"
            )
            says = f"CONTRADICTION: {name} comes to {amount(reckoned)} here, and the table cost holds {amount(held)}"
            yield Said(f"{says}: {why}", contradicts=True)


def _found(sources: SourceRows, source: SourceFacts) -> SourceRow | SourceGone:
    try:
        return sources.row(source)
    except SourceGone as gone:
        return gone


def _about_source(found: SourceRow | SourceGone, facts: SourceFacts) -> Iterator[Said]:
    if isinstance(found, SourceGone):
        loud = "CONTRADICTION: " if found.is_tampering else ""
        says = f"{INDENT}{loud}source: {found}; it was fetched {moment(facts.fetched_at)}, line {facts.file_row}"
        yield Said(printable(says), found.is_tampering)
        return
    yield Said(f"{INDENT}source: {found.file}, line {found.line}, page {found.page} of {found.pages}")
    yield Said(printable(f"{INDENT}request: {found.manifest.request} (first page of the request)"))
    yield Said(f"{INDENT}fetched {moment(facts.fetched_at)}{_since(found, facts)}")
    yield Said(found.text)


def _since(found: SourceRow, facts: SourceFacts) -> str:
    again = found.manifest.fetched_at.replace(tzinfo=None)
    if found.is_newer_waiting:
        return f"; a newer answer, fetched {moment(again)}, waits to be loaded, and the request above is that one's"
    return f"; fetched again {moment(again)} with the same content" if again != facts.fetched_at else ""


def _left_out(facts: CellFacts) -> Iterator[Said]:
    left = sum(one.cost_rows for one in facts.sums) - len(facts.rows)
    if left:
        sums = [f"no cost in {code}" if rest is None else f"{plain(rest)} {code}" for code, rest in _rest(facts)]
        yield Said("")
        yield Said(printable(f"and {counted(left, 'more row')}, together {', '.join(sums)}: `--rows 0` shows all"))


def _rest(facts: CellFacts) -> Iterator[tuple[str, Decimal | None]]:
    for one in facts.sums:
        shown = [row for row in facts.rows if row.currency == one.currency]
        if len(shown) < one.cost_rows:
            costs = [row.cost for row in shown if row.cost is not None]
            no_cost = one.cost is None or len(costs) == one.rows_with_cost
            yield one.currency, None if no_cost else EXACT.subtract(one.cost or Decimal(0), total(costs))
