"""Prices of tokens per model and day, canonical model names, and exchange rates; SQL multiplies them with usage."""
