"""Read the user's `budgets.csv`: how much may be spent in each period, on what, and by whom it is owned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from usage_assets.integrations.minor_units import exponents
from usage_assets.user_files.csv_lines import Line, parse_lines

FILE_NAME = "budgets.csv"
REQUIRED = ("name", "period", "amount", "currency")
SCOPE = ("team", "cost_centre", "provider", "model", "surface", "account_id", "integration", "user_key")
OPTIONAL = ("valid_from", "valid_to", *SCOPE, "thresholds", "owner")
LOWER_CASE = ("provider", "integration", "user_key")
DEFAULT_THRESHOLDS = (Decimal(50), Decimal(80), Decimal(100))
LARGEST_THRESHOLD = 1000
DECIMALS = 12
PERCENTAGE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Period(StrEnum):
    """The calendar period for which an amount is granted anew."""

    month = "month"
    quarter = "quarter"
    year = "year"

    def first_day(self, day: date) -> date:
        """Return the first day of the period that holds `day`."""
        months = MONTHS[self]
        return date(day.year, (day.month - 1) // months * months + 1, 1)

    def last_day(self, day: date) -> date:
        """Return the last day of the period that holds `day`."""
        month = self.first_day(day).month - 1 + MONTHS[self]
        return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True)
class Budget:
    """One line of the file; a budget whose amount or scope changed has several, one after the other.

    Attributes:
        name: The name, which identifies the budget.
        period: The period for which the amount is granted.
        amount: The amount of a whole period, in `currency`.
        currency: A currency code.
        valid_from: The first as-of day of the line, `date.min` without one.
        valid_to: The last as-of day of the line, `date.max` without one.
        scope: What counts, as pairs of column and value; a value that ends in `*` counts all that begin so.
        thresholds: Shares of the amount in percent, ascending.
        owner: Who answers for the budget; empty if nobody is named.
    """

    name: str
    period: Period
    amount: Decimal
    currency: str
    valid_from: date
    valid_to: date
    scope: tuple[tuple[str, str], ...]
    thresholds: tuple[Decimal, ...]
    owner: str

    def is_valid_on(self, day: date) -> bool:
        """Return whether the line counts on an as-of day."""
        return self.valid_from <= day <= self.valid_to


def read_budgets(file: Path, content: bytes) -> tuple[Budget, ...]:
    """Return the budgets in the content of the file, in its order.

    Raises:
        UserFileError: A line is invalid, or two lines of one budget are valid on the same day.
    """
    budgets, earlier = list[Budget](), dict[str, list[Budget]]()
    for line in parse_lines(file, content, REQUIRED, optional=OPTIONAL):
        budget = _budget(line)
        of_name = earlier.setdefault(budget.name, [])
        if not line.wrong_columns:
            _refuse_overlap(line, budget, of_name)
        if not line.wrong_columns:
            of_name.append(budget)
        budgets.append(budget)
    return tuple(budgets)


def _budget(line: Line) -> Budget:
    first = line.day("valid_from") if line.values["valid_from"] else date.min
    last = line.day("valid_to") if line.values["valid_to"] else date.max
    if last < first:
        line.reject("valid_to", "is before valid_from: write the last day on which the line counts")
    return Budget(
        name=line.text("name"),
        period=_period(line),
        amount=_amount(line),
        currency=_currency(line),
        valid_from=first,
        valid_to=last,
        scope=_scope(line),
        thresholds=_thresholds(line),
        owner=line.values["owner"],
    )


def _period(line: Line) -> Period:
    text = line.values["period"].lower()
    if text not in MONTHS:
        line.reject("period", "is no period: write month, quarter or year")
        return Period.month
    return Period(text)


def _amount(line: Line) -> Decimal:
    amount = line.decimal("amount", decimals=DECIMALS)
    if not amount:
        line.reject("amount", "is zero: write what may be spent in one period, or delete the line")
    return amount


def _currency(line: Line) -> str:
    code = line.text("currency").upper()
    if code not in exponents():
        line.reject("currency", "is no currency of ISO 4217: write a code such as USD")
    return code


def _scope(line: Line) -> tuple[tuple[str, str], ...]:
    given = [(column, line.values[column]) for column in SCOPE if line.values[column]]
    return tuple((column, value.lower() if column in LOWER_CASE else value) for column, value in given)


def _thresholds(line: Line) -> tuple[Decimal, ...]:
    if not line.values["thresholds"]:
        return DEFAULT_THRESHOLDS
    parts = [part.strip().removesuffix("%").rstrip() for part in line.values["thresholds"].split(";")]
    if not all(PERCENTAGE.fullmatch(part) for part in parts):
        line.reject("thresholds", "are not percentages: write numbers with semicolons between them, as in 50;80;100")
        return DEFAULT_THRESHOLDS
    thresholds = tuple(Decimal(part) for part in parts)
    if sorted(set(thresholds)) != list(thresholds) or not 0 < thresholds[0] <= thresholds[-1] <= LARGEST_THRESHOLD:
        line.reject("thresholds", f"must rise from above 0 to at most {LARGEST_THRESHOLD}: write 50;80;100")
    return thresholds


def _refuse_overlap(line: Line, budget: Budget, earlier: list[Budget]) -> None:
    for other in earlier:
        if budget.valid_from <= other.valid_to and other.valid_from <= budget.valid_to:
            line.reject(
                "name",
                "has an earlier line that is valid on the same days: write valid_to there and a later valid_from here, "
                "or another name",
            )
        if budget.period != other.period or budget.currency != other.currency:
            line.reject("period", "or currency differs from an earlier line of this name: write another name")
