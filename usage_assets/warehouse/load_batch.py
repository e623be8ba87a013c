"""Load one batch of windows: landing files → readable files → staged rows → valid rows → `usage`, with its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count, groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from usage_assets.integrations.meters import METERS, quantities
from usage_assets.integrations.profiles import Profile
from usage_assets.landing.manifest import DamagedLandingFile, Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.load_findings import record_load_findings
from usage_assets.warehouse.load_windows import create_bad_lines, create_batch_files, create_batch_windows
from usage_assets.warehouse.price_contexts import create_price_contexts, create_row_contexts
from usage_assets.warehouse.readable_files import ReadableWindow, readable_window
from usage_assets.warehouse.row_reading import held_paths, reading_of
from usage_assets.warehouse.staging import create_valid_rows, remove_duplicates, stage_rows
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.unread_fields import inspected_rows, shapes_of
from usage_assets.warehouse.usage_rows import insert_usage
from usage_assets.warehouse.users import update_users

ROWS_PER_BATCH = 200_000
ROW_ERRORS = (
    duckdb.DataError,
    duckdb.InvalidInputException,
    duckdb.InternalError,
    duckdb.OutOfMemoryException,
    RecursionError,
    ValueError,
)
"""What DuckDB and Python's JSON reader raise over the content of rows."""


@dataclass(frozen=True)
class Unloadable:
    """What earlier attempts at a load failed over.

    Attributes:
        rows: The reason against each row, by window and line of the landing file.
        windows: The reason against each window of which nothing can be loaded.
    """

    rows: Mapping[WindowKey, Mapping[int, str]] = field(default_factory=dict)
    windows: Mapping[WindowKey, str] = field(default_factory=dict)

    def __or__(self, other: Unloadable) -> Unloadable:
        return Unloadable({**self.rows, **other.rows}, {**self.windows, **other.windows})


class WindowsDamaged(Exception):
    """The landing files of windows are not those that were written; a reason for each window."""

    def __init__(self, reasons: Mapping[WindowKey, str]) -> None:
        super().__init__()
        self.reasons = reasons


class BatchFailed(Exception):
    """A step failed over the rows of a batch; the error is the cause."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        super().__init__()
        self.manifests = manifests


def load_batch(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profile: Profile,
    manifests: Sequence[Manifest],
    unloadable: Unloadable,
    now: datetime,
) -> None:
    """Load windows of one integration.

    Args:
        connection: A connection inside a transaction.
        landing: The landing folder.
        profile: The profile of the integration.
        manifests: The windows.
        unloadable: The rows to reject because a step fails over them.
        now: The time of loading, UTC.

    Raises:
        WindowsDamaged: Landing files are not those that were written.
        BatchFailed: A step failed over these rows.
    """
    with TemporaryDirectory(prefix="usage-load-") as folder:
        copies = (Path(folder) / f"{number}.ndjson.zst" for number in count())
        readable = _readable_windows(landing, manifests, unloadable, copies)
        try:
            _load_rows(connection, landing, profile, manifests, readable, now)
        except ROW_ERRORS as error:
            raise BatchFailed(manifests) from error


def _readable_windows(
    landing: Landing, manifests: Sequence[Manifest], unloadable: Unloadable, copies: Iterator[Path]
) -> list[ReadableWindow]:
    readable, damaged = list[ReadableWindow](), dict[WindowKey, str]()
    for manifest in manifests:
        path, pages = landing.data_path(manifest), partial(landing.verified_pages, manifest)
        try:
            readable.append(readable_window(path, pages, unloadable.rows.get(manifest.key, {}), copies))
        except DamagedLandingFile as error:
            damaged[manifest.key] = str(error)
    if damaged:
        raise WindowsDamaged(damaged)
    return readable


def _load_rows(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profile: Profile,
    manifests: Sequence[Manifest],
    readable: Sequence[ReadableWindow],
    now: datetime,
) -> None:
    windows = create_batch_windows(connection, manifests, readable)
    files, bad_lines = create_batch_files(connection, windows), create_bad_lines(connection, windows)
    shapes = shapes_of(connection, files, bad_lines, profile)
    reading = reading_of(profile, held_paths(profile, [shape.members for shape in shapes]))
    staged = stage_rows(connection, windows, files, bad_lines, reading)
    duplicates = remove_duplicates(connection, staged)
    valid_rows = create_valid_rows(connection, staged)
    inspected = inspected_rows(connection, windows, files, valid_rows, shapes, landing, profile)
    contexts = create_price_contexts(connection, valid_rows, reading)
    row_contexts = create_row_contexts(connection, inspected, reading)
    users = update_users(connection, valid_rows)
    insert_usage(connection, valid_rows, users, contexts, row_contexts, meters_of(profile))
    loaded_at = now.replace(tzinfo=None)
    if staged.rejected_rows:
        execute(connection, "load/insert_rejected_rows", staged, files, bad_lines, files=files.paths, now=loaded_at)
    execute(connection, "load/insert_loads", staged, duplicates, windows, now=loaded_at)
    record_load_findings(connection, windows, staged, duplicates, valid_rows, inspected, profile)


def meters_of(profile: Profile) -> list[str]:
    """Return the names of the meters that a profile has paths for, in the order of the staged counts."""
    return [quantity.name for quantity in quantities(profile.meters) if quantity.name in METERS]


def batches(manifests: Iterable[Manifest]) -> Iterator[list[Manifest]]:
    """Yield batches of windows of one integration, so that memory does not grow with history.

    A window is never divided: a batch exceeds `ROWS_PER_BATCH` rows only if it is a single window.
    """
    ordered = sorted(
        manifests,
        key=lambda manifest: (manifest.integration, manifest.window_start, manifest.account_id, manifest.report),
    )
    for _, group in groupby(ordered, key=lambda manifest: manifest.integration):
        batch, rows = list[Manifest](), 0
        for manifest in group:
            if batch and rows + manifest.rows > ROWS_PER_BATCH:
                yield batch
                batch, rows = [], 0
            batch.append(manifest)
            rows += manifest.rows
        yield batch
