"""How numbers of the API row became those that cost is reckoned from, where the two are not the same. In words.

An amount may have been divided or have more decimals than money keeps, an input count may hold the cached part.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from usage_assets.explain.exact import plain, product, rounded, rounded_equation
from usage_assets.explain.facts import Charge, CostRow
from usage_assets.explain.said import Said
from usage_assets.integrations.profiles import Profile


class SentCharge(msgspec.Struct):
    """The only member of a charge that is looked at."""

    amount: msgspec.Raw = msgspec.Raw(b"null")


class SentRow(msgspec.Struct):
    """The only member of a row that amounts are looked for in."""

    charges: list[SentCharge] | None = None


def amounts_as_sent(text: str, charges: Iterable[Charge], divisor: int) -> list[Said]:
    """Returns how each amount of the row became that of its charge, where that took a step."""
    try:
        sent = msgspec.json.decode(text, type=SentRow).charges or []
        numbers = [Decimal(bytes(charge.amount).decode().strip('"')) for charge in sent]
    except (msgspec.MsgspecError, InvalidOperation):
        return []
    pairs = [(number, charge.amount) for number, charge in zip(numbers, charges, strict=False)]
    return [_as_kept(number, kept, divisor) for number, kept in pairs if (divisor, number) != (1, kept)]


def _as_kept(sent: Decimal, kept: Decimal, divisor: int) -> Said:
    exact = product(sent, Decimal(1).scaleb(1 - len(str(divisor))))
    if rounded(exact) != kept:
        apart = f"amount {plain(sent)} was loaded as {plain(kept)}, which amount_divisor = {divisor} does not give"
        return Said(f"CONTRADICTION: {apart}: the profile changed since", contradicts=True)
    if divisor == 1:
        return Said(f"amount as sent: {rounded_equation(plain(sent), exact)}")
    said = rounded_equation(f"{plain(sent)} / {divisor}", exact)
    return Said(f"amount as sent, divided by {divisor} (amount_divisor in the profile): {said}")


def input_as_sent(text: str, row: CostRow, profile: Profile) -> list[Said]:
    """Returns how the row's input count became its uncached part, where the profile says that it holds both."""
    if not profile.input_includes_cache or row.input_tokens is None or not row.cached_input_tokens:
        return []
    sent = _first_count(text, profile.tokens["input"])
    if sent is None or sent != row.input_tokens + row.cached_input_tokens:
        return []
    said = f"{sent} input - {row.cached_input_tokens} cached input = {row.input_tokens}"
    return [Said(f"uncached input: {said} (input_includes_cache in the profile)")]


def _first_count(text: str, paths: Iterable[str]) -> int | None:
    row = msgspec.json.decode(text)
    for path in paths:
        found: Any = row
        for member in path.split("."):
            found = found.get(member) if isinstance(found, dict) else None
        if isinstance(found, int) and not isinstance(found, bool):
            return found
    return None
