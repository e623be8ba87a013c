"""The five vendors: how a company, an account and a day become the rows each of them would report."""

from usage_assets.sandbox.vendors.claude import Claude
from usage_assets.sandbox.vendors.codex import Codex
from usage_assets.sandbox.vendors.confluent import Confluent
from usage_assets.sandbox.vendors.cursor import Cursor
from usage_assets.sandbox.vendors.datadog import Datadog
from usage_assets.sandbox.vendors.vendor import Vendor

VENDORS: dict[str, Vendor] = {
    vendor.integration: vendor for vendor in (Claude(), Codex(), Cursor(), Confluent(), Datadog())
}

__all__ = ["VENDORS", "Vendor"]
