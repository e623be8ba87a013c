"""Find the first rule that matches a combination of values.

Each value of a dimension has a mask: a bit for each rule that the value matches. The masks of a combination's values
and of its day, combined by AND, leave the rules that match; the lowest bit is the first of them. A mask is computed
once for each distinct value. So a combination takes one operation for each dimension, whatever the number of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from usage_assets.allocation.rules import DIMENSIONS, PREFIX, USER_KEY, Rule

Combination = tuple[Any, ...]
"""Texts, one for each dimension that is asked for, and last a day."""

RULES_PER_BLOCK = 4096
"""A file of 100,000 rules is matched in blocks, because a mask has a bit for each rule and each value has a mask."""


class ValueMasks(dict[str, int]):
    """The masks of the values of one dimension, each computed when it is first asked for."""

    def __init__(self, dimension: str, patterns: Sequence[str]) -> None:
        super().__init__()
        self._is_user = dimension == USER_KEY
        self._unconditional, self._equal, self._prefixes = 0, dict[str, int](), dict[str, int]()
        for number, pattern in enumerate(patterns):
            bit = 1 << number
            if not pattern:
                self._unconditional |= bit
            elif pattern.endswith(PREFIX):
                prefix = pattern.removesuffix(PREFIX)
                self._prefixes[prefix] = self._prefixes.get(prefix, 0) | bit
            else:
                self._equal[pattern] = self._equal.get(pattern, 0) | bit
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    @property
    def has_conditions(self) -> bool:
        """Whether any rule has a condition for this dimension."""
        return bool(self._equal or self._prefixes)

    def __missing__(self, value: str) -> int:
        compared = value.strip().lower() if self._is_user else value
        mask = self._unconditional | self._equal.get(compared, 0)
        for length in self._lengths:
            if length > len(compared):
                break
            mask |= self._prefixes.get(compared[:length], 0)
        self[value] = mask
        return mask


class ValidMasks(dict[date, int]):
    """The masks of the rules that are valid on a day, each computed when it is first asked for."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, day: date) -> int:
        mask = 0
        for number, rule in enumerate(self._rules):
            if rule.valid_from <= day <= rule.valid_to:
                mask |= 1 << number
        self[day] = mask
        return mask


class RuleBlock:
    """The masks of consecutive rules; bit 0 is the first of them."""

    def __init__(self, rules: Sequence[Rule], dimensions: Sequence[str]) -> None:
        self.valid = ValidMasks(rules)
        places = {name: place for place, name in enumerate(DIMENSIONS)}
        masks = [ValueMasks(name, [rule.conditions[places[name]] for rule in rules]) for name in dimensions]
        self._masks = [(place, of_values) for place, of_values in enumerate(masks) if of_values.has_conditions]
        self._all = (1 << len(rules)) - 1

    def meeting(self, values: Sequence[str]) -> int:
        """Return the mask of the rules whose conditions `values` meet, whatever their validity."""
        mask = self._all
        for place, masks in self._masks:
            mask &= masks[values[place]]
        return mask

    def number_first(
        self, combinations: Sequence[Combination], numbers: Iterable[int], found: dict[int, int]
    ) -> list[int]:
        """Write the first matching rule of each of the combinations `numbers` to `found`; return the others.

        This loop runs once for each distinct combination of a day, so it calls no function of ours.
        """
        unmatched, valid, all_masks = [], self.valid, self._masks
        for number in numbers:
            values = combinations[number]
            mask = valid[values[-1]]
            for place, masks in all_masks:
                mask &= masks[values[place]]
                if not mask:
                    break
            if mask:
                found[number] = (mask & -mask).bit_length() - 1
            else:
                unmatched.append(number)
        return unmatched


class RuleMatcher:
    """Matches combinations of values to rules.

    Args:
        rules: The rules, in the order of the file.
        dimensions: The dimensions of the values, in order; at least those that a rule has a condition for.
    """

    def __init__(self, rules: Sequence[Rule], dimensions: Sequence[str] = DIMENSIONS) -> None:
        self._blocks = [
            (start, RuleBlock(rules[start : start + RULES_PER_BLOCK], dimensions))
            for start in range(0, len(rules), RULES_PER_BLOCK)
        ]

    def first_rules(self, combinations: Sequence[Combination]) -> list[int | None]:
        """Return the number of the first rule that matches each combination, from 0; None where none does."""
        found: list[int | None] = [None] * len(combinations)
        unmatched: Iterable[int] = range(len(combinations))
        for start, block in self._blocks:
            matched = dict[int, int]()
            unmatched = block.number_first(combinations, unmatched, matched)
            for number, bit in matched.items():
                found[number] = start + bit
        return found

    def rules_matching_any(self, combinations: Iterable[Combination]) -> set[int]:
        """Return the numbers of all rules that match any of the combinations, be they the first or not."""
        masks = [0] * len(self._blocks)
        for combination in combinations:
            for place, (_, block) in enumerate(self._blocks):
                masks[place] |= block.meeting(combination) & block.valid[combination[-1]]
        return {start + bit for mask, (start, _) in zip(masks, self._blocks, strict=True) for bit in _bits(mask)}

    def rules_meeting(self, values: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of all rules whose conditions `values` meet, whatever their validity."""
        for start, block in self._blocks:
            yield from (start + bit for bit in _bits(block.meeting(values)))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
