"""Land rows without an API, for the tests of the landing folder."""

from datetime import UTC, datetime

import msgspec

from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing, data_file_name
from usage_assets_tests.landing.windows import KEY

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


def raw(*rows: bytes) -> list[msgspec.Raw]:
    return [msgspec.Raw(row) for row in rows]


def land(landing: Landing, *rows: bytes, key: WindowKey = KEY, at: datetime = MONDAY, final: bool = False) -> bool:
    """Land `rows` for `key` as one page; return whether a load is needed."""
    file = landing.write_rows(key, [raw(*rows)])
    manifest = Manifest(
        account_id=key.account_id,
        integration="cursor",
        report=key.report,
        window_start=key.window_start,
        window_end=key.window_end,
        request="GET /unified/usage-metering/usage",
        pages=1,
        rows=file.rows,
        sha256=file.sha256,
        data_file=data_file_name(key, file.sha256),
        fetched_at=at,
        elapsed_days=1,
        is_final=final,
    )
    return landing.commit(file, manifest)


def derive_all(landing: Landing) -> None:
    """Forget every pending window, as a derive run does once its days are published."""
    landing.forget_pending({key: landing.load_state(key) for key in landing.pending()})
