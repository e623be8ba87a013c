"""The entry point of the code location. Loading it needs no network, database or `.env`."""

from __future__ import annotations

import dagster as dg

from usage_assets.defs.build import build_definitions
from usage_assets.project import served_project

defs: dg.Definitions = build_definitions(served_project())
