"""The user's files of a project of which the last good content stays in force while the present one has mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from usage_assets.account_rules import AccountRules, parse_account_rules
from usage_assets.allocation.reading import parse_allocation
from usage_assets.allocation.rules import Allocation
from usage_assets.settings import Settings
from usage_assets.user_files.budgets import Budget, read_budgets
from usage_assets.user_files.in_force import UserFile
from usage_assets.user_files.seat_prices import SeatPrices, parse_seat_prices

Value = TypeVar("Value")


@dataclass(frozen=True)
class UserFiles:
    """These files in the data folder of `settings`."""

    settings: Settings

    @property
    def accounts(self) -> UserFile[AccountRules]:
        """The user's `accounts.csv`."""
        return self._file(self.settings.accounts_path, parse_account_rules, AccountRules())

    @property
    def allocation(self) -> UserFile[Allocation]:
        """The user's `allocation.csv`."""
        return self._file(self.settings.allocation_path, parse_allocation, Allocation())

    @property
    def seats(self) -> UserFile[SeatPrices]:
        """The user's `seats.csv`."""
        return self._file(self.settings.seats_path, parse_seat_prices, SeatPrices())

    @property
    def budgets(self) -> UserFile[tuple[Budget, ...]]:
        """The user's `budgets.csv`."""
        return self._file(self.settings.budgets_path, read_budgets, ())

    @property
    def all(self) -> tuple[UserFile[Any], ...]:
        """Every one of them."""
        return (self.accounts, self.allocation, self.seats, self.budgets)

    def _file(self, path: Path, parse: Callable[[Path, bytes], Value], without_file: Value) -> UserFile[Value]:
        return UserFile(path, self.settings.in_force_dir / path.name, parse, without_file)
