"""Examine a project for `usage-assets doctor` and report findings: each is one line that says what to do.

`examination` runs the parts in order, `findings` decides how bad each fact is, `token_mapping` reads the API's schema.
Nothing here changes a file or imports Dagster.
"""
