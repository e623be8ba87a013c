"""Tests of the pure parts of the demo, and of the sentences it ends with."""
