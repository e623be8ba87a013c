"""The warehouse: one DuckDB file, written by one process at a time; people read its published files.

`connection` opens it; `load`, `prices`, `derive` and `publish` are the steps; `sql/` holds every statement.
"""
