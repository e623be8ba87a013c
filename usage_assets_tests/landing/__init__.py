"""Tests of landing: real files below a temporary folder, a scripted server on loopback."""
