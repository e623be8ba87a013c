"""Where people touch data: published tables as pandas frames. The warehouse itself is never opened here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from usage_assets.settings import read_settings

DAY_COLUMN = {"restatements": "window_start"}


class NothingPublished(LookupError):
    """The table has not been published, or does not exist."""


def read(table: str, start: date | None = None, end: date | None = None, published: Path | None = None) -> pd.DataFrame:
    """Returns a published table; money as exact Arrow decimals.

    Args:
        table: one of the published tables, such as `cost_by_model`.
        start: the first day, included; tables without days ignore it.
        end: the last day, included.
        published: the folder of published files; that of the environment if left out.

    Raises:
        NothingPublished: no such table has been published yet.
    """
    current = (published or read_settings(Path.cwd()).published_dir) / "current"
    whole = current / f"{table}.parquet"
    files = [whole] if whole.exists() else _months(current / table, start, end)
    content = pa.concat_tables([pq.read_table(file) for file in files])
    frame: pd.DataFrame = content.to_pandas(types_mapper=pd.ArrowDtype)
    return frame if whole.exists() else _between(frame, DAY_COLUMN.get(table, "usage_date"), start, end)


def _months(folder: Path, start: date | None, end: date | None) -> list[Path]:
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise NothingPublished(
            f"{folder.name} is not published: see the table's name, or run `usage-assets sync` first."
        )
    first, last = f"{start or date.min:%Y-%m}", f"{end or date.max:%Y-%m}"
    return [file for file in files if first <= file.stem <= last] or files[:1]


def _between(frame: pd.DataFrame, column: str, start: date | None, end: date | None) -> pd.DataFrame:
    days = frame[column]
    return frame[(days >= (start or date.min)) & (days <= (end or date.max))].reset_index(drop=True)


class AccountTotals:
    first_day: date
    last_day: date
    usage_rows: int
    cost: dict[str, float | None]


def published_totals(published: Path) -> dict[str, AccountTotals]:
    return {}
