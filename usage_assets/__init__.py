"""Daily AI and SaaS usage and cost per account, in one DuckDB file, built with Dagster.

`usage_assets.read("cost_by_model", start=…, end=…)` returns a published table as a DataFrame;
`usage_assets.explain("2026-01-31", model=…)` traces a cost back to price or charge and API row.
"""

from typing import Any

__all__ = ["explain", "read"]


def __getattr__(name: str) -> Any:
    """Import `read` or `explain` at first use, because importing pandas alone takes half a second."""
    if name == "read":
        from usage_assets.reading import read

        return read
    if name == "explain":
        from usage_assets.explanation.derivation import explain

        return explain
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
