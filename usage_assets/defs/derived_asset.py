"""The decorator of an asset whose runs derive one table."""

from collections.abc import Callable, Iterable

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.metadata import OWNERS, documented
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.warehouse.tables import TABLES


def derived_asset(
    location: CodeLocation, table: str, *, deps: Iterable[str], group: str = "core", kind: str = "duckdb"
) -> Callable[[Callable[..., object]], dg.AssetsDefinition]:
    """Return the decorator of a derived asset: daily partitions, ranges in a single run, one writer at a time."""
    return dg.asset(
        key=location.naming.key(table),
        deps=[location.naming.key(name) for name in deps],
        partitions_def=location.partitions.dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
        required_resource_keys={run_lock_key(location.naming)},
        group_name=location.naming.group(group),
        kinds={kind},
        owners=OWNERS,
        metadata=documented(table, location.naming) if table in TABLES else {},
    )
