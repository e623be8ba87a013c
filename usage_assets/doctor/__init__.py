"""The examination behind `usage-assets doctor`: what is seen, and what each of it means for the user.

`findings` turns what was seen into lines, `token_mapping` reads the API's schema, `examination` looks. Nothing is
changed anywhere, and Dagster is not imported.
"""
