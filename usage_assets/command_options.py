"""Options that several commands have: days, a range of days, an account."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer


def day(text: str) -> date:
    """Read a day from the command line.

    Raises:
        typer.BadParameter: The text is not a date.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: write it as 2026-01-31.") from error


def check_text(text: str | None, option: str) -> None:
    """Refuse a text of the command line that is not UTF-8, or empty.

    Raises:
        typer.BadParameter: It is one of them.
    """
    if text is not None and not text.strip():
        raise typer.BadParameter("it is empty: write a text.", param_hint=option)
    try:
        (text or "").encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter("it is not UTF-8 text.", param_hint=option) from error


def month_of(text: str) -> date:
    """Read a month from the command line, as its first day.

    Raises:
        typer.BadParameter: The text is not a month.
    """
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a month: write it as 2026-01.") from error


FirstDay = Annotated[date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day.")]
LastDay = Annotated[date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day, included.")]
Account = Annotated[str | None, typer.Option(help="Part of an account's id, integration or tenant.")]


def days_to_explain(day_: date | None, first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return the first and the last day of `--day`, or of `--from` and `--to`.

    Raises:
        typer.BadParameter: The options contradict each other, or a day is in the future.
    """
    if day_ and not (first or last):
        first = last = day_
    if first is None or last is None or day_ not in {None, first}:
        raise typer.BadParameter("give either --day or both --from and --to.", param_hint="--day")
    if last < first:
        raise typer.BadParameter(f"{last} is before {first}: put the earlier day first.", param_hint="--to")
    if last > today:
        raise typer.BadParameter(f"{last} is in the future.", param_hint="--to" if day_ is None else "--day")
    return first, last
