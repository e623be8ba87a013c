"""The checks that need no warehouse: windows that should be final, what keeps failing, old rates, failed downloads.

They run with the derive runs. What is wrong may keep any derive run from starting, so the sensor `new_accounts` and
`sync` also report them without a run, whenever they change.
"""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.landing.accounts import Account
from usage_assets.lasting_trouble import FAILED_DOWNLOADS, FAILING, OLD_REFERENCE, OVERDUE, Trouble, troubles

LANDING_CHECKS = {
    OVERDUE: "Windows that are still provisional after the date on which a fetch would have made them final.",
    FAILING: "Accounts and derive runs that keep failing: since when, how often, why, and when they are tried again.",
    OLD_REFERENCE: "Exchange rates in use that are older than 7 days, or prices older than 30 days.",
    FAILED_DOWNLOADS: "Exchange rates or prices whose last download failed or was refused, and why.",
}
TABLES = {
    OVERDUE: "usage",
    FAILING: "usage",
    OLD_REFERENCE: "reference_rates",
    FAILED_DOWNLOADS: "reference_rates",
}
"""The asset of each check."""

EXAMPLES_SHOWN = 10
RECORDS_READ = 20


def build_landing_checks(location: CodeLocation) -> dg.AssetChecksDefinition:
    """Return the checks, in one step."""
    specs = [
        dg.AssetCheckSpec(name, asset=_key(location, name), description=description)
        for name, description in LANDING_CHECKS.items()
    ]

    @dg.multi_asset_check(name=location.naming.name("landing_checks"), specs=specs, can_subset=True)
    def results(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        """Read what is overdue, what keeps failing, and how the last downloads ended."""
        project = location.project
        selected = {key.name for key in context.selected_asset_check_keys}
        for name, found in troubles(project, project.account_list.read(), project.now()).items():
            if name in selected:
                yield _result(location, name, found)

    return results


def report_lasting_trouble(
    instance: dg.DagsterInstance, location: CodeLocation, accounts: list[Account], now: datetime
) -> None:
    """Report each check whose outcome has changed since its last evaluation."""
    for name, found in troubles(location.project, accounts, now).items():
        result = _result(location, name, found)
        if _outcome(result) != _last_outcome(instance, dg.AssetCheckKey(_key(location, name), name)):
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=_key(location, name),
                    check_name=name,
                    passed=result.passed,
                    severity=result.severity,
                    metadata=dict(result.metadata or {}),
                )
            )


def _key(location: CodeLocation, name: str) -> dg.AssetKey:
    return location.naming.key(TABLES[name])


def _result(location: CodeLocation, name: str, found: list[Trouble]) -> dg.AssetCheckResult:
    is_severe = any(trouble.is_severe for trouble in found)
    return dg.AssetCheckResult(
        asset_key=_key(location, name),
        check_name=name,
        passed=not found,
        severity=dg.AssetCheckSeverity.ERROR if is_severe else dg.AssetCheckSeverity.WARN,
        metadata={
            "count": len(found),
            "examples": dg.MetadataValue.json([trouble.sentence for trouble in found[:EXAMPLES_SHOWN]]),
        },
    )


def _outcome(result: dg.AssetCheckResult) -> tuple[bool, object]:
    return bool(result.passed), dict(result.metadata or {})["examples"]


def _last_outcome(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> tuple[bool, object]:
    """Return the outcome of the last evaluation; a check that was never evaluated has passed with no finding."""
    # A run that failed before it reached the check leaves a plan without an evaluation.
    for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=RECORDS_READ):
        evaluation = record.event.asset_check_evaluation if record.event else None
        if evaluation is not None:
            return evaluation.passed, evaluation.metadata.get("examples")
    return True, dg.MetadataValue.json([])
