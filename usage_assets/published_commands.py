"""The commands that show published tables: `accounts`, `spend`, `seats`, `projection` and `budgets`."""

import sys
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from usage_assets.command_options import month_of
from usage_assets.truto.display_text import single_line

if TYPE_CHECKING:
    from usage_assets.user_files.applied import AppliedFiles
    from usage_assets.user_files.in_force import UserFile

WIDTH_OF_A_FILE = 190


def accounts() -> None:
    """Show the integrated accounts with status, days, rows and cost; without the API, the stored accounts."""
    from usage_assets.account_table import account_table, known_accounts
    from usage_assets.completeness_report import live_coverage
    from usage_assets.project import current_project

    project = current_project()
    known, warning = known_accounts(project)
    if warning:
        typer.echo(single_line(warning), err=True)
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
    console.print(account_table(project.published_dir, known, live_coverage(project), project.settings.currency))


By = StrEnum("By", ["provider", "model", "surface", "user", "account", "resource", "team", "meter"])


def spend(
    by: Annotated[By, typer.Option(help="The column whose values are compared.")] = By["provider"],
    only: Annotated[str | None, typer.Option(metavar="VALUE", help="Only this value of the column.")] = None,
    month: Annotated[
        date | None, typer.Option(parser=month_of, metavar="YYYY-MM", help="The month; the newest by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what was spent in a month against the same complete days of the month before, and what changed most."""
    from usage_assets.completeness_report import completeness_lines
    from usage_assets.project import current_project
    from usage_assets.projection_report import names_of
    from usage_assets.spend import spend_of_month
    from usage_assets.spend_report import change_lines, spend_json, spend_table

    project = current_project()
    if by is By["team"]:
        _warn_of(project.files.allocation, project.applied_files)
    known, allocation = project.account_list.read(), project.files.allocation.look().value
    found = spend_of_month(project.published_dir, month, by.value, only, project.settings.currency, allocation)
    if as_json:
        typer.echo(spend_json(found, by.value))
        return
    if not found.keys:
        typer.echo(f"Nothing was spent on these days{f' by {by.value} {single_line(only)}' if only else ''}.")
    names = names_of(known)
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE).print(spend_table(found, by.value, names))
    for line in change_lines(found, names):
        typer.echo(single_line(line))
    for line in completeness_lines(project, known):
        typer.echo(single_line(line))


def seats(
    idle: Annotated[bool, typer.Option("--idle", help="Only the seats that nobody uses.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show who has a seat and does not use it, and what the idle seats of each account cost in a month."""
    from usage_assets.project import current_project
    from usage_assets.seat_report import print_seats, seats_document

    project = current_project()
    _warn_of(project.files.seats, project.applied_files)
    if as_json:
        typer.echo(seats_document(project.published_dir, only_idle=idle))
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
        print_seats(console, project.published_dir, project.account_list.read(), only_idle=idle)


def projection(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Show where the month will end, with an 80 % range: in total, by account, provider and team."""
    from usage_assets.completeness_report import completeness_lines
    from usage_assets.project import current_project
    from usage_assets.projection_report import last_projections, names_of, projection_json, projection_table
    from usage_assets.shown_currency import not_shown_text

    project = current_project()
    _warn_of(project.files.allocation, project.applied_files)
    known = project.account_list.read()
    currency = project.settings.currency
    shown = last_projections(project.published_dir, currency)
    if lacking := not_shown_text(currency, (row.currency for row in shown)):
        typer.echo(lacking, err=True)
    if as_json:
        typer.echo(projection_json(shown, names_of(known)))
        return
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE).print(projection_table(shown, names_of(known)))
    for line in completeness_lines(project, known):
        typer.echo(single_line(line))


def budgets(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Show what is spent of each budget of budgets.csv, where its period will end, and when its rest will be spent."""
    from usage_assets.budget_report import budget_lines, budget_table, budgets_json, last_budgets
    from usage_assets.completeness_report import completeness_lines
    from usage_assets.project import current_project

    project = current_project()
    _warn_of(project.files.budgets, project.applied_files)
    shown = last_budgets(project.published_dir)
    if as_json:
        typer.echo(budgets_json(shown))
        return
    if not shown:
        typer.echo(f"There is no budget: write budgets into {project.settings.budgets_path}, then run a sync.")
        return
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE).print(budget_table(shown))
    for line in (*budget_lines(shown), *completeness_lines(project, project.account_list.read())):
        typer.echo(single_line(line))


def _warn_of(file: "UserFile[Any]", applied: "AppliedFiles") -> None:
    """Say on stderr what is wrong with a file of the user, or that it changed after the tables were published."""
    mistakes = file.mistakes()
    if mistakes is not None:
        for sentence in (*mistakes.sentences, f"{file.name} has mistakes, so its last good content counts: mend them."):
            typer.echo(single_line(sentence), err=True)
    elif file.differs_from(applied.published_by(file.name)):
        changed = f"{file.name} has changed since these figures were published: run `usage-assets sync`."
        typer.echo(changed, err=True)
