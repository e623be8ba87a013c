"""The money rules and the tables, on a real DuckDB file."""
