"""The five vendors, each of which generates the rows of an account and a day."""

from truto_sandbox.vendors.claude import Claude
from truto_sandbox.vendors.codex import Codex
from truto_sandbox.vendors.confluent import Confluent
from truto_sandbox.vendors.cursor import Cursor
from truto_sandbox.vendors.datadog import Datadog
from truto_sandbox.vendors.vendor import Vendor

VENDORS: dict[str, Vendor] = {
    vendor.integration: vendor for vendor in (Claude(), Codex(), Cursor(), Confluent(), Datadog())
}
