"""Tests of the local stand-in, over loopback as any client would meet it."""
