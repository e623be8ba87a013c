"""The data checks: the table, severity and meaning of each query in `sql/checks/`.

`defs.checks` makes them asset checks, `check_report` prints them after a sync.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """The colour that a finding gives a check: red for money that is wrong or missing, yellow for a doubt."""

    red = "red"
    yellow = "yellow"


RED, YELLOW = Severity.red, Severity.yellow


@dataclass(frozen=True)
class DataCheck:
    """A data check of a table: the name of its query, the severity of a finding, and the meaning of a finding."""

    table: str
    name: str
    severity: Severity
    description: str


DATA_CHECKS = [
    DataCheck("usage", "rejected_rows", RED, "Rows that cannot be read. Their money is missing in every table."),
    DataCheck(
        "usage",
        "unknown_token_fields",
        RED,
        "Fields that look like token counts and that no profile path reads; of rows without any token that is read, "
        "the totals too.",
    ),
    DataCheck("usage", "unreadable_counts", RED, "Counts that are not whole numbers below 1e15. They are NULL."),
    DataCheck(
        "usage",
        "rows_longer_than_window",
        RED,
        'Rows longer than their request window: this vendor answers by month, set `window = "month"` in its profile.',
    ),
    DataCheck(
        "usage",
        "windows_set_aside",
        RED,
        "Landed windows of which nothing can be loaded. They keep the rows of their last load, if there was one.",
    ),
    DataCheck(
        "usage",
        "rows_of_other_windows",
        RED,
        "Rows that start outside the window that brought them, and that no other window brings. They are not in usage.",
    ),
    DataCheck(
        "usage", "repaired_rows", YELLOW, "Rows with half a character in a text, loaded with a replacement character."
    ),
    DataCheck(
        "usage",
        "duplicates_that_differ",
        YELLOW,
        "Rows of one id and equal dimensions that differ in money or tokens, without `updated_at`: the last one "
        'counts. If all of them are usage, set `duplicates = "keep"` in the profile.',
    ),
    DataCheck(
        "usage",
        "cached_beyond_input",
        YELLOW,
        "Rows with a count that is less than the counts that it includes by the profile, such as an input with more "
        "cached tokens, or a cache write with more one-hour writes. It is read as not including them.",
    ),
    DataCheck("usage", "negative_counts", YELLOW, "Token counts below zero. They lower estimates."),
    DataCheck("usage", "dimensions_of_other_shape", YELLOW, "Dimensions that are not objects. They are NULL."),
    DataCheck(
        "usage",
        "accounts_to_reconnect",
        YELLOW,
        "Accounts that are not active in Truto: most need to be reconnected by their owner.",
    ),
    DataCheck(
        "cost",
        "bill_and_tokens_twice",
        RED,
        "Products with charged rows and token rows on one day: both count as cost.",
    ),
    DataCheck(
        "cost",
        "same_usage_in_two_accounts",
        RED,
        "Equal rows in two accounts of one integration: their cost counts twice. Settle it in accounts.csv.",
    ),
    DataCheck(
        "cost",
        "charges_spread_over_rows",
        RED,
        "A total beside rows of its parts, for one product and period: the parts count twice.",
    ),
    DataCheck("cost", "currencies_without_rate", RED, "Cost in a currency without rate to USD. It is not in cost_usd."),
    DataCheck("cost", "stale_rates", YELLOW, "Cost converted at a rate older than a weekend or holiday explains."),
    DataCheck("cost", "components_that_disagree", YELLOW, "Charges whose total and parts differ by more than 0.01."),
    DataCheck(
        "cost",
        "reductions_of_the_other_sign",
        YELLOW,
        "Discounts or credits that stand alone with the sign that takes back. They add to the cost.",
    ),
    DataCheck(
        "cost",
        "unread_price_contexts",
        RED,
        "Tokens of rows that name a tier, speed, batch or region that no rule of the profile reads. They have the "
        "standard price.",
    ),
    DataCheck("cost", "unknown_charge_types", YELLOW, "Charges of a type that no rule adds to a cost."),
    DataCheck("cost_by_model", "unpriced_models", YELLOW, "Tokens of models without a price. Their cost is NULL."),
    DataCheck("cost_by_model", "unpriced_meters", YELLOW, "Searches, executions, seconds or pages without a price."),
    DataCheck(
        "cost_by_model",
        "contexts_without_price",
        YELLOW,
        "Tokens in a price context, such as a service tier, for which the book has only the standard price.",
    ),
    DataCheck("seats", "unreadable_users", YELLOW, "Rows of a list of users without an id. They are in no table."),
    DataCheck(
        "coverage",
        "incomplete_days",
        YELLOW,
        "Days that are ready and whose usage is missing. Their figures are too low.",
    ),
    DataCheck(
        "cost_by_account",
        "silent_accounts",
        YELLOW,
        "Active accounts without usage for longer than their vendor's lag.",
    ),
    DataCheck(
        "spend_anomalies",
        "open_anomalies",
        YELLOW,
        "Spend that is not normal and that nobody acknowledged: see `usage-assets anomalies`.",
    ),
    DataCheck(
        "budget_status",
        "budgets_crossed",
        YELLOW,
        "Budgets of which the last threshold or the whole amount is reached: see `usage-assets budgets`.",
    ),
]
