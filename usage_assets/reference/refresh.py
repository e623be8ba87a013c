"""Decide when rates and prices are downloaded, download them, and keep what can be trusted.

Whatever goes wrong is noted in the manifest and stops nothing: the last good copy stays in use, else the package's own.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from usage_assets.errors import os_error_sentence
from usage_assets.pricing.reference_content import BadContent, Facts, refuse_shrunk
from usage_assets.reference.copies import CopyFolder, CopyManifest, HeldCopy
from usage_assets.reference.download import DownloadFailed, DownloadLimits, download, shown_host
from usage_assets.reference.sources import Source

REFRESH_HOUR_UTC = 5
"""An hour before the daily fetch. The rates of a day are published in its afternoon."""

PAUSE = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


def is_due(manifest: CopyManifest, now: datetime, package_version: str) -> bool:
    """Return whether a source is downloaded now: once a day, and an hour after a failure.

    After an update of its package the newest file is downloaded at once, because either copy may be the newer one.
    """
    if manifest.failure is not None and manifest.attempted_at is not None:
        return now >= manifest.attempted_at + PAUSE
    copy = manifest.copy
    return copy is None or copy.fetched_at < last_refresh(now) or copy.package_version != package_version


def last_refresh(now: datetime) -> datetime:
    """Return the latest time at or before `now` at which the daily download was due."""
    today = now.replace(hour=REFRESH_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if now >= today else today - ONE_DAY


def refresh(
    source: Source, address: str, folder: CopyFolder, now: datetime, limits: DownloadLimits | None = None
) -> CopyManifest:
    """Download a source and return its new manifest; the caller holds the lock of the folder.

    Args:
        source: The rates or the prices.
        address: Where they are downloaded from.
        folder: The folder of copies.
        now: The present time, UTC.
        limits: The most that the download may take; the usual limits by default.
    """
    before, host = folder.manifest(source.name), shown_host(address)
    failure = None
    copy = before.copy
    try:
        content = download(address, limits or DownloadLimits(source.most_bytes))
        copy = accepted(source, content, before.copy, now)
        folder.write_copy(copy.file, content)
    except DownloadFailed as error:
        failure = f"The download of {source.subject} from {host} failed: {error}"
    except BadContent as error:
        failure = f"The download of {source.subject} from {host} was refused: {error}"
    except OSError as error:
        failure, copy = f"The download of {source.subject} could not be kept: {os_error_sentence(error)}", before.copy
    after = CopyManifest(copy=copy, attempted_at=now, failure=failure)
    with suppress(OSError):  # the earlier manifest stays, and the download is tried again
        folder.write_manifest(source.name, after)
    return after


def accepted(source: Source, content: bytes, held: HeldCopy | None, now: datetime) -> HeldCopy:
    """Return the copy that a downloaded file becomes.

    Raises:
        BadContent: The file is none of the source, or it lacks what the copy in use has.
    """
    digest = sha256(content).hexdigest()
    version = source.package_version
    if held is not None and held.sha256 == digest and held.package_version == version:
        return msgspec.structs.replace(held, fetched_at=now)
    if content.lstrip()[:1] == b"<":
        raise BadContent("it is a web page")
    facts = source.facts(content, now.date())
    _refuse_older(facts, held.facts if held else source.bundled_facts(now.date()))
    return HeldCopy(
        file=f"{source.name}.{digest[:16]}.{source.suffix}",
        sha256=digest,
        arrived_at=held.arrived_at if held is not None and held.sha256 == digest else now,
        fetched_at=now,
        newest_day=facts.newest_day,
        counts=dict(facts.counts),
        package_version=version,
        replaced_file=held.file if held is not None and held.sha256 != digest else None,
    )


def _refuse_older(facts: Facts, before: Facts) -> None:
    refuse_shrunk(facts, before)
    if facts.newest_day < before.newest_day:
        raise BadContent(f"it ends on {facts.newest_day}, and the copy in use on {before.newest_day}")
