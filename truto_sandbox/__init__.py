"""A local stand-in for Truto's HTTP API, with companies that are computed and a ledger of what they cost.

It knows nothing of the pipeline, and the pipeline nothing of it but an address and a token.
"""
