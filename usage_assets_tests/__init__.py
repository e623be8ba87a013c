"""Tests; the folders mirror those of `usage_assets`."""
