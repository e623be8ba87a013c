"""Numbered scripts that upgrade the tables of an older file; `warehouse.versions` applies them.

`NNNN_name.sql` upgrades version NNNN - 1 to NNNN. It may hold several statements, because a change of the schema is
a single step. It changes names and types of tables and columns, never the values of rows. The same commit changes
`sql/schema/`, which creates new files at the current version.

A new table needs no script: a file that lacks a table gets it. A script may drop an aggregate: it is then created and
derived again. A script that changes a column of a published table also records all days of that table as stale for
`published`, so that no published file keeps the old columns.
"""
