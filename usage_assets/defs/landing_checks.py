"""The checks that need no warehouse, as checks of assets; `lasting_trouble` lists them and finds what is wrong.

They run with the runs of their assets. What is wrong may keep any derive run from starting, so the sensor
`new_accounts` and `sync` also report them without a run, whenever they change.
"""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.landing.accounts import Account
from usage_assets.lasting_trouble import LANDING_CHECKS, LandingCheck, Trouble

EXAMPLES_SHOWN = 20
RECORDS_READ = 20


def build_landing_checks(location: CodeLocation) -> dg.AssetChecksDefinition:
    """Return these checks, in one step; they need no warehouse."""
    specs = [
        dg.AssetCheckSpec(check.name, asset=location.naming.key(check.table), description=check.description)
        for check in LANDING_CHECKS
    ]

    @dg.multi_asset_check(name=location.naming.name("landing_checks"), specs=specs, can_subset=True)
    def results(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        """Read what is overdue, what keeps failing, which files of the user have mistakes, and how downloads ended."""
        project = location.project
        for check in LANDING_CHECKS:
            if _key(location, check) in context.selected_asset_check_keys:
                yield _result(location, check, check.find(project, project.account_list.read(), project.now()))

    return results


def report_lasting_trouble(
    instance: dg.DagsterInstance, location: CodeLocation, accounts: list[Account], now: datetime
) -> None:
    """Report each check whose outcome has changed since its last evaluation."""
    for check in LANDING_CHECKS:
        key = _key(location, check)
        result = _result(location, check, check.find(location.project, accounts, now))
        if _outcome(result) != _last_outcome(instance, key):
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=key.asset_key,
                    check_name=key.name,
                    passed=result.passed,
                    severity=result.severity,
                    metadata=dict(result.metadata or {}),
                )
            )


def _key(location: CodeLocation, check: LandingCheck) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(location.naming.key(check.table), check.name)


def _result(location: CodeLocation, check: LandingCheck, found: list[Trouble]) -> dg.AssetCheckResult:
    is_severe = any(trouble.is_severe for trouble in found)
    return dg.AssetCheckResult(
        asset_key=location.naming.key(check.table),
        check_name=check.name,
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
