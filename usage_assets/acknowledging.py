"""Acknowledge an anomaly: write it down, then give it to the table and to the published files at once."""

from __future__ import annotations

from usage_assets.acknowledgements import Acknowledgement, add_acknowledgement
from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.project import Project
from usage_assets.warehouse.anomalies import has_anomaly, write_acknowledgements
from usage_assets.warehouse.connection import READING_WAIT_SECONDS
from usage_assets.warehouse.publish import publish_derived
from usage_assets.warehouse.stale_days import is_any_day_stale


class UnknownAnomaly(UsageAssetsError, LookupError):
    """There is no anomaly of this id."""

    exit_code = WRONG_CALL


def acknowledge(project: Project, anomaly_id: str, note: str) -> bool:
    """Acknowledge an anomaly; return whether the published files show it already.

    While a derive run is under way, its published files will show it.

    Raises:
        UnknownAnomaly: There is no such anomaly; nothing is written.
        NothingLoaded: There is no warehouse yet.
        LockHeld: Another process wrote the warehouse for too long; nothing is written.
    """
    new = Acknowledgement(anomaly_id=anomaly_id, acknowledged_at=project.now(), note=note)
    with project.warehouse.transaction(wait_seconds=READING_WAIT_SECONDS) as connection:
        if not has_anomaly(connection, anomaly_id):
            raise UnknownAnomaly(
                f"There is no anomaly {anomaly_id!r}: `usage-assets anomalies --all` lists every anomaly with its id."
            )
        acknowledged = add_acknowledgement(project.settings.acknowledgements_path, new)
        write_acknowledgements(connection, acknowledged)
        is_derived = not is_any_day_stale(connection)
    if is_derived:
        publish_derived(project.warehouse, project.landing, project.profiles, project.published_dir, [])
    return is_derived
