"""The rates and prices in use: a downloaded copy where it is newer than the package's own, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from usage_assets.locks import LockHeld, file_lock
from usage_assets.pricing.price_list import PACKAGE, PriceList, bundled_price_list, read_price_list
from usage_assets.pricing.reference_content import BadContent
from usage_assets.reference.copies import CopyFolder, HeldCopy
from usage_assets.reference.refresh import is_due, refresh
from usage_assets.reference.sources import PRICES, RATES, SOURCES, Source
from usage_assets.settings import OFF

LOCK_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class ReferenceData:
    """The rates and prices of one project.

    Attributes:
        folder: The folder of downloaded copies.
        addresses: The address of each source by its name: None for the usual one, `off` for no download.
    """

    folder: CopyFolder
    addresses: Mapping[str, str | None]

    def rates_copy(self) -> HeldCopy | None:
        """Return the downloaded rates, None where those of the package are as new."""
        copy = self._copy(RATES)
        return copy if copy is not None and copy.newest_day > RATES.bundled_day(copy.newest_day) else None

    def rates_file(self) -> Path | None:
        """Return the file of the downloaded rates, None where those of the package are as new."""
        copy = self.rates_copy()
        return self.folder.root / copy.file if copy else None

    def prices_copy(self) -> HeldCopy | None:
        """Return the downloaded prices, None where the package was updated since and may bring newer ones."""
        copy = self._copy(PRICES)
        return copy if copy is not None and copy.package_version == PRICES.package_version else None

    def price_list(self) -> PriceList:
        """Return the prices in use."""
        copy = self.prices_copy()
        if copy is None:
            return bundled_price_list()
        try:
            return _read_prices(self.folder.root / copy.file, f"{PACKAGE} {copy.name}")
        except BadContent:
            return bundled_price_list()

    def is_off(self, source: Source) -> bool:
        """Return whether a source is never downloaded."""
        return self.addresses[source.name] == OFF

    def due(self, now: datetime) -> list[Source]:
        """Return the sources to download now: once a day, an hour after a failure, and where a copy is damaged."""
        return [source for source in SOURCES if not self.is_off(source) and self._is_due(source, now)]

    def refresh(self, sources: list[Source], now: datetime) -> None:
        """Download `sources`, except those that are off; what fails is in the manifests. One process does it at a time.

        A process that waits for another in vain leaves it to that one.
        """
        wanted = [source for source in sources if not self.is_off(source)]
        if not wanted:
            return
        try:
            what = f"The folder {self.folder.root}"
            with file_lock(self.folder.lock, what=what, wait_seconds=LOCK_WAIT_SECONDS):
                for source in wanted:
                    refresh(source, self.addresses[source.name] or source.address, self.folder, now)
        except LockHeld:
            return

    def failures(self) -> Iterator[str]:
        """Yield a sentence, without full stop, for each source whose last download failed or whose copy is damaged."""
        for source in SOURCES:
            if self.is_off(source):
                continue
            manifest = self.folder.manifest(source.name)
            if manifest.failure is not None:
                yield f"{manifest.failure}; in use are {self.in_use(source)}"
            elif manifest.copy is not None and not self.folder.usable(manifest.copy):
                damaged = self.folder.root / manifest.copy.file
                yield f"{damaged} is not as it was downloaded; in use are {self.in_use(source)} until the next download"

    def old(self, today: date) -> Iterator[str]:
        """Yield a sentence, without full stop, for each source whose data in use is old."""
        for source in SOURCES:
            newest = self.newest_day(source, today)
            if today - newest > source.fresh_for:
                way_out = f"set {source.variable}, or " if self.is_off(source) else "see why downloads fail, or "
                yield (
                    f"The {source.subject} in use are {(today - newest).days} days old ({self.in_use(source)}): "
                    f"{way_out}update the package {source.package}"
                )

    def newest_day(self, source: Source, today: date) -> date:
        """Return the day of the newest rates in use, or that of the last download of the prices in use.

        The package does not say how old its prices are. The newest price with a date is at most as new.
        """
        if source is RATES:
            copy = self.rates_copy()
            return copy.newest_day if copy else RATES.bundled_day(today)
        copy = self.prices_copy()
        return copy.fetched_at.date() if copy else PRICES.bundled_day(today)

    def in_use(self, source: Source) -> str:
        """Return which data of a source is in use."""
        copy = self.rates_copy() if source is RATES else self.prices_copy()
        if copy is None:
            return f"those of {source.package} {source.package_version}"
        return f"those of {copy.name}, downloaded on {copy.fetched_at:%Y-%m-%d %H:%M} UTC"

    def _is_due(self, source: Source, now: datetime) -> bool:
        manifest = self.folder.manifest(source.name)
        is_damaged = manifest.failure is None and manifest.copy is not None and not self.folder.usable(manifest.copy)
        return is_damaged or is_due(manifest, now, source.package_version)

    def _copy(self, source: Source) -> HeldCopy | None:
        """Return the last good copy, None if it is not to be used, missing or damaged."""
        copy = None if self.is_off(source) else self.folder.manifest(source.name).copy
        return copy if copy is not None and self.folder.usable(copy) else None


@lru_cache(maxsize=2)
def _read_prices(path: Path, name: str) -> PriceList:
    """Return the prices in a downloaded file, whose name changes with its content."""
    return read_price_list(path.read_bytes(), name)
