"""Statistics over daily cost. Pure: numpy over matrices of days, no database, no Dagster."""
