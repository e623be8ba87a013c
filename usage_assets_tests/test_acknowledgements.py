"""The file of what people acknowledged."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from usage_assets.acknowledgements import (
    Acknowledgement,
    AcknowledgementsUnreadable,
    add_acknowledgement,
    read_acknowledgements,
    readable_acknowledgements,
    wrong_lines,
)

MOMENT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anomalies.jsonl"


def acknowledgement(anomaly_id: str = "a1", note: str = "load test") -> Acknowledgement:
    return Acknowledgement(anomaly_id=anomaly_id, acknowledged_at=MOMENT, note=note)


def test_without_a_file_nothing_is_acknowledged(path: Path) -> None:
    assert read_acknowledgements(path) == {}


def test_what_is_added_is_read_beside_the_others(path: Path) -> None:
    add_acknowledgement(path, acknowledgement("a1"))
    add_acknowledgement(path, acknowledgement("a2"))

    assert read_acknowledgements(path) == {"a1": acknowledgement("a1"), "a2": acknowledgement("a2")}


def test_the_last_note_of_an_anomaly_counts(path: Path) -> None:
    add_acknowledgement(path, acknowledgement(note="what is this"))
    add_acknowledgement(path, acknowledgement(note="a load test"))

    assert [line.note for line in read_acknowledgements(path).values()] == ["a load test"]


@pytest.mark.parametrize("note", ["", "two\nlines", '"}\n{"anomaly_id":"a2"', "\x1b[31m", "é\u2028\u2029", "null"])
def test_any_note_stays_the_note_of_one_anomaly(path: Path, note: str) -> None:
    add_acknowledgement(path, acknowledgement(note=note))

    assert read_acknowledgements(path) == {"a1": acknowledgement(note=note)}


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"anomaly_id":"a","acknowledged_at":"soon","note":""}', "\xff"])
def test_a_line_that_is_none_is_named(path: Path, line: str) -> None:
    add_acknowledgement(path, acknowledgement())
    content = path.read_bytes() + line.encode("latin-1")
    path.write_bytes(content)

    with pytest.raises(AcknowledgementsUnreadable, match=r"anomalies\.jsonl, line 2, is no acknowledgement"):
        add_acknowledgement(path, acknowledgement("a2"))

    assert path.read_bytes() == content


def test_a_wrong_line_leaves_the_others_readable_and_is_named(path: Path) -> None:
    add_acknowledgement(path, acknowledgement("a"))
    path.write_bytes(path.read_bytes() + b'{"anomaly_id":"237')

    assert list(readable_acknowledgements(path)) == ["a"]
    [sentence] = wrong_lines(path)
    assert sentence.startswith(f"{path}, line 2, is no acknowledgement")
