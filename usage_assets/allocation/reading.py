"""Read `allocation.csv`, or name every mistake of it: those of a value, and those that only several lines show."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from usage_assets.allocation.rules import DIMENSIONS, NONE, PREFIX, USER_KEY, Allocation, Rule, Share
from usage_assets.user_files.csv_lines import Line, Mistakes, lines_of

REQUIRED = ("team",)
OPTIONAL = ("valid_from", "valid_to", *DIMENSIONS, "cost_centre", "share")
SHARE_DECIMALS = 12
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of the file. A line with a mistake takes no part in the comparison of lines."""

    conditions: tuple[str, ...]
    valid_from: date
    valid_to: date
    share: Share
    is_wrong: bool

    @property
    def rule_key(self) -> Hashable:
        """What consecutive lines of one rule have in common."""
        return self.share.line if self.is_wrong else (self.conditions, self.valid_from, self.valid_to)


RuleLines = Sequence[RuleLine]


def parse_allocation(path: Path, content: bytes) -> Allocation:
    """Return the rules of a file.

    Consecutive lines with the same conditions and validity are one rule, whose shares must sum to exactly 1. Two rules
    with the same conditions must not be valid on the same day.

    Args:
        path: The file, for the mistakes.
        content: Its content.

    Raises:
        UserFileError: The file has mistakes; the first twenty are named with line and column.
    """
    mistakes = Mistakes(path)
    lines = [_rule_line(line) for line in lines_of(mistakes, content, REQUIRED, optional=OPTIONAL)]
    rules = [tuple(group) for _, group in groupby(lines, key=lambda line: line.rule_key)]
    comparable = list(_comparable(rules))
    _refuse_wrong_sums(mistakes, comparable)
    _refuse_overlaps(mistakes, comparable)
    mistakes.raise_if_any()
    return Allocation(tuple(map(_rule, rules)))


def _rule_line(line: Line) -> RuleLine:
    valid_from = line.day("valid_from") if line.values["valid_from"] else date.min
    valid_to = line.day("valid_to") if line.values["valid_to"] else date.max
    if not line.wrong_columns and valid_to < valid_from:
        line.reject("valid_to", "is before valid_from: write the last day on which the rule counts")
    conditions = tuple(_pattern(name, line.values[name]) for name in DIMENSIONS)
    share = Share(line.number, line.text("team"), line.values["cost_centre"] or NONE, _share(line))
    return RuleLine(conditions, valid_from, valid_to, share, is_wrong=bool(line.wrong_columns))


def _pattern(dimension: str, value: str) -> str:
    if value == PREFIX:
        return ""
    return value.lower() if dimension == USER_KEY else value


def _share(line: Line) -> Decimal:
    if not line.values["share"]:
        return ONE
    share = line.decimal("share", decimals=SHARE_DECIMALS)
    if share > ONE:
        line.reject("share", "is more than 1: write the part of the cost, such as 0.25")
    return share


def _rule(lines: RuleLines) -> Rule:
    first = lines[0]
    return Rule(first.conditions, first.valid_from, first.valid_to, tuple(line.share for line in lines))


def _comparable(rules: Sequence[RuleLines]) -> Iterator[RuleLines]:
    """Yield the rules that are whole: a line with a mistake may belong to the rule above or below it."""
    is_wrong = [False, *(rule[0].is_wrong for rule in rules), False]
    yield from (rule for place, rule in enumerate(rules) if not any(is_wrong[place : place + 3]))


def _refuse_wrong_sums(mistakes: Mistakes, rules: Iterable[RuleLines]) -> None:
    for rule in rules:
        total = sum((line.share.share for line in rule), Decimal(0))
        if total != ONE:
            first = rule[0].share
            mistakes.add_value(first.line, "share", f"{first.share:f}", _sum_problem(rule, total))


def _sum_problem(rule: RuleLines, total: Decimal) -> str:
    if len(rule) == 1:
        return (
            "is the only share of this rule and is not 1: write its other lines below it, with the same conditions "
            "and dates, or leave the share empty"
        )
    return (
        f"is the first of the shares of lines {rule[0].share.line} to {rule[-1].share.line}, which are one rule and "
        f"sum to {total:f} instead of 1: correct the shares"
    )


def _refuse_overlaps(mistakes: Mistakes, rules: Iterable[RuleLines]) -> None:
    """Refuse rules with the conditions of an earlier rule that is valid on the same day."""
    by_conditions: dict[tuple[str, ...], list[RuleLine]] = {}
    for rule in rules:
        line = rule[0]
        earlier = by_conditions.setdefault(line.conditions, [])
        place = bisect_left(earlier, line.valid_from, key=lambda other: other.valid_from)
        overlapped = next(_overlapped(line, earlier[max(place - 1, 0) : place + 1]), None)
        if overlapped is None:
            earlier.insert(place, line)
        else:
            _refuse_overlap(mistakes, line, overlapped)


def _overlapped(line: RuleLine, others: RuleLines) -> Iterator[RuleLine]:
    yield from (other for other in others if other.valid_from <= line.valid_to and line.valid_from <= other.valid_to)


def _refuse_overlap(mistakes: Mistakes, line: RuleLine, other: RuleLine) -> None:
    valid_from = "" if line.valid_from == date.min else str(line.valid_from)
    mistakes.add_value(
        line.share.line,
        "valid_from",
        valid_from,
        f"begins a rule with the conditions of line {other.share.line}, which counts on the same days: let one end "
        "before the other begins, or put lines that share the cost directly below each other with the same dates",
    )
