"""The Dagster side, on ephemeral instances and the real sandbox."""
