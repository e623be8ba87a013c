"""Tests of the pure parts of the demo, of its processes and of its error messages."""
