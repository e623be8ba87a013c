"""Expected failures of the warehouse. Commands can catch them without an import of DuckDB."""

from __future__ import annotations

from typing import ClassVar

from usage_assets.errors import UsageAssetsError


class NothingLoaded(UsageAssetsError, LookupError):
    """The warehouse or the landing folder holds no data for the command."""


class WarehouseUnreadable(UsageAssetsError, OSError):
    """The warehouse file cannot be opened."""


class NewerWarehouse(UsageAssetsError):
    """A newer program wrote the warehouse file."""

    is_permanent: ClassVar[bool] = True


class IncompleteWarehouse(UsageAssetsError):
    """The warehouse file lacks a table or column that its schema version has."""

    is_permanent: ClassVar[bool] = True


class ShrunkMonth(UsageAssetsError):
    """A month would be published with fewer rows, although no changed window of it was loaded."""

    is_permanent: ClassVar[bool] = True
