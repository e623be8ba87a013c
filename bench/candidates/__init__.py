"""The candidates of the comparison, one module each: `run` does the job, `result` returns its result."""
