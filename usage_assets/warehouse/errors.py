"""Expected failures of the warehouse, apart from the modules that open it: a command can name them without DuckDB."""

from __future__ import annotations

from usage_assets.errors import UsageAssetsError


class NothingLoaded(UsageAssetsError, LookupError):
    """The warehouse does not hold the requested data; the text says what is missing and what to do."""


class WarehouseUnreadable(UsageAssetsError, OSError):
    """The warehouse file cannot be opened."""
