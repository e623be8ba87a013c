"""The root of the checkout that the tests run in."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
