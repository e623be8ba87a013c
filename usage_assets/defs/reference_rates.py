"""The asset `reference_rates`: fresh exchange rates and prices.

It has no partitions: each download brings the rates and prices of all days.
"""

import dagster as dg

from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.reference.sources import SOURCES

ASSET = "reference_rates"


def reference_rates_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `reference_rates`, whose runs download."""

    @dg.asset(
        key=location.naming.key(ASSET),
        required_resource_keys={run_lock_key(location.naming)},
        group_name=location.naming.group("raw"),
        kinds={"http", "file"},
        owners=["team:data"],
    )
    def reference_rates(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Exchange rates of the European Central Bank and the price list of `genai-prices`, each as one file.

        A download that fails or is refused leaves the last good file in use; the checks say so, and the run succeeds.
        A run that nothing is due for downloads both.
        """
        claim_instance(context.instance, location)
        reference, now = location.project.reference, location.project.now()
        reference.refresh(reference.due(now) or [*SOURCES], now)
        return dg.MaterializeResult(metadata=dict(_metadata(location)))

    return reference_rates


def _metadata(location: CodeLocation) -> list[tuple[str, str]]:
    reference, today = location.project.reference, location.today()
    return [
        *((source.name, reference.in_use(source)) for source in SOURCES),
        *((f"newest_{source.name}", str(reference.newest_day(source, today))) for source in SOURCES),
        *((f"failure_{number}", sentence) for number, sentence in enumerate(reference.failures(), 1)),
    ]
