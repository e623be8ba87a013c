"""A local stand-in for Truto's HTTP API, with computed companies and a ledger of what they cost.

Any client can be tested against it: it needs an address and a token, and imports nothing of the pipeline.
"""
