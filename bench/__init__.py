"""Measurements of the product against peers and limits, one command: `python -m bench`. No product code is copied."""
