"""Read published tables as pandas frames, without opening the warehouse file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.published import TABLES, current_generation, files_of
from usage_assets.settings import read_settings
from usage_assets.warehouse.tables import MONTHLY_TABLES, WHOLE_TABLES

if TYPE_CHECKING:
    import pandas as pd

DAY_COLUMNS = {**MONTHLY_TABLES, **WHOLE_TABLES}


class UnknownTable(UsageAssetsError, LookupError):
    """No table of that name is published."""

    exit_code: ClassVar[int] = WRONG_CALL


class InvalidDay(UsageAssetsError, ValueError):
    """A day is neither a date nor an ISO date text."""

    exit_code: ClassVar[int] = WRONG_CALL


def read(
    table: str,
    start: date | str | None = None,
    end: date | str | None = None,
    published: Path | str | None = None,
) -> pd.DataFrame:
    """Return a published table as a frame, with money as exact Arrow decimals.

    All rows come from the generation that is current when the call begins, even if another generation is published
    during the call.

    Args:
        table: The name of a published table, such as `cost_by_model`.
        start: The first day, included: a date, or a text such as `2026-06-01`. Tables without days ignore it.
        end: The last day, included.
        published: The folder of published files; by default that of the environment.

    Raises:
        UnknownTable: No table of that name is published.
        InvalidDay: `start` or `end` is not a day.
        NothingPublished: Nothing has been published yet.
    """
    if table not in DAY_COLUMNS:
        raise UnknownTable(f"There is no published table {table!r}: choose one of {', '.join(TABLES)}.")
    first, last = parsed_day("start", start), parsed_day("end", end)
    folder = Path(published) if published is not None else read_settings(Path.cwd()).published_dir
    files = files_of(current_generation(folder), table)
    return _frame(files, DAY_COLUMNS[table], first or date.min, last or date.max)


def parsed_day(name: str, day: date | str | None) -> date | None:
    """Return `day` as a date.

    Raises:
        InvalidDay: `day` is not a date; the text names the argument.
    """
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise InvalidDay(f"{name} is {day!r}: it must be a date, or a text such as '2026-06-01'.") from error


def _frame(files: list[Path], day_column: str | None, first: date, last: date) -> pd.DataFrame:
    # Both import pandas, which takes half a second.
    import pandas as pd
    import pyarrow.dataset as ds

    is_in_range = None if day_column is None else (ds.field(day_column) >= first) & (ds.field(day_column) <= last)
    rows = ds.dataset(files, format="parquet").to_table(filter=is_in_range)
    frame: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    return frame
