"""Statistics over daily cost: where the month will end. Pure: numpy over matrices of days, no database, no Dagster."""
