"""The explanation behind `usage-assets explain`: a figure, back to price or charge, API row and request.

`cell` finds the cost rows, `bill`, `estimate`, `days` and `figure` reckon each anew and say how, `source_row` fetches
the row of the API, `sent` says what became of its numbers, `head` and `explanation` put it all into lines. Nothing is
changed anywhere, and Dagster is not imported.
"""
