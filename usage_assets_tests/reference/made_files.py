"""Files of rates and prices: those of the packages, changed as a test needs it."""

import dataclasses
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from currency_converter import CURRENCY_FILE
from genai_prices.data import providers
from genai_prices.types import ModelPrice

from usage_assets.pricing.rates import last_quoted_day

BUNDLED_LAST_DAY = date(2026, 10, 30)
RATES_OF_A_DAY = {"USD": "1.25", "GBP": "0.8", "JPY": "160"}
"""Units per euro on each day after the bundled ones."""


@cache
def bundled_lines() -> tuple[str, ...]:
    """Return the lines of the bundled history, the header first."""
    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        return tuple(archive.read("eurofxref-hist.csv").decode().splitlines())


def zipped(lines: Iterable[str], name: str = "eurofxref-hist.csv") -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), "\n".join([*lines, ""]), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def history_until(last: date, changed: Mapping[str, str] = RATES_OF_A_DAY) -> bytes:
    """Return the bundled history and a line for each later quoted day up to `last`, with `changed` rates."""
    header, *lines = bundled_lines()
    return zipped([header, *(line_of(day, changed) for day in reversed(quoted_days(last))), *lines])


def line_of(day: date, changed: Mapping[str, str] = RATES_OF_A_DAY) -> str:
    """Return a line like the newest of the bundle, for another day and with `changed` rates."""
    header, newest, *_ = bundled_lines()
    pairs = zip(header.split(",")[1:], newest.split(",")[1:], strict=True)
    return ",".join([str(day), *(changed.get(currency, rate) for currency, rate in pairs)])


def quoted_days(last: date) -> list[date]:
    days = [BUNDLED_LAST_DAY + timedelta(days=number) for number in range(1, (last - BUNDLED_LAST_DAY).days + 1)]
    return [day for day in days if last_quoted_day(day) == day]


def price_file(changed: Mapping[str, Any] | None = None) -> bytes:
    """Return the bundled prices in the format of the updater; `changed` has other prices of models, by their id."""
    listed = _plain(providers)
    for provider in listed:
        for model in provider["models"]:
            model["prices"] = (changed or {}).get(model["id"], model["prices"])
    return json.dumps(listed).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, ModelPrice):
        return {key: _plain(price) for key, price in vars(value).items() if price is not None}
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        return {name.rstrip("_"): _plain(given) for name, given in fields.items() if given is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, date | time) else value


def bundled_zip() -> bytes:
    return Path(CURRENCY_FILE).read_bytes()
