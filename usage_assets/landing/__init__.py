"""Landing: every answer of the API, kept untouched, one file per account, report and request window.

`store` knows the place and its files, `manifest` what is written beside them, `fetch` brings an answer there,
`accounts` keeps the list of integrated accounts. Nothing else touches landing files.
"""
