"""Measure the product against other tools and against lower bounds: `python -m bench`; `README.md` explains it."""
