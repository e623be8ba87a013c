"""Landing: the API's responses, unchanged, one file per account, report and request window, and the account list.

`store` owns the folder and its files, `manifest` the description beside each file, `fetch` writes a response to it,
`lines` reads single rows back, `accounts` keeps the list of integrated accounts. The load in `warehouse` reads the
files that a manifest names.
"""
