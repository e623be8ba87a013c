"""Expected failures of the warehouse, apart from the modules that open it: a command can name them without DuckDB."""

from __future__ import annotations

from typing import ClassVar

from usage_assets.errors import UsageAssetsError


class NothingLoaded(UsageAssetsError, LookupError):
    """The warehouse does not hold the requested data; the text says what is missing and what to do."""


class WarehouseUnreadable(UsageAssetsError, OSError):
    """The warehouse file cannot be opened."""


class NewerWarehouse(UsageAssetsError):
    """A newer program wrote the warehouse file."""

    is_permanent: ClassVar[bool] = True


class IncompleteWarehouse(UsageAssetsError):
    """The warehouse file lacks a table or column that its schema version has."""

    is_permanent: ClassVar[bool] = True
