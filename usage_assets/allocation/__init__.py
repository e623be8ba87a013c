"""Allocate cost to teams and cost centres by the dated rules of the user's `allocation.csv`. Pure."""
