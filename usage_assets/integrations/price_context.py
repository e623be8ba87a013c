"""Price context of a row: the tier, the speed, the batch and the region that change its price, as one text.

`(none)` is the standard price. Other texts hold pairs such as `factor=1.1;service_tier=flex`, sorted. `factor`
multiplies the price of tokens; the other pairs are context values of the price book. A pair that begins with `?` is a
value that no rule of the profile reads: a check shows it, and it does not change the price.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec

from usage_assets.integrations.meters import check_path

NO_CONTEXT = "(none)"
FACTOR = "factor"
UNREAD = "?"
STANDARD_VALUES = frozenset(
    {"", "0", "auto", "default", "false", "global", "none", "not_available", "null", "standard"}
)
"""Values that name the standard price, so that no rule has to read them."""

NAME = re.compile(r"[a-z][a-z0-9_]*")
SHOWN_VALUE = re.compile(r"(?!.*\d{4})[A-Za-z][A-Za-z0-9_.-]{0,39}")
"""Values that are shown: words. Others, such as an id of each batch, would make a context of each row."""
READ_VALUE = re.compile(r"[a-z0-9_.-]*|[a-z][a-z0-9_]*=[a-z0-9_.-]+")
MEMBER = re.compile(
    r"(?:(?:service|pricing|price|processing|usage)_?)?tier|(?:inference_?)?(?:speed|geo|region)|(?:is_?)?fast(?:_?mode)?"
    r"|(?:is_?)?batch(?:_?mode)?|processing(?:_?mode)?|geography|data_?residency",
    re.IGNORECASE,
)
OF_PEOPLE = re.compile(r"\.(?:user|actor|account|organization|workspace|project)\.", re.IGNORECASE)
LARGEST_FACTOR = 1000


class ContextRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reads a context value of the price book: the row's value, in lower case, and the book's; "" is the standard."""

    path: str | list[str]
    values: dict[str, str]


class FactorRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reads a factor on the price of tokens: by the row's value at `path`, or by the beginning of that value.

    Attributes:
        path: One path or several; the first that holds a value is used.
        values: A factor by the row's value, in lower case.
        prefixes: A factor by the beginning of the row's value, in lower case.
        start: The first day on which the factor applies.
        except_models: The canonical names of models that it does not change; `*` at the end stands for any ending.
    """

    path: str | list[str]
    values: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    start: date | None = msgspec.field(name="from", default=None)
    except_models: list[str] = []

    def applies(self, model: str, day: date) -> bool:
        """Return whether the factor changes the price of a model on a day."""
        is_excepted = any(_is_named_by(name, model) for name in self.except_models)
        return not is_excepted and (self.start is None or day >= self.start)


class CoverRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Says which rows a flat plan pays for: those with one of `values` at `path`."""

    path: str | list[str]
    values: list[str]


@dataclass(frozen=True)
class ContextRules:
    """Every rule of a profile that reads the price context of a row."""

    contexts: Mapping[str, ContextRule]
    factors: Sequence[FactorRule]
    covered_when: CoverRule | None

    @property
    def paths(self) -> list[str]:
        """Every path that the rules read, each once, in a fixed order."""
        covered = [self.covered_when] if self.covered_when else []
        rules: list[ContextRule | FactorRule | CoverRule] = [*self.contexts.values(), *self.factors, *covered]
        return list(dict.fromkeys(path for rule in rules for path in paths_of(rule)))

    def price_context(self, texts: Mapping[str, str], model: str, day: date) -> str:
        """Return the price context of a row.

        Args:
            texts: The values at the rules' paths; a missing value has no entry.
            model: The canonical name of the model of the row; empty where it names none.
            day: The first day of the row.
        """
        pairs = dict[str, str]()
        for name, rule in self.contexts.items():
            value = _value(rule, texts)
            if value is not None:
                pairs |= _pair(name, _lower(rule.values).get(value), value)
        factor = Decimal(1)
        for factor_rule in self.factors:
            value = _value(factor_rule, texts)
            if value is not None and factor_rule.applies(model, day):
                given = _factor(factor_rule, value)
                factor *= Decimal(given or "1")
                pairs |= {} if given else unread(paths_of(factor_rule)[0], value) if factor_rule.values else {}
        if factor != 1:
            pairs[FACTOR] = format(factor.normalize(), "f")
        return context_text(pairs)

    def is_covered(self, texts: Mapping[str, str]) -> bool:
        """Return whether a flat plan pays for the row."""
        rule = self.covered_when
        return rule is not None and _value(rule, texts) in {value.strip().lower() for value in rule.values}

    def check(self) -> None:
        """Check the rules.

        Raises:
            ValueError: A path or a factor is not valid.
        """
        for name, rule in self.contexts.items():
            if NAME.fullmatch(name) is None or name == FACTOR:
                raise ValueError(f"context.{name} is no name of a context value of the price book")
            _check_paths(f"context.{name}", rule)
            for text in rule.values.values():
                if READ_VALUE.fullmatch(text) is None:
                    raise ValueError(
                        f"context.{name} holds {text!r}: write a value as the price book does, such as flex"
                    )
        for factor_rule in self.factors:
            _check_paths("factor", factor_rule)
            for text in (*factor_rule.values.values(), *factor_rule.prefixes.values()):
                _check_factor(text)
        if self.covered_when is not None:
            _check_paths("covered_when", self.covered_when)


def paths_of(rule: ContextRule | FactorRule | CoverRule) -> list[str]:
    """Return the paths of one rule."""
    return [rule.path] if isinstance(rule.path, str) else rule.path


def names_a_context(path: str) -> bool:
    """Return whether the last member of a path is named as if its value may change the price.

    The tier or region of a user or of an organization does not.
    """
    return MEMBER.fullmatch(path.rpartition(".")[2]) is not None and OF_PEOPLE.search(path) is None


def unread(path: str, value: str) -> dict[str, str]:
    """Return the pair for a value that no rule reads; none for a value that names the standard price."""
    if value.strip().lower() in STANDARD_VALUES:
        return {}
    name = re.sub(r"[^a-z0-9_]", "_", path.rpartition(".")[2].lower())[:40]
    return {f"{UNREAD}{name}": value if SHOWN_VALUE.fullmatch(value) else "other"}


def context_text(pairs: Mapping[str, str]) -> str:
    """Return pairs as one text."""
    return ";".join(f"{name}={value}" for name, value in sorted(pairs.items())) or NO_CONTEXT


def context_pairs(text: str) -> dict[str, str]:
    """Return the pairs in a text of `context_text`, or of a user, who may write blanks around a name or value."""
    if text == NO_CONTEXT:
        return {}
    return {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in text.split(";"))}


def _value(rule: ContextRule | FactorRule | CoverRule, texts: Mapping[str, str]) -> str | None:
    """Return the row's value for a rule, stripped and in lower case: the first that is not blank."""
    values = (texts[path].strip().lower() for path in paths_of(rule) if path in texts)
    return next(filter(None, values), None)


def _pair(name: str, read: str | None, value: str) -> dict[str, str]:
    if read is None:
        return unread(name, value)
    other, is_other, other_value = read.partition("=")
    return ({other: other_value} if is_other else {name: read}) if read else {}


def _factor(rule: FactorRule, value: str) -> str | None:
    longest_first = sorted(rule.prefixes.items(), key=lambda pair: -len(pair[0]))
    by_prefix = next((factor for prefix, factor in longest_first if value.startswith(prefix.lower())), None)
    return _lower(rule.values).get(value, by_prefix)


def _is_named_by(name: str, model: str) -> bool:
    return model.startswith(name.removesuffix("*")) if name.endswith("*") else model == name


def _lower(values: Mapping[str, str]) -> dict[str, str]:
    return {name.strip().lower(): value for name, value in values.items()}


def _check_paths(setting: str, rule: ContextRule | FactorRule | CoverRule) -> None:
    for path in paths_of(rule):
        check_path(setting, path)


def _check_factor(text: str) -> None:
    try:
        is_factor = 0 < Decimal(text) <= LARGEST_FACTOR and round(Decimal(text), 6) == Decimal(text)
    except InvalidOperation:
        is_factor = False
    if not is_factor:
        raise ValueError(f"factor holds {text!r}: write a factor as a decimal such as '1.1', up to {LARGEST_FACTOR}")


def merged_texts(paths: Iterable[str], values: Iterable[str | None]) -> dict[str, str]:
    """Return the values by path, without missing values."""
    return {path: value for path, value in zip(paths, values, strict=True) if value is not None}
