"""Keep the warehouse: one DuckDB file, written by one process at a time; people read its published files.

`connection` opens it, `load`, `prices`, `derive` and `publish` are its steps, `sql/` holds every statement.
Nothing outside this package knows that the database is one file.
"""
