"""Statistics over daily cost: projection, anomalies and budgets. Pure: no database, no Dagster."""
