"""Write a preview of `allocation.csv` as lines for people, or as a JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from usage_assets.allocation.preview import CombinationSums, CostSums, Money, Preview, RulePreview, ShareSums, State
from usage_assets.allocation.rules import NONE, Rule
from usage_assets.allocation.words import conditions_text
from usage_assets.explanation.exact import plain
from usage_assets.terminal import counted


def preview_lines(preview: Preview, file: Path, *, is_present: bool) -> Iterator[str]:
    """Yield the lines of a preview.

    Args:
        preview: The preview.
        file: The file of the rules.
        is_present: Whether there is such a file.
    """
    rules = f"{counted(len(preview.rules), 'rule')}" if is_present else "there is no such file, so there is no rule"
    yield f"{file}: {rules}, on {_cost_days(preview)}"
    for rule in preview.rules:
        yield ""
        yield from _rule_lines(rule)
    yield ""
    yield f"of no team: {_sums_text(preview.unallocated)}"
    yield from (f"  {_combination_text(found)}" for found in preview.combinations)
    more = preview.combination_count - len(preview.combinations)
    if more > 0:
        yield f"  and {counted(more, 'more combination')}"
    yield ""
    yield _totals_text(preview)
    yield _changes_text(preview)


def preview_json(preview: Preview, file: Path) -> str:
    """Return a preview as one JSON document, decimals as strings."""
    document: dict[str, Any] = {
        "file": str(file),
        **msgspec.to_builtins(preview, builtin_types=(Decimal,)),
        "rules": [_rule_document(rule) for rule in preview.rules],
    }
    return json.dumps(document, default=plain, indent=2)


def lines_text(rule: Rule) -> str:
    """Return the lines of the file that make a rule."""
    first, last = rule.shares[0].line, rule.shares[-1].line
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _cost_days(preview: Preview) -> str:
    if preview.first_day is None:
        return "a warehouse without cost"
    return f"the cost of {preview.first_day} to {preview.last_day}"


def _rule_lines(rule: RulePreview) -> Iterator[str]:
    yield f"{lines_text(rule.rule)}: {conditions_text(rule.rule)}"
    yield from (f"  {_share_text(share, rule)}" for share in rule.shares)
    if rule.state is State.shadowed:
        yield f"  it never matches: the rule of line {rule.shadowed_by} comes first and matches all that it matches"
    elif rule.state is State.taken:
        yield "  it never matches: earlier rules match all the cost that it matches"
    elif rule.state is State.begins_later:
        yield f"  it begins on {rule.rule.valid_from}, after the last day with cost"
    elif rule.state is State.unmatched:
        yield "  it never matches: no cost has these values on these days"


def _share_text(line: ShareSums, rule: RulePreview) -> str:
    share = line.share
    cost_centre = "" if share.cost_centre == NONE else f", cost centre {share.cost_centre}"
    part = f", share {plain(share.share)}" if len(rule.shares) > 1 else ""
    return f"team {share.team}{cost_centre}{part}: {_sums_text(line.sums)}"


def _sums_text(sums: CostSums) -> str:
    return f"{counted(sums.rows, 'row')}, {_money_text(sums.cost)}" if sums.rows else "nothing"


def _money_text(money: Money) -> str:
    return " and ".join(f"{plain(amount)} {currency}" for currency, amount in money.items()) or "no cost"


def _combination_text(found: CombinationSums) -> str:
    named = [f"{name} {value}" for name, value in found.values.items() if value != NONE]
    return f"{', '.join(named)}: {_sums_text(found.sums)}"


def _totals_text(preview: Preview) -> str:
    total, cost = _money_text(preview.with_rules), _money_text(preview.without_rules)
    return f"all teams together: {total}; without rules: {cost}; {'equal' if total == cost else 'NOT EQUAL'}"


def _changes_text(preview: Preview) -> str:
    days = preview.changed_days
    if not days:
        return "no day changes: the tables are derived by these rules, or by rules that give the same"
    span = f"{days[0]}" if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return f"{counted(len(days), 'day')} ({span}) will change when these rules are derived"


def _rule_document(rule: RulePreview) -> dict[str, Any]:
    given = rule.rule
    return {
        "conditions": given.named_conditions,
        "valid_from": None if given.valid_from == date.min else str(given.valid_from),
        "valid_to": None if given.valid_to == date.max else str(given.valid_to),
        "state": rule.state,
        "shadowed_by": rule.shadowed_by,
        "shares": [
            {
                "line": line.share.line,
                "team": line.share.team,
                "cost_centre": line.share.cost_centre,
                "share": line.share.share,
                "rows": line.sums.rows,
                "cost": line.sums.cost,
            }
            for line in rule.shares
        ],
    }
