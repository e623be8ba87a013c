"""The entry point of the code location. Loading it needs no environment variable, network or database."""

from __future__ import annotations

import dagster as dg

from usage_assets.defs.build import build_definitions

defs: dg.Definitions = build_definitions()
