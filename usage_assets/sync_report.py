"""Write the report of a sync: a sentence for each problem, then a summary of fetched windows and published tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from usage_assets.landing.accounts import Account, unreadable_sentence
from usage_assets.published import AccountTotals, NothingPublished, published_totals
from usage_assets.shown_currency import lacking_text, shown_amount, sum_of
from usage_assets.sync_result import DeriveResult, SyncResult
from usage_assets.terminal import counted
from usage_assets.truto import UnreadableAccount


def problem_lines(
    result: SyncResult, accounts: Iterable[Account], unreadable: Iterable[UnreadableAccount] = ()
) -> Iterator[str]:
    """Yield a sentence for each failure and each action that somebody has to take.

    Args:
        result: The result of the sync.
        accounts: Every account ever listed.
        unreadable: The rows of the account list that could not be read.
    """
    names = {account.account_id: account.name_and_id for account in accounts}
    for row in (row for row in unreadable if row.id not in result.skipped):
        yield f"{unreadable_sentence(row)}."
    for account_id, reason in result.skipped.items():
        yield f"{names[account_id]} is not fetched: {reason}."
    for account in result.to_reconnect:
        yield f"{names[account.account_id]} is skipped: its owner has to reconnect it in Truto."
    for account_id, reason in result.failures.items():
        yield f"{names[account_id]} failed: {reason}"
    yield from result.without_list.values()
    yield from _derive_lines(result.derived)


def _derive_lines(derived: DeriveResult) -> Iterator[str]:
    if derived.failure is not None:
        yield f"The derive run failed: {derived.failure}"
    if derived.rejected:
        yield f"{counted(derived.rejected, 'row')} could not be read: see the reasons in the table rejected_rows."
    if derived.waiting == 1:
        yield "1 window waits until every day of the old granularity is refetched."
    elif derived.waiting:
        yield f"{derived.waiting} windows wait until every day of the old granularity is refetched."


def summary_lines(result: SyncResult, published: Path, currency: str) -> Iterator[str]:
    """Yield a line with the fetched windows, and a line with the published accounts, cost, days and folder.

    Args:
        result: The result of the sync.
        published: The folder of published generations.
        currency: The currency in which totals across currencies are shown.
    """
    failed = counted(len(result.failures), "account")
    yield f"{counted(result.windows, 'window')} fetched, {result.changed} changed, {failed} failed."
    try:
        totals = list(published_totals(published, currency).values())
    except NothingPublished:
        return
    money = f"{_money(totals)}{_together(totals, currency)}"
    yield f"{counted(len(totals), 'account')}, {money}{_span(totals)}: {published / 'current'}"


def _money(totals: Iterable[AccountTotals]) -> str:
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for account in totals:
        for currency, cost in account.cost.items():
            costs[currency] += cost
    return " and ".join(f"{cost:,.2f} {currency}" for currency, cost in sorted(costs.items())) or "no cost"


def _together(totals: list[AccountTotals], currency: str) -> str:
    """Return the total in the shown currency, unless all cost is in that currency."""
    if {code for account in totals for code in account.cost} <= {currency}:
        return ""
    total = sum_of((account.total for account in totals), currency)
    figure = f", together {shown_amount(total.amount)} {currency}" if total.amount is not None else ""
    return f"{figure}{lacking_text(total)}"


def _span(totals: list[AccountTotals]) -> str:
    if not totals:
        return ""
    first, last = min(account.first_day for account in totals), max(account.last_day for account in totals)
    return f" from {first} to {last}"
