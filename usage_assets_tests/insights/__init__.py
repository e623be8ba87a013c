"""Tests of statistics: hand-written amounts, no database."""
