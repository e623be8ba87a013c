"""Keep what people acknowledged, in `anomalies.jsonl` in the data folder: one JSON object a line, one line an anomaly.

    {"anomaly_id":"9f2c…","acknowledged_at":"2026-11-27T09:30:00Z","note":"load test"}

`warehouse.anomalies` gives the incidents their state by it. A note is text of a person and is never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.landing.whole_files import write_whole
from usage_assets.locks import file_lock

WAIT_SECONDS = 10.0


class AcknowledgementsUnreadable(UsageAssetsError):
    """A line of the file is no acknowledgement."""

    is_permanent = True


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person knows of an incident.

    Attributes:
        anomaly_id: The incident.
        acknowledged_at: When, UTC.
        note: What the person wrote.
    """

    anomaly_id: str
    acknowledged_at: datetime
    note: str


def read_acknowledgements(path: Path) -> dict[str, Acknowledgement]:
    """Return the acknowledgements by anomaly id; none without a file.

    Raises:
        AcknowledgementsUnreadable: A line is no acknowledgement.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    return {line.anomaly_id: line for line in _lines(path, content)}


def readable_acknowledgements(path: Path) -> dict[str, Acknowledgement]:
    """Return those that can be read, by anomaly id: a wrong line must not keep figures from being derived.

    `doctor` and `usage-assets anomalies` name a wrong line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    found = dict[str, Acknowledgement]()
    for line in content.splitlines():
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            read = msgspec.json.decode(line, type=Acknowledgement)
            found[read.anomaly_id] = read
    return found


def wrong_lines(path: Path) -> list[str]:
    """Return a sentence about the first line that cannot be read; none if there is no such line."""
    try:
        read_acknowledgements(path)
    except AcknowledgementsUnreadable as error:
        return [str(error)]
    return []


def add_acknowledgement(path: Path, new: Acknowledgement) -> dict[str, Acknowledgement]:
    """Write `new` beside the others, which stay as they are; return all of them.

    Raises:
        AcknowledgementsUnreadable: A line of the file is no acknowledgement; nothing is written.
        LockHeld: Another process writes the file.
        OSError: The disk does not accept the file; it stays as it was.
    """
    lock = path.parent / "warehouse" / f"{path.name}.lock"
    with file_lock(lock, what=str(path), wait_seconds=WAIT_SECONDS):
        all_of_them = {**read_acknowledgements(path), new.anomaly_id: new}
        lines = (msgspec.json.encode(line) + b"\n" for line in all_of_them.values())
        write_whole(path, b"".join(lines))
    return all_of_them


def _lines(path: Path, content: bytes) -> Iterator[Acknowledgement]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=Acknowledgement)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise AcknowledgementsUnreadable(
                    f"{path}, line {number}, is no acknowledgement ({error}): correct or remove that line."
                ) from error
