"""Tests of profiles and request windows."""
