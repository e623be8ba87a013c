"""What the conversion of money depends on, and by what the published tables are converted.

A change of the shown currency, or new rates, ask for a derive run, because days may have waited for them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from usage_assets.pricing.rates import USD, checked_currency
from usage_assets.project import Project


def shown_currency(project: Project) -> str:
    """Return the currency in which totals across currencies are shown.

    Raises:
        SettingsError: It is no currency, or it has no exchange rate.
    """
    currency = project.settings.currency
    return currency if currency == USD else checked_currency(currency, project.exchange_rates)


def recorded_currencies(project: Project) -> set[str]:
    """Return the currencies whose rates are recorded on every day of cost: the shown one, and those of budgets.

    Raises:
        SettingsError: The shown currency is none, or it has no exchange rate.
    """
    return {shown_currency(project), *(budget.currency for budget in project.files.budgets.look().value)}


def conversion_of(project: Project) -> str:
    """Return what conversion depends on: the shown currency, and the hash of the downloaded rates in use."""
    copy = project.reference.rates_copy()
    return f"{project.settings.currency} {copy.sha256 if copy else '(bundled)'}"


def has_new_conversion(project: Project) -> bool:
    """Return whether the published tables are converted by another currency or other rates than those in use."""
    return project.warehouse.exists() and _read(_published(project)) != conversion_of(project)


def note_conversion(project: Project, conversion: str) -> None:
    """Note by what a run converts; the note counts once the run has published."""
    _derived(project).write_text(conversion, encoding="utf-8")


def note_published_conversion(project: Project) -> None:
    """Note that what the last run converted is published."""
    with suppress(FileNotFoundError):
        _derived(project).replace(_published(project))


def _derived(project: Project) -> Path:
    return project.settings.data_dir / "warehouse" / "conversion.derived"


def _published(project: Project) -> Path:
    return project.settings.data_dir / "warehouse" / "conversion.published"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
