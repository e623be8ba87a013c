"""Say in words what a rule matches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from usage_assets.allocation.rules import Rule


def conditions_text(rule: Rule) -> str:
    """Return the conditions and the validity of a rule in words."""
    named = [f"{name} {pattern}" for name, pattern in rule.named_conditions.items()]
    return ", ".join([*(named or ["everything"]), *_validity(rule)])


def _validity(rule: Rule) -> Iterator[str]:
    if rule.valid_from != date.min:
        yield f"from {rule.valid_from}"
    if rule.valid_to != date.max:
        yield f"until {rule.valid_to}"
