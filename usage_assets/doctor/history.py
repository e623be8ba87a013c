"""Examine the history: what keeps failing, days that lack, figures that are incomplete, and months that shrank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from usage_assets.completeness_report import accounts_behind, completeness_sentence, live_coverage
from usage_assets.doctor.findings import Finding, account_name, fail, ok, warn
from usage_assets.due import abandoned_days_of
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.windows import contiguous
from usage_assets.landing.accounts import Account
from usage_assets.lasting_trouble import failing, overdue
from usage_assets.project import Project

COUNTED_TABLE = "cost"


def history_findings(project: Project, now: datetime) -> Iterator[Finding]:
    """Yield what keeps failing, which windows should be final, and which days nothing asks for."""
    accounts = [account for account in project.account_list.read() if account.deleted_at is None]
    found = [*failing(project, accounts, now), *overdue(project, accounts, now)]
    lines = [(fail if trouble.is_severe else warn)("history", trouble.sentence) for trouble in found]
    lines += [line for account in accounts if (line := _abandoned_finding(project, account, now)) is not None]
    yield from lines or [ok("history", "nothing keeps failing, no window is overdue, no day was given up")]


def coverage_finding(project: Project) -> Finding:
    """Return through which day the published figures are complete, and for which accounts they are not."""
    coverage, accounts = live_coverage(project), project.account_list.read()
    active = {account.account_id for account in project.fetched_accounts(accounts)}
    sentence = completeness_sentence(coverage, accounts, active).rstrip(".")
    if accounts_behind(coverage, accounts):
        return warn(
            "coverage", f"{sentence}: see the days in the table coverage; `usage-assets sync` fetches what is due"
        )
    return ok("coverage", sentence or "no figure is published yet that could be incomplete")


def published_finding(published: Path) -> Finding:
    """Return whether a published month holds fewer rows than in the generation before."""
    generations = sorted(published.glob("generation-*"))[-2:]
    if not generations[1:]:
        return ok("published", "there is no earlier generation to compare with")
    before, after = (_rows_by_month(generation) for generation in generations)
    shrunk = [
        f"{month} has {after.get(month, 0)} rows of {COUNTED_TABLE} and had {rows}"
        for month, rows in before.items()
        if after.get(month, 0) < rows
    ]
    if not shrunk:
        return ok("published", f"no month has fewer rows than in {generations[0].name}")
    return warn("published", f"{', '.join(shrunk)}: if no vendor took rows back, run `usage-assets rebuild`")


def _abandoned_finding(project: Project, account: Account, now: datetime) -> Finding | None:
    if not account.has_safe_id:
        return None
    try:
        days = abandoned_days_of(project, account, now)
    except (UsageAssetsError, OSError):
        return None  # the line of the overdue windows names it
    if not days:
        return None
    spans = ", ".join(str(window) for window in reversed(contiguous(days)))
    remedy = f"run `usage-assets sync --account {account.account_id} --from {days[0]} --to {days[-1]}`"
    return warn("history", f"{account_name(account)} was never fetched for {spans}, which nothing asks for: {remedy}")


def _rows_by_month(generation: Path) -> dict[str, int]:
    files = sorted((generation / COUNTED_TABLE).glob("*.parquet"))
    return {file.stem: pq.read_metadata(file).num_rows for file in files}
