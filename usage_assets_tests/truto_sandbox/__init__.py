"""Tests of the sandbox over loopback, as a client uses it."""
