"""The candidates, one module each: `run` does the job, `found` says what it brought. Who measures is `rounds`."""
