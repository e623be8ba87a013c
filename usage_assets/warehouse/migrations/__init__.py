"""Numbered scripts that bring the tables of an older file up to the present schema; `usage_assets.warehouse.versions`.

`NNNN_name.sql` brings version NNNN - 1 to NNNN. It is a script of several statements, because a change of the schema is
one step; it changes names and shapes and leaves rows as they are. The same commit changes `sql/schema/`, which creates
new files at the present version. Tables that are derived may be dropped: an aggregate that is dropped and removed from
`bookkeeping.schema_version.aggregates` is created and derived again.
"""
