"""Answers that rest on the aggregates: projection, anomalies and budgets. Pure: frames in, frames out."""
