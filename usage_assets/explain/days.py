"""The part of a long API row that stands on one of its days. Pure arithmetic in words."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from usage_assets.explain.exact import DECIMALS, EXACT, equation, plain, product, truncated_share
from usage_assets.explain.facts import Span
from usage_assets.explain.said import moment

INSTANT = timedelta(microseconds=1)


def share_of(span: Span, whole: Decimal) -> tuple[Decimal, str]:
    """Returns the day's part of `whole` and how it is reckoned; the last day takes what truncation left over."""
    if span.days == 1:
        return whole, plain(whole)
    share = truncated_share(whole, span.days)
    if span.day_number < span.days:
        return share, f"{plain(whole)} / {span.days}, truncated to {DECIMALS} decimals = {plain(share)}"
    rest = EXACT.subtract(whole, product(span.days - 1, share))
    return rest, equation(f"{plain(whole)} - {span.days - 1} × {plain(share)}", rest)


def place_of(span: Span) -> str:
    """Returns which of the row's days this is, and why it has so many."""
    last = ", the last, which takes the rest," if span.day_number == span.days > 1 else ""
    said = f"day {span.day_number} of {span.days}{last} of a row from {moment(span.start_at)} to {moment(span.end_at)}"
    if (span.end_at - INSTANT).date() > span.last_day:
        said += f", which was fetched on {span.fetched_at:%Y-%m-%d} and so stands on its days up to {span.last_day}"
    return said
