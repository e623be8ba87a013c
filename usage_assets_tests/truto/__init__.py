"""Tests of the API client, against a scripted server on loopback."""
