"""The CSV files that users write."""
