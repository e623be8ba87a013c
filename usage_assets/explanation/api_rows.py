"""Find the API row of a cost row: line in the landing file, page, request, and the values changed by the load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from usage_assets.explanation.exact import Formula, multiplied, plain, rounded
from usage_assets.explanation.facts import Charge, CostRow
from usage_assets.integrations.meters import CACHE_WRITE, quantities
from usage_assets.integrations.minor_units import amounts_per_unit
from usage_assets.integrations.profiles import Profile
from usage_assets.landing.lines import FileLines, lines_of
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.store import Landing, data_file_name


@dataclass(frozen=True, kw_only=True)
class ApiRow:
    """An API row in its landing file.

    Attributes:
        text: The unchanged row, None if it cannot be shown; `problem` then gives the reason.
        file: The landing file.
        line: The row's line in the file.
        page: The page of the response that brought the row.
        pages: The number of pages of the response.
        request: The request of the window's last fetch.
        fetched_at: The time of the fetch that was loaded, UTC.
        last_fetched_at: The time of the window's last fetch, UTC.
        is_newer_pending: Whether the last fetch landed other content, which is not loaded yet.
        is_tampered: Whether the file differs from the loaded file.
    """

    line: int
    fetched_at: datetime
    text: str | None = None
    file: str | None = None
    page: int | None = None
    pages: int | None = None
    request: str | None = None
    last_fetched_at: datetime | None = None
    is_newer_pending: bool = False
    problem: str | None = None
    is_tampered: bool = False


@dataclass(frozen=True)
class SentAmount:
    """An amount of an API row that was divided or rounded when it was loaded."""

    formula: Formula
    loaded: Decimal
    divisor: int


class ApiRows:
    """The API rows of the given cost rows; reads each landing file once."""

    def __init__(self, landing: Landing, rows: Iterable[CostRow]) -> None:
        self._landing = landing
        self._manifest = cache(partial(_read_manifest, landing))
        self._lines = cache(self._read_lines)
        self._numbers: dict[tuple[WindowKey, str], set[int]] = {}
        for row in rows:
            if row.window_key and row.sha256 and row.file_row:
                self._numbers.setdefault((row.window_key, row.sha256), set()).add(row.file_row)

    def of(self, row: CostRow) -> ApiRow | None:
        """Return the API row of `row`, None if a newer response replaced it."""
        key, sha256 = row.window_key, row.sha256
        if key is None or sha256 is None or row.file_row is None or row.fetched_at is None:
            return None
        api_row, manifest = ApiRow(line=row.file_row, fetched_at=row.fetched_at), self._manifest(key)
        if isinstance(manifest, str):
            return replace(api_row, problem=manifest)
        path = self._landing.data_path(msgspec.structs.replace(manifest, data_file=data_file_name(key, sha256)))
        api_row = replace(
            api_row,
            file=str(path.relative_to(self._landing.root.parent)),
            request=manifest.request,
            last_fetched_at=manifest.fetched_at.replace(tzinfo=None),
            is_newer_pending=manifest.sha256 != sha256,
        )
        return _with_text(api_row, self._lines(path, key, sha256), sha256)

    def _read_lines(self, path: Path, key: WindowKey, sha256: str) -> FileLines | str:
        """Return the lines of a file, or the reason why it cannot be read."""
        try:
            with path.open("rb") as file:
                return lines_of(file, self._numbers[key, sha256])
        except FileNotFoundError:
            return "is gone: it was removed, or replaced by later fetches"
        except (OSError, zstandard.ZstdError) as error:
            return f"cannot be read ({error})"


def _read_manifest(landing: Landing, key: WindowKey) -> Manifest | str:
    """Return a manifest, or the reason why there is none."""
    try:
        manifest = landing.manifest(key)
    except (LandingError, OSError) as error:
        return str(error)
    return manifest or f"account {key.account_id} has no manifest for {key.window} in landing/ any more"


def _with_text(row: ApiRow, lines: FileLines | str, sha256: str) -> ApiRow:
    if isinstance(lines, str):
        return replace(row, problem=f"{row.file} {lines}")
    if lines.sha256 != sha256:
        problem = f"{row.file} is not the file that was loaded: its sha256 differs"
        return replace(row, problem=problem, is_tampered=True)
    if row.line not in lines.found:
        return replace(row, problem=f"{row.file} has no line {row.line}", is_tampered=True)
    page, text = lines.found[row.line]
    return replace(row, page=page, pages=lines.pages, text=text.decode("utf-8", errors="replace"))


class _SentCharge(msgspec.Struct):
    amount: msgspec.Raw = msgspec.Raw(b"null")


class _SentRow(msgspec.Struct):
    charges: list[_SentCharge] | None = None


def sent_amounts(text: str, charges: Iterable[Charge], profile: Profile) -> tuple[SentAmount, ...]:
    """Return the amounts of an API row that were divided or rounded when they were loaded."""
    try:
        sent = msgspec.json.decode(text, type=_SentRow).charges or []
        numbers = [Decimal(bytes(charge.amount).decode().strip('"')) for charge in sent]
    except (msgspec.MsgspecError, InvalidOperation):
        return ()
    return tuple(
        SentAmount(_as_loaded(number, divisor), charge.amount, divisor)
        for number, charge in zip(numbers, charges, strict=False)
        if (divisor := amounts_per_unit(profile, charge.currency)) is not None
        if (divisor, number) != (1, charge.amount)
    )


def _as_loaded(number: Decimal, divisor: int) -> Formula:
    quotient = multiplied(number, Decimal(1).scaleb(1 - len(str(divisor)))).value
    return rounded(Formula(plain(number) if divisor == 1 else f"{plain(number)} / {divisor}", quotient))


def sent_input(text: str, row: CostRow, profile: Profile) -> Formula | None:
    """Return the uncached input of an API row whose input count includes reads and writes of the cache."""
    parts = [
        (name, count)
        for meter, name, count in (
            ("cache_read", "cached input", row.cached_input_tokens),
            ("cache_write", "cache write", _written(row)),
        )
        if meter in profile.input_includes and count
    ]
    sent = _first_count(text, profile)
    if row.input_tokens is None or not parts or sent != row.input_tokens + sum(count for _, count in parts):
        return None
    terms = " - ".join(f"{count} {name}" for name, count in [("input", sent), *parts])
    return Formula(terms, Decimal(row.input_tokens))


def _written(row: CostRow) -> int:
    """Return the tokens that a row wrote to the cache."""
    return sum(meter.quantity for meter in row.meters if meter.meter in CACHE_WRITE)


def _first_count(text: str, profile: Profile) -> int | None:
    """Return the first input count that the profile finds in an API row."""
    row = msgspec.json.decode(text)
    sources = [quantity.sources for quantity in quantities(profile.meters) if quantity.name == "input"]
    for source in (source for own in sources for source in own if len(source) == 1):
        value: Any = row
        for member in source[0].split("."):
            value = value.get(member) if isinstance(value, dict) else None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
