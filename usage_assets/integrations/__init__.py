"""What is particular to each vendor: its request windows, parameters, lags and where its counts stand."""
