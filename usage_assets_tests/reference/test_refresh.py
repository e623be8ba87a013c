"""When rates and prices are downloaded, what of it is kept, and what a failure or a kill leaves in use."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from usage_assets.reference.copies import CopyFolder, CopyManifest, HeldCopy
from usage_assets.reference.download import DownloadLimits
from usage_assets.reference.refresh import accepted, is_due, last_refresh, refresh
from usage_assets.reference.sources import PRICES, RATES, Source
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.reference.file_server import Answer, FileServer, cut, endless, silent, status, whole
from usage_assets_tests.reference.made_files import bundled_lines, history_until, line_of, price_file, zipped

NOW = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)  # a Saturday
FRIDAY, THURSDAY = date(2026, 11, 27), date(2026, 11, 26)
LIMITS = DownloadLimits(most_bytes=8 * 2**20, seconds=30, pause_seconds=1)
VERSION = RATES.package_version
HOUR = timedelta(hours=1)
HTML = b"  <!DOCTYPE html><html>Not here</html>"
FEW_CURRENCIES = zipped(["Date,USD,", *(f"{line[:10]},1.1," for line in bundled_lines()[1:])])
FEW_MODELS = b'[{"id": "p", "name": "P", "api_pattern": "p", "models": []}]'


def copy(**given: object) -> HeldCopy:
    members: dict[str, object] = {
        "file": "rates.1.zip", "sha256": "1", "arrived_at": NOW, "fetched_at": NOW, "newest_day": FRIDAY, "counts": {},
        "package_version": VERSION,
    }  # fmt: skip
    return HeldCopy(**{**members, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("manifest", "due"),
    [
        (CopyManifest(), True),
        (CopyManifest(copy=copy(fetched_at=NOW - HOUR)), False),
        (CopyManifest(copy=copy(fetched_at=NOW - 2 * HOUR)), True),
        (CopyManifest(copy=copy(package_version="0.1")), True),
        (CopyManifest(copy=copy(), attempted_at=NOW - 0.9 * HOUR, failure="no"), False),
        (CopyManifest(copy=copy(), attempted_at=NOW - HOUR, failure="no"), True),
        (CopyManifest(attempted_at=NOW - 0.9 * HOUR, failure="no"), False),
    ],
)
def test_a_source_is_due_once_a_day_and_an_hour_after_a_failure(manifest: CopyManifest, due: bool) -> None:  # noqa: FBT001
    assert is_due(manifest, NOW, VERSION) is due


def test_the_daily_download_is_an_hour_before_the_daily_fetch() -> None:
    five = NOW.replace(hour=5, minute=0)

    assert last_refresh(NOW) == last_refresh(five) == five
    assert last_refresh(five - timedelta(minutes=1)) == five - timedelta(days=1)


@pytest.fixture
def rates(server: FileServer, folder: CopyFolder) -> Callable[..., CopyManifest]:
    """Return a function that refreshes the rates from what the server answers."""

    def run(answer: bytes | Answer, *, now: datetime = NOW, source: Source = RATES) -> CopyManifest:
        server.answers["file"] = whole(answer) if isinstance(answer, bytes) else answer
        return refresh(source, server.address("file"), folder, now, LIMITS)

    return run


Rates = Callable[..., CopyManifest]


def test_a_good_file_becomes_the_copy_in_use(rates: Rates, folder: CopyFolder) -> None:
    manifest = rates(history_until(FRIDAY))

    assert manifest == folder.manifest("rates")
    assert manifest.failure is None
    assert manifest.copy is not None
    assert (manifest.copy.newest_day, manifest.copy.fetched_at) == (FRIDAY, NOW)
    assert (folder.root / manifest.copy.file).read_bytes() == history_until(FRIDAY)
    assert folder.usable(manifest.copy)


def test_equal_content_keeps_its_day_of_arrival(rates: Rates) -> None:
    first, second = rates(history_until(FRIDAY)), rates(history_until(FRIDAY), now=NOW + HOUR)

    assert first.copy is not None
    assert second.copy is not None
    assert (second.copy.arrived_at, second.copy.fetched_at) == (NOW, NOW + HOUR)
    assert second.copy.name == first.copy.name == f"2026-11-28 {first.copy.sha256[:8]}"


def test_the_replaced_copy_stays_for_those_who_read_it_and_an_older_one_goes(rates: Rates, folder: CopyFolder) -> None:
    for day in (date(2026, 11, 25), THURSDAY, FRIDAY):
        rates(history_until(day))

    manifest = folder.manifest("rates")
    assert manifest.copy is not None
    assert {path.name for path in folder.root.iterdir()} == {
        "rates.manifest.json", manifest.copy.file, manifest.copy.replaced_file,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (status(404), "The download of exchange rates from 127.0.0.1 failed: it answered with HTTP status 404"),
        (status(503), "The download of exchange rates from 127.0.0.1 failed: it answered with HTTP status 503"),
        (silent, "The download of exchange rates from 127.0.0.1 failed: it did not answer within 1 s"),
        (endless, "The download of exchange rates from 127.0.0.1 failed: it sent more than 8,388,608 bytes"),
        (cut(history_until(FRIDAY)), "The download of exchange rates from 127.0.0.1 failed: it cannot be reached"),
        (history_until(FRIDAY)[:5000], "exchange rates from 127.0.0.1 was refused: it is no complete zip file"),
        (HTML, "The download of exchange rates from 127.0.0.1 was refused: it is a web page"),
        (history_until(FRIDAY, {"JPY": "0"}), "was refused: line 2 has the rate '0' of JPY"),
        (history_until(date(2026, 11, 30)), "was refused: line 2 has rates of 2026-11-30, which is in the future"),
        (history_until(date(2026, 11, 25)), "was refused: it ends on 2026-11-25, and the copy in use on 2026-11-26"),
        (zipped(bundled_lines()[:2]), "was refused: it has 29 currencies, and the copy in use has 41"),
        (FEW_CURRENCIES, "was refused: it has 1 currencies, and the copy in use has 41"),
    ],
)
def test_what_fails_or_is_refused_leaves_the_last_good_copy(
    rates: Rates, folder: CopyFolder, answer: bytes | Answer, sentence: str
) -> None:
    before = rates(history_until(THURSDAY))

    after = rates(answer, now=NOW + HOUR)

    assert after.failure is not None
    assert sentence in after.failure
    assert (after.copy, after.attempted_at) == (before.copy, NOW + HOUR)
    assert after.copy is not None
    assert folder.usable(after.copy)


def test_without_a_copy_a_file_is_compared_with_that_of_the_package(rates: Rates) -> None:
    header, *lines = bundled_lines()
    manifest = rates(zipped([header, line_of(FRIDAY), *lines[::2]]))

    assert manifest.copy is None
    assert manifest.failure is not None
    assert "it has 3564 days, and the copy in use has 7126" in manifest.failure


def test_after_a_failure_the_next_good_file_is_taken(rates: Rates) -> None:
    rates(status(503))

    manifest = rates(history_until(FRIDAY), now=NOW + HOUR)

    assert (manifest.failure, manifest.copy is not None) == (None, True)


def test_prices_with_a_tenth_fewer_models_are_refused(rates: Rates) -> None:
    assert rates(price_file(), source=PRICES).failure is None

    manifest = rates(FEW_MODELS, source=PRICES)

    assert manifest.failure == (
        "The download of prices from 127.0.0.1 was refused: it has 0 models, and the copy in use has 2330"
    )


@pytest.mark.parametrize(
    "answer", [b'{"models": []}', HTML, price_file()[:-10], price_file({"gpt-5": {"input_mtok": -1}})]
)
def test_prices_of_another_shape_are_refused(rates: Rates, answer: bytes) -> None:
    good = rates(price_file(), source=PRICES)

    manifest = rates(answer, source=PRICES)

    assert manifest.failure is not None
    assert "was refused" in manifest.failure
    assert manifest.copy == good.copy


def test_a_folder_that_cannot_be_written_is_a_failure(rates: Rates, folder: CopyFolder) -> None:
    folder.root.write_text("a file where the folder should be")

    manifest = rates(history_until(FRIDAY))

    assert manifest.failure is not None
    assert manifest.failure.startswith("The download of exchange rates could not be kept: ")


def test_a_copy_that_an_older_package_accepted_is_examined_again() -> None:
    source = replace(RATES, facts=lambda content, _: RATES.bundled_facts(FRIDAY))
    content = b"any"
    held = accepted(source, content, None, NOW)
    older = HeldCopy(**{**{name: getattr(held, name) for name in HeldCopy.__struct_fields__}, "package_version": "0.1"})

    again = accepted(source, content, older, NOW + HOUR)

    assert (again.package_version, again.arrived_at, again.replaced_file) == (VERSION, NOW, None)


REFRESH_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from usage_assets.reference.copies import CopyFolder
from usage_assets.reference.refresh import refresh
from usage_assets.reference.sources import RATES

address, folder, moment = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
renames = 0

def die_before_a_rename(event, arguments):
    global renames
    if event == "os.rename":
        renames += 1
        if renames == moment:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die_before_a_rename)
refresh(RATES, address, CopyFolder(folder), datetime(2026, 11, 28, 7, tzinfo=UTC))
"""


@pytest.mark.parametrize("moment", [1, 2])
def test_a_kill_before_a_rename_leaves_the_old_copy_in_use(
    rates: Rates, server: FileServer, folder: CopyFolder, moment: int
) -> None:
    before = rates(history_until(THURSDAY))
    address = server.serves("newer", history_until(FRIDAY))

    ended = subprocess.run(
        [sys.executable, "-c", REFRESH_AND_DIE, address, str(folder.root), str(moment)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=False,
    )

    assert ended.returncode == -signal.SIGKILL
    assert folder.manifest("rates") == before
    assert before.copy is not None
    assert folder.usable(before.copy)
    after = rates(history_until(FRIDAY), now=NOW + HOUR)
    assert after.copy is not None
    assert left_over(folder.root, after.copy) == []


def left_over(root: Path, held: HeldCopy) -> list[str]:
    known = {"rates.manifest.json", held.file, held.replaced_file}
    return [path.name for path in root.iterdir() if path.name not in known]
