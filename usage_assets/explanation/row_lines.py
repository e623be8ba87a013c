"""Write one cost row of a derivation as lines of text: dimensions, each step of the recomputation, source.

In every line with `=`, the left side evaluates exactly to the right side, or the line names the rounding.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from usage_assets.allocation.rules import FILE_NAME
from usage_assets.explanation.api_rows import ApiRow, SentAmount
from usage_assets.explanation.contradictions import Contradiction
from usage_assets.explanation.estimates import MeterWorth
from usage_assets.explanation.exact import plain, share_by_rule
from usage_assets.explanation.facts import NO_VALUE, USD, Charge, CostRow, TeamShare, printable
from usage_assets.explanation.recomputation import Recomputation

if TYPE_CHECKING:
    from usage_assets.explanation.derivation import DerivedRow

INDENT = "   "
CHANGED = "{figure} is {expected} recomputed and {held} in the table cost"
RUN_SYNC = "run `usage-assets sync`"
BUG = "the program has a bug, please report it"
SENTENCES = {
    "row_replaced": "the API row was replaced by a newer response that is not derived yet, " + RUN_SYNC,
    "file_changed": "{detail}",
    "divisor_changed": "{detail}, but was loaded as {held}: the profile changed after the load",
    "cost_not_derived": CHANGED + ": a newer response is loaded and not derived yet, " + RUN_SYNC,
    "inputs_changed": CHANGED + ": profile, prices or rates changed after the day was derived, or " + BUG,
    "share_differs": "the team's part of {figure} is {expected} recomputed and {held} by the rule ({detail}): " + BUG,
    "table_not_derived": "{table} is not derived yet from the cost of {usage_date}, " + RUN_SYNC,
    "table_differs": "{figure} on {usage_date} is {expected} {currency} in cost and {held} in {table}: " + BUG,
    "table_lacks_cell": "cost has {currency} on {usage_date}, {table} has none: " + BUG,
    "cost_lacks_cell": "{table} has {currency} on {usage_date}, cost has none: " + BUG,
}


def row_lines(row: DerivedRow) -> Iterator[str]:
    """Yield the lines of one row; the last is the unchanged API row."""
    yield printable(f"{row.number}. {_headline(row.cost_row)}")
    for line in _detail_lines(row):
        yield f"{INDENT}{printable(line)}"
    if row.api_row is not None and row.api_row.text is not None:
        yield _printable_json(row.api_row.text)


def _headline(row: CostRow) -> str:
    cost = f"cost {plain(row.cost)} {row.currency}" if row.cost is not None else f"no cost in {row.currency}"
    state = "provisional: the vendor may still restate it" if row.is_provisional else "final"
    return f"{row.usage_date}: {cost}, basis {row.cost_basis}, rule {row.cost_rule}, {state}"


def _detail_lines(row: DerivedRow) -> Iterator[str]:
    yield from _dimension_lines(row.cost_row)
    yield from (_sent_amount(sent) for sent in row.sent_amounts if sent.formula.value == sent.loaded)
    if row.sent_input is not None:
        yield f"uncached input: {row.sent_input} (input_includes in the profile)"
    if row.recomputed is not None:
        yield from _bill_lines(row.cost_row, row.recomputed)
        yield from _token_lines(row.cost_row, row.recomputed)
        yield from _share_lines(row.cost_row, row.recomputed)
        yield from _conversion_lines(row.cost_row, row.recomputed)
    yield from (_team_line(row.cost_row, share) for share in row.cost_row.team_shares)
    yield from map(contradiction_line, row.contradictions)
    if row.api_row is not None:
        yield from _source_lines(row.api_row)


def _dimension_lines(row: CostRow) -> Iterator[str]:
    raw = f" (raw {row.model_id})" if row.model_id not in {None, row.model} else ""
    email = row.user_email if row.user_email != row.user_key else None
    names = [name for name in (row.user_id and f"id {row.user_id}", email, row.user_name) if name]
    person = f" ({', '.join(names)})" if names else ""
    yield f"account {row.account_id}, integration {row.integration}, report {row.report}, row id {row.row_id}"
    yield f"product {row.product_id}, metric {row.metric_name}, provider {row.provider}, model {row.model}{raw}"
    yield f"surface {row.surface}, user {row.user_key}{person}"
    if row.price_context != NO_VALUE:
        yield f"price context {row.price_context}"


def _team_line(row: CostRow, share: TeamShare) -> str:
    part = "none, because the row has no cost"
    if row.cost is not None:
        part = f"{share_by_rule(row.cost, share.share, share.other_shares)} {row.currency}"
    if share.line is None:
        return f"no rule of {FILE_NAME} matches: the part of no team is {part}"
    cost_centre = "" if share.cost_centre == NO_VALUE else f", cost centre {share.cost_centre}"
    return f"the team's part by line {share.line} of {FILE_NAME} ({share.rule}){cost_centre}: {part}"


def _sent_amount(sent: SentAmount) -> str:
    divided = "" if sent.divisor == 1 else f", divided by {sent.divisor} (by the profile)"
    return f"amount as sent{divided}: {sent.formula}"


def _bill_lines(row: CostRow, recomputed: Recomputation) -> Iterator[str]:
    if recomputed.bill is not None:
        included = "" if recomputed.included is None else f", worth {recomputed.included}"
        yield f"{row.cost_rule}: {recomputed.bill}{included}"
    if recomputed.bill_tax is not None:
        yield f"tax, not in cost: {recomputed.bill_tax}"
    yield from _part_lines(row, recomputed)
    if recomputed.not_added:
        other = {"net": "total", "total": "net"}.get(row.cost_rule)
        chosen = other in {charge.type for charge in recomputed.not_added}
        choice = f' (leading_charge = "{row.cost_rule}" in the profile)' if chosen else ""
        yield f"not added: {_charges(recomputed.not_added)}{choice}"
    if recomputed.unknown:
        yield f"unknown charge type, not added: {_charges(recomputed.unknown)}"


def _part_lines(row: CostRow, recomputed: Recomputation) -> Iterator[str]:
    """Yield the shares of one of the models that the API row lists."""
    part = f"part {row.part} of {row.parts}, {row.model}"
    if recomputed.part_share is not None:
        yield f"{part}, by the estimates of the parts, else their tokens: {recomputed.part_share} {row.currency}"
    if recomputed.part_tax is not None:
        yield f"tax of {part}: {recomputed.part_tax} {row.currency}"


def _charges(charges: Iterable[Charge]) -> str:
    return ", ".join(f"{charge.type or NO_VALUE} {plain(charge.amount)}" for charge in charges)


def _token_lines(row: CostRow, recomputed: Recomputation) -> Iterator[str]:
    yield from map(_meter_line, recomputed.meters)
    of, estimate = _of_what(row), _estimate(row, recomputed)
    if row.cost_basis == "none":
        yield _why_no_cost(row)
    elif row.cost_basis == "covered":
        worth = "without a price" if recomputed.estimate is None else f"worth {plain(recomputed.estimate.value)} USD"
        yield f"covered: usage {worth} is covered by {_covering_bill(row)}"
        if recomputed.meters:
            yield f"its estimate{of}, not added: {estimate}"
    elif not recomputed.meters:
        return
    elif row.cost_basis == "estimated":
        yield f"estimate{of}: {estimate}"
    elif row.cost_basis == "unpriced":
        stored = "" if recomputed.estimate is None else "no price was stored when it was derived: "
        yield f"unpriced: {stored}{estimate}"
    elif recomputed.estimate is not None:
        yield f"estimate{of}, for comparison, not added: {estimate}"


def _of_what(row: CostRow) -> str:
    """Return what an estimate is of, if that is not the cost row itself."""
    whole = " of the whole row" if row.is_long else ""
    return f" of part {row.part} of {row.parts}{whole and ', over all its days'}" if row.parts > 1 else whole


def _meter_line(worth: MeterWorth) -> str:
    meter = worth.meter
    if worth.worth is not None:
        return f"meter {meter.meter}: {worth.worth} USD"
    if meter.unit_price is not None:
        return f"meter {meter.meter}: {meter.quantity} at {plain(meter.unit_price)}, too much to be true, left out"
    missing = f"no price in {meter.price_book or 'any price book'}"
    return f"meter {meter.meter}: {meter.quantity}, {missing}{'' if worth.is_token else ', left out'}"


def _estimate(row: CostRow, recomputed: Recomputation) -> str:
    priced = [worth.meter for worth in recomputed.meters if worth.worth is not None]
    if recomputed.estimate is not None:
        matched, book = priced[0].matched_model, priced[0].price_book
        also = f" (there {matched})" if matched not in {None, row.model} else ""
        standard = "" if priced[0].is_context_priced else ", which has only the standard price"
        return f"{recomputed.estimate} USD, prices of {row.model} on {row.first_day} by {book}{also}{standard}"
    if row.model == NO_VALUE:
        return "the row names no model, so its tokens have no price"
    book = next((worth.meter.price_book for worth in recomputed.meters), None) or "any price book"
    return f"model {row.model} has no price in {book} on {row.first_day}"


def _why_no_cost(row: CostRow) -> str:
    if row.currency != row.counting_currency:
        return f"no cost: no charge is a cost; tokens and estimate are on the row's {row.counting_currency} line"
    return "no cost: no charge is a cost, and there are no tokens to price"


def _covering_bill(row: CostRow) -> str:
    if row.is_covered:
        return "a plan (covered_when in the profile)"
    if any(charge.currency != row.currency for charge in row.charges):
        return "the bill of the same row in another currency"
    return "the bill of the account's rows with charges (bills_by in the profile)"


def _share_lines(row: CostRow, recomputed: Recomputation) -> Iterator[str]:
    if not (row.is_long and row.start_at and row.end_at and row.row_fetched_at and row.last_day):
        return
    remainder = ", the last, which gets the remainder," if row.day_number == row.days != 1 else ""
    day = (
        f"day {row.day_number} of {row.days}{remainder} of a row from {_moment(row.start_at)} to {_moment(row.end_at)}"
    )
    if (row.end_at - timedelta(microseconds=1)).date() > row.last_day:
        day += f", fetched on {row.row_fetched_at:%Y-%m-%d} and split over its days up to {row.last_day}"
    currency = USD if row.cost_basis == "estimated" else row.currency
    yield day if recomputed.share is None else f"{day}: {recomputed.share} {currency}"
    if recomputed.tax_share is not None:
        yield f"tax of that day: {recomputed.tax_share} {row.currency}"


def _conversion_lines(row: CostRow, recomputed: Recomputation) -> Iterator[str]:
    is_estimate = row.cost_basis == "estimated"
    amount = recomputed.estimate if is_estimate else recomputed.cost
    if row.currency == USD or amount is None:
        return
    to, unit = (row.currency, f"{row.currency} per USD") if is_estimate else (USD, f"USD per {row.currency}")
    if recomputed.conversion is not None:
        rate = f"{unit}, rate of {row.fx_date}{', stale' if row.fx_stale else ''}"
        estimate = "; cost_usd is the estimate itself" if is_estimate else ""
        yield f"in {to}: {recomputed.conversion} ({rate}{estimate})"
    elif row.fx_rate is None:
        missing = "cost and cost_usd are none" if is_estimate else "cost_usd is none"
        yield f"in {to}: no exchange rate of {row.currency} is known, so {missing}"
    else:
        yield f"in {to}: at {plain(row.fx_rate)} {unit} the amount is too large for the table, so cost_usd is none"


def contradiction_line(found: Contradiction) -> str:
    """Return a contradiction with its figures and what to do."""
    figures = {"expected": amount_text(found.expected), "held": amount_text(found.held)}
    return f"CONTRADICTION: {SENTENCES[found.reason].format(**{**vars(found), **figures})}"


def _source_lines(api_row: ApiRow) -> Iterator[str]:
    fetched = _moment(api_row.fetched_at)
    if api_row.problem is not None:
        yield f"source: {api_row.problem}; it was fetched {fetched}, line {api_row.line}"
        return
    yield f"source: {api_row.file}, line {api_row.line}, page {api_row.page} of {api_row.pages}"
    yield f"request: {api_row.request} (first page of the request)"
    yield f"fetched {fetched}{_later_fetch(api_row)}"


def _later_fetch(api_row: ApiRow) -> str:
    if api_row.last_fetched_at is None or api_row.last_fetched_at == api_row.fetched_at:
        return ""
    again = _moment(api_row.last_fetched_at)
    if api_row.is_newer_pending:
        return f"; a newer response, fetched {again}, waits to be loaded, and the request above brought that one"
    return f"; fetched again {again} with the same content"


def counted(count: int, noun: str = "row") -> str:
    """Return the count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def amount_text(money: Decimal | None) -> str:
    """Return the amount as text; `none` for NULL, which is not 0."""
    return "none" if money is None else plain(money)


def _moment(at: datetime) -> str:
    """Return a UTC time as text; at midnight, only the day."""
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _printable_json(text: str) -> str:
    """Return a JSON document with its unprintable characters escaped; its value is the same."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    # JSON allows the characters below the space only between its tokens, where each of them means a space.
    return " " if character < " " else json.dumps(character)[1:-1]
