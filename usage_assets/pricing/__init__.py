"""Prices: what a token of a model cost on a day. Money rules that use them stand in the warehouse's SQL."""
