"""Processes that measure themselves: each takes a task as JSON and prints its figures as JSON."""
