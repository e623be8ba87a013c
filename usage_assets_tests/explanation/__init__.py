"""Tests of `usage-assets explain`."""
