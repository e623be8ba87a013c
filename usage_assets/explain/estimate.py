"""The estimate of one cost row: its tokens times the price of the day its API row begins. Pure arithmetic in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from usage_assets.explain.exact import plain, product, rounded, rounded_equation, total
from usage_assets.explain.facts import CostRow

COUNTS = {
    "uncached input": ("input_tokens", "input_price"),
    "cached input": ("cached_input_tokens", "cached_input_price"),
    "cache write": ("cache_write_tokens", "cache_write_price"),
    "output": ("output_tokens", "output_price"),
}


@dataclass(frozen=True)
class Estimate:
    """What the tokens of an API row are worth in USD, and how that is said; None where it has no price."""

    cost_usd: Decimal | None
    line: str


def estimate_of(row: CostRow) -> Estimate | None:
    """Returns the estimate of the whole API row, None where there are no tokens on this cost row to price."""
    counts = {name: getattr(row, tokens) or 0 for name, (tokens, _) in COUNTS.items()}
    if row.currency != row.counting_currency or not any(counts.values()):
        return None
    prices = {name: getattr(row, price) for name, (_, price) in COUNTS.items()}
    tokens = " + ".join(f"{count} {name}" for name, count in counts.items() if count)
    if None in prices.values():
        return Estimate(None, f"{tokens} tokens: {_no_price(row)}")
    written = " + ".join(f"{count} {name} × {plain(prices[name])}" for name, count in counts.items() if count)
    exact = total(product(count, prices[name]) for name, count in counts.items())
    return Estimate(rounded(exact), f"{rounded_equation(written, exact)} USD, {_price_of(row)}")


def _price_of(row: CostRow) -> str:
    also = f" (there {row.matched_model})" if row.matched_model not in {None, row.model} else ""
    return f"price per token of {row.model} on {row.first_day} by {row.price_book}{also}"


def _no_price(row: CostRow) -> str:
    if row.model == "(none)":
        return "the row names no model, so they have no price"
    return f"model {row.model} has no price in {row.price_book or 'any price book'} on {row.first_day}"
