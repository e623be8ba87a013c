"""Examine the parts of a project one after the other. A part that cannot be read is a finding and stops no other part.

Examining only reads: it creates no folder, stores no account list and keeps no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from usage_assets.acknowledgements import read_acknowledgements
from usage_assets.conversion import shown_currency
from usage_assets.doctor.api import api_findings, error_sentence
from usage_assets.doctor.configuration import (
    dagster_finding,
    file_in_force_findings,
    profiles_finding,
    settings_findings,
    token_finding,
    user_file_finding,
)
from usage_assets.doctor.data_folder import (
    data_folder_finding,
    free_space_finding,
    landing_finding,
    pending_window_finding,
)
from usage_assets.doctor.findings import Finding, fail, lock_findings, ok, warn
from usage_assets.doctor.held_locks import held_locks, warehouse_lock
from usage_assets.doctor.history import coverage_finding, history_findings, published_finding
from usage_assets.doctor.landing_files import landing_file_findings, user_list_findings
from usage_assets.doctor.reference import reference_findings
from usage_assets.doctor.warehouse_file import warehouse_finding
from usage_assets.errors import UsageAssetsError, os_error_sentence
from usage_assets.pricing.price_overrides import read_price_overrides
from usage_assets.pricing.rates import read_rate_overrides
from usage_assets.project import Project


def examine(project: Project, env_file: Path) -> Iterator[Finding]:
    """Yield each finding about `project` as soon as it is known; findings that need the API come last.

    Args:
        project: The project.
        env_file: The file that the settings are read from besides the environment; it may be absent.
    """
    settings, now = project.settings, project.now()
    yield from _guarded("settings", lambda: settings_findings(settings, env_file))
    yield from _guarded("token", lambda: [token_finding(settings)])
    yield from _guarded("Dagster", lambda: [dagster_finding(settings.dagster_home)])
    yield from _guarded("data folder", lambda: [data_folder_finding(settings.data_dir)])
    yield from _guarded("disk", lambda: [free_space_finding(settings.data_dir)])
    yield from _guarded("landing", lambda: [landing_finding(project)])
    yield from _guarded("profiles", lambda: [profiles_finding(settings.profiles_path)])
    yield from _guarded("prices", lambda: [_prices_finding(settings.prices_path)])
    yield from _guarded("exchange rates", lambda: [_rates_finding(settings.rates_path)])
    yield from _guarded("currency", lambda: [_currency_finding(project)])
    yield from _guarded("reference", lambda: reference_findings(project, now))
    yield from _guarded("accounts.csv", lambda: _account_rules_findings(project))
    yield from _guarded("allocation.csv", lambda: file_in_force_findings(project.files.allocation))
    yield from _guarded("seats.csv", lambda: file_in_force_findings(project.files.seats))
    yield from _guarded("budgets.csv", lambda: file_in_force_findings(project.files.budgets))
    yield from _guarded("anomalies.jsonl", lambda: [_acknowledgements_finding(project)])
    yield from _guarded("lock", lambda: lock_findings(held_locks(settings)))
    yield from _guarded("warehouse", lambda: [warehouse_finding(settings.warehouse_path, warehouse_lock(settings))])
    yield from _guarded("landing files", lambda: landing_file_findings(project.landing))
    yield from _guarded("lists of users", lambda: user_list_findings(project))
    yield from _guarded("pending", lambda: [pending_window_finding(project.landing, now)])
    yield from _guarded("history", lambda: history_findings(project, now))
    yield from _guarded("coverage", lambda: [coverage_finding(project)])
    yield from _guarded("published", lambda: [published_finding(settings.published_dir)])
    yield from _guarded("API", lambda: api_findings(project, now))


def _prices_finding(path: Path) -> Finding:
    return user_file_finding("prices", path, read_price_overrides, "the price book")


def _rates_finding(path: Path) -> Finding:
    return user_file_finding("exchange rates", path, read_rate_overrides, "the ECB's rates")


def _currency_finding(project: Project) -> Finding:
    return ok("currency", f"totals across currencies are shown in {shown_currency(project)}")


def _acknowledgements_finding(project: Project) -> Finding:
    path = project.settings.acknowledgements_path
    return ok("anomalies.jsonl", f"{len(read_acknowledgements(path))} anomalies are acknowledged in {path}")


def _account_rules_findings(project: Project) -> list[Finding]:
    file, known = project.files.accounts, {account.account_id for account in project.account_list.stored()}
    unknown = sorted(file.look().value.account_ids - known)
    sentence = f"{file.path} names accounts that no list has held: {', '.join(unknown)}: correct the ids"
    return [*file_in_force_findings(file), *([warn(file.name, sentence)] if unknown else [])]


def _guarded(subject: str, examine_part: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield the findings of one part; an expected error becomes a failure."""
    try:
        yield from examine_part()
    except UsageAssetsError as error:
        yield fail(subject, error_sentence(error))
    except OSError as error:
        yield fail(subject, os_error_sentence(error).rstrip("."))
    except UnicodeError as error:
        yield fail(subject, f"a file is not UTF-8 text ({error}): restore or remove it")
