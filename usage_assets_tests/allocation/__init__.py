"""Tests of `usage_assets.allocation`."""
