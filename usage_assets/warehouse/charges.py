"""Sum charges: one row per usage row and currency, with its sums by charge type and its billed cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.warehouse.stale_days import StartDays
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table

RULE_COLUMNS = ("integration", "leading_charge", "bills_by", "reduction_sign")


@dataclass(frozen=True)
class IntegrationRules(TempTable):
    """The rules for the charges of each integration. Key: integration."""

    name: ClassVar[str] = "integration_rules"


@dataclass(frozen=True)
class ChargedRows(TempTable):
    """Rows with charges. Key: usage_key."""

    name: ClassVar[str] = "charged_rows"


@dataclass(frozen=True)
class ChargeSums(TempTable):
    """The charges of each row by type, and its billed cost. Key: usage_key, currency."""

    name: ClassVar[str] = "charge_sums"


def create_integration_rules(connection: duckdb.DuckDBPyConnection, profiles: Profiles) -> IntegrationRules:
    """Create the temp table `integration_rules` from the profiles."""
    rules = [
        (profile.name, profile.leading_charge, profile.bills_by, profile.reduction_sign) for profile in profiles.all
    ]
    return create_temp_table(connection, IntegrationRules(), RULE_COLUMNS, rules)


def create_charge_sums(
    connection: duckdb.DuckDBPyConnection,
    start_days: StartDays,
    rules: IntegrationRules,
    *,
    first_day: date,
    others: Profile,
) -> ChargeSums:
    """Create the temp table `charge_sums` for the usage rows that touch a day from `first_day`.

    Args:
        connection: A connection inside a transaction.
        start_days: The days on which these usage rows start.
        rules: The rules of every integration that has a profile.
        first_day: The first day of the derive step.
        others: The profile of integrations without one.
    """
    execute(
        connection,
        "charges/charged_rows",
        start_days,
        rules,
        first_day=first_day,
        leading_charge=others.leading_charge,
        reduction_sign=others.reduction_sign,
    )
    execute(connection, "charges/charge_sums", ChargedRows())
    return ChargeSums()
