"""Daily AI and SaaS usage and cost per account, in one DuckDB file, built with Dagster.

`usage_assets.read("cost_by_model", start=…, end=…)` gives a published table as a DataFrame.
"""

from typing import Any

__all__ = ["read"]


def __getattr__(name: str) -> Any:
    """Gives `read`; imported when asked for, since pandas alone takes half a second."""
    if name == "read":
        from usage_assets.reading import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
