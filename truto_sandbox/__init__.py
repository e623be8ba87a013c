"""A local imitation of Truto's HTTP API, with generated companies and a ledger of their true cost.

Any client can be tested against it, with an address and a token. It imports nothing of the pipeline.
"""
