"""Write a derivation as data: a JSON document, and a pandas frame of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from usage_assets.explanation.exact import plain

if TYPE_CHECKING:
    import pandas as pd

    from usage_assets.explanation.derivation import Derivation, DerivedRow

TEXT_COLUMNS = (
    "account_id", "integration", "report", "row_id", "product_id", "metric_name", "provider", "model", "surface",
    "user_key", "currency", "cost_basis", "cost_rule",
)  # fmt: skip
MONEY_COLUMNS = ("cost", "tax", "cost_usd")


def to_json(derivation: Derivation, max_rows: int | None) -> str:
    """Return a derivation as one JSON document, decimals as strings.

    Args:
        derivation: The derivation.
        max_rows: The number of rows in the document; None for all. Only rows hold names and e-mails of people.
    """
    shown = replace(derivation, rows=derivation.rows[:max_rows])
    document = {
        **_plain_data(shown),
        "row_count": derivation.row_count,
        "recomputed_rows": len(derivation.rows),
        "contradictions": _plain_data(derivation.contradictions),
    }
    return json.dumps(document, default=plain, indent=2)


def to_frame(rows: Iterable[DerivedRow]) -> pd.DataFrame:
    """Return derived rows as a frame."""
    import pandas as pd  # noqa: PLC0415 - takes half a second, and only notebooks need it
    import pyarrow as pa  # noqa: PLC0415 - the same

    money, moment = pa.decimal128(38, 12), pa.timestamp("us")
    schema = pa.schema(
        [
            ("usage_date", pa.date32()),
            *((column, pa.string()) for column in TEXT_COLUMNS),
            ("is_provisional", pa.bool_()),
            *((column, money) for column in MONEY_COLUMNS),
            *((f"recomputed_{column}", money) for column in MONEY_COLUMNS),
            ("contradictions", pa.int64()),
            *((column, pa.string()) for column in ("file", "request", "text")),
            *((column, pa.int64()) for column in ("line", "page")),
            ("fetched_at", moment),
        ]
    )
    table = pa.Table.from_pylist([_frame_row(row) for row in rows], schema)
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _frame_row(row: DerivedRow) -> dict[str, Any]:
    source = ("file", "line", "page", "request", "fetched_at", "text")
    columns = ("usage_date", *TEXT_COLUMNS, "is_provisional", *MONEY_COLUMNS)
    return {
        **{column: getattr(row.cost_row, column) for column in columns},
        **{f"recomputed_{column}": getattr(row.recomputed, column, None) for column in MONEY_COLUMNS},
        "contradictions": len(row.contradictions),
        **{column: getattr(row.api_row, column, None) for column in source},
    }


def _plain_data(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(Decimal,))
