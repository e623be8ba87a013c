"""The root of the checkout that contains the tests."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
