"""Read the CSV files that users write in the data folder."""
