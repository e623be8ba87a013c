"""The API row of a cost row, from its landing file."""

import hashlib
import io
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import zstandard

from usage_assets.landing.lines import lines_of
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets_tests.explanation.conftest import Derive, Lines, contradicting_lines
from usage_assets_tests.warehouse.pipeline import ACCOUNT, DAY, FETCHED_AT, NEXT_DAY, Pipeline, charge, row

ODD = (
    '{"id": "r2",  "charges":[{"amount":1.50,"currency":"USD","type":"net"}],"start_date":"2026-06-10","x":"\\u00fc ü"}'
)


@pytest.fixture
def landed(pipeline: Pipeline) -> Pipeline:
    """A pipeline whose second row has an unusual spacing, number and escape."""
    pipeline.land([row("r1", charge("net", "1")), ODD])
    pipeline.run()
    return pipeline


def data_file(pipeline: Pipeline) -> Path:
    [path] = (pipeline.folder / "landing" / "windows").rglob("*.zst")
    return path


def pages(folder: Path, *batches: list[str]) -> Path:
    raw = [[msgspec.Raw(text.encode()) for text in batch] for batch in batches]
    return Landing(folder).write_rows(WindowKey(ACCOUNT, "default", DAY, NEXT_DAY), raw).path


@pytest.mark.usefixtures("landed")
def test_a_row_is_shown_unchanged(explained: Lines) -> None:
    assert ODD in explained()


def test_file_line_page_request_and_fetch_are_named(landed: Pipeline, explained: Lines) -> None:
    lines = explained()

    name = data_file(landed).relative_to(landed.folder)
    at = lines.index(ODD)
    assert lines[at - 3 : at] == [
        f"source: {name}, line 2, page 1 of 1",
        f"request: /unified/usage-metering/usage?integrated_account_id={ACCOUNT} (first page of the request)",
        "fetched 2026-06-20 06:00:00 UTC",
    ]


def test_each_frame_of_a_file_is_a_page(tmp_path: Path) -> None:
    with pages(tmp_path, ["a", "b"], [], ["c"]).open("rb") as file:
        lines = lines_of(file, [1, 2, 3])

    assert (lines.pages, lines.found) == (3, {1: (1, b"a"), 2: (1, b"b"), 3: (3, b"c")})


def test_a_file_larger_than_what_is_read_at_once_has_all_its_lines(tmp_path: Path) -> None:
    texts = [f'{{"id":"{zlib_resistant(i)}"}}' for i in range(30_000)]
    with pages(tmp_path, texts[:10_000], texts[10_000:20_000], texts[20_000:]).open("rb") as file:
        lines = lines_of(file, [1, 10_000, 10_001, 30_000])

    assert {number: (page, text.decode()) for number, (page, text) in lines.found.items()} == {
        1: (1, texts[0]),
        10_000: (1, texts[9_999]),
        10_001: (2, texts[10_000]),
        30_000: (3, texts[29_999]),
    }


def zlib_resistant(number: int) -> str:
    """Return 128 random hexadecimal digits, which no compressor halves."""
    return hashlib.sha512(str(number).encode()).hexdigest()


def test_a_file_that_is_cut_short_is_refused() -> None:
    whole = zstandard.ZstdCompressor().compress(b"a\n" * 1000)
    with pytest.raises(zstandard.ZstdError):
        lines_of(io.BytesIO(whole[:-3]), [1])


def test_a_fetch_with_the_same_content_is_named(landed: Pipeline, explained: Lines) -> None:
    landed.land([row("r1", charge("net", "1")), ODD], fetched_at=FETCHED_AT + timedelta(days=1))

    assert "fetched 2026-06-20 06:00:00 UTC; fetched again 2026-06-21 06:00:00 UTC with the same content" in explained()


def test_a_newer_response_that_waits_is_named_and_the_loaded_row_shown(landed: Pipeline, explained: Lines) -> None:
    landed.land([row("r9", charge("net", "9"))], fetched_at=FETCHED_AT + timedelta(days=1))

    lines = explained()

    assert ODD in lines
    assert (
        "fetched 2026-06-20 06:00:00 UTC; a newer response, fetched 2026-06-21 06:00:00 UTC, waits to be loaded, "
        "and the request above brought that one"
    ) in lines


def test_a_file_that_is_gone_is_named_and_the_cost_still_explained(landed: Pipeline, explained: Lines) -> None:
    path = data_file(landed)
    path.unlink()

    lines = explained()

    assert "net: 1.5" in lines
    gone = f"source: {path.relative_to(landed.folder)} is gone: it was removed, or replaced by later fetches"
    assert f"{gone}; it was fetched 2026-06-20 06:00:00 UTC, line 2" in lines


def test_a_window_that_is_gone_is_named(landed: Pipeline, explained: Lines) -> None:
    data_file(landed).with_name("2026-06-10_2026-06-11.json").unlink()

    expected = f"source: account {ACCOUNT} has no manifest for 2026-06-10 in landing/ any more"
    assert [line for line in explained() if line.startswith(expected)]


def test_a_manifest_that_cannot_be_read_is_named(landed: Pipeline, explained: Lines) -> None:
    data_file(landed).with_name("2026-06-10_2026-06-11.json").write_text("{")

    assert [line for line in explained() if line.startswith("source: The manifest ") and "cannot be read" in line]


def test_a_file_that_cannot_be_read_is_named(landed: Pipeline, explained: Lines) -> None:
    data_file(landed).write_bytes(b"no frame")

    assert [line for line in explained() if line.startswith("source: ") and " cannot be read (" in line]


def test_a_file_that_is_not_what_was_loaded_is_a_contradiction(landed: Pipeline, derive: Derive) -> None:
    changed = ODD.replace("1.50", "1.40").encode() + b"\n"
    data_file(landed).write_bytes(zstandard.ZstdCompressor().compress(b"{}\n" + changed))

    name = data_file(landed).relative_to(landed.folder)
    assert (
        contradicting_lines(derive())
        == [f"CONTRADICTION: {name} is not the file that was loaded: its sha256 differs"] * 2
    )


def test_a_line_that_the_file_does_not_have_is_a_contradiction(landed: Pipeline, derive: Derive) -> None:
    landed.amend("update usage set file_row = 3 where row_id = 'r2'")

    name = data_file(landed).relative_to(landed.folder)
    assert contradicting_lines(derive()) == [f"CONTRADICTION: {name} has no line 3"]


def test_times_of_a_fetch_are_utc(landed: Pipeline) -> None:
    assert landed.one("select fetched_at from loads") == datetime(2026, 6, 20, 6)
