"""Derive a figure again: from a cell of an aggregate back to price or charge, API row and request.

`cell` reads the cost rows of a cell from the warehouse, `facts` types them, `api_rows` finds their API rows in the
landing files, `recomputation` computes each cost again in exact decimals, `contradictions` compares, `derivation` holds
the result, `lines` and `document` write it as text and as JSON. The package changes no data and imports no Dagster.
"""
