"""Tests of the Dagster definitions, on ephemeral instances and the real sandbox."""
