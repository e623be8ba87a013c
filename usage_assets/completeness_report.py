"""Tell through which day the figures of each account are complete: read what is published, and say it in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from usage_assets.completeness import (
    Coverage,
    CoverageSpan,
    brought_up_to_date,
    complete_through,
    first_lack,
    without_days,
)
from usage_assets.landing.accounts import Account
from usage_assets.project import Project
from usage_assets.published import NothingPublished, published_coverage
from usage_assets.truto.display_text import truncate

MOST_NAMED = 5
LONGEST_REASON = 200


def live_coverage(project: Project) -> dict[str, list[CoverageSpan]]:
    """Return the history of each account as it is now: what is published, brought up to date with time and failures.

    Nothing is written. Where no coverage is published yet, the result is empty.
    """
    try:
        published = published_coverage(project.published_dir)
    except NothingPublished:
        return {}
    landed = defaultdict[str, set[date]](set)
    for key in project.landing.pending():
        landed[key.account_id].update(key.window.days)
    histories = {history.account_id: history for history in project.account_histories()}
    ignored = project.account_rules.ignored_days
    return {
        name: without_days(
            brought_up_to_date(published.get(name, []), history, landed[name]),
            [(days.first_day, days.last_day) for days in ignored if days.account_id == name],
        )
        for name, history in histories.items()
    }


def completeness_lines(project: Project, accounts: list[Account]) -> list[str]:
    """Return the sentence about the published figures of `accounts`; none where no coverage is published yet."""
    active = {account.account_id for account in project.fetched_accounts(accounts)}
    sentence = completeness_sentence(live_coverage(project), accounts, active)
    return [sentence] if sentence else []


def completeness_sentence(coverage: Coverage, accounts: Iterable[Account], active: Collection[str]) -> str:
    """Return through which day the figures are complete, and for which accounts they are not; "" without any history.

    Args:
        coverage: The history of each account.
        accounts: The accounts that may lack days, with their names.
        active: The ids of the active accounts; the first day of the sentence holds for those of them that lack no day.
    """
    behind = accounts_behind(coverage, accounts)
    names = {account.account_id for account, _ in behind}
    others = [spans for account_id, spans in coverage.items() if account_id in active and account_id not in names]
    through = min((day for spans in others if (day := complete_through(spans))), default=None)
    parts = [_behind(account, lack, coverage[account.account_id]) for account, lack in behind[:MOST_NAMED]]
    if len(behind) > MOST_NAMED:
        parts.append(f"{len(behind) - MOST_NAMED} more accounts are incomplete")
    if through is None and not parts:
        return ""
    return "; ".join([f"Complete through {through}" if through else "No account is complete", *parts]) + "."


def accounts_behind(coverage: Coverage, accounts: Iterable[Account]) -> list[tuple[Account, CoverageSpan]]:
    """Return the `accounts` that are not deleted and lack days that are ready, each with the first of these days."""
    present = (account for account in accounts if account.deleted_at is None)
    lacks = ((account, first_lack(coverage.get(account.account_id, ()))) for account in present)
    return [(account, lack) for account, lack in lacks if lack is not None]


def _behind(account: Account, lack: CoverageSpan, spans: Sequence[CoverageSpan]) -> str:
    reason = truncate(lack.reason.rstrip("."), LONGEST_REASON) if lack.reason else f"{lack.window} is {lack.state}"
    through = complete_through(spans)
    which = f"only through {through}" if through else f"without {lack.window}"
    return f"{account.display_name} {which} ({reason})"
