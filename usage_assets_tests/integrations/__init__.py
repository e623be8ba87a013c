"""Tests of the profiles and of the request windows they lead to."""
