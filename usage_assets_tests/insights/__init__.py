"""Projection, anomalies and budgets."""
