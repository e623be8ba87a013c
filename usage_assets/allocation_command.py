"""The command `usage-assets allocation`: show what `allocation.csv` does with the loaded cost, before it is derived."""

from typing import Annotated

import typer

allocation_app = typer.Typer(no_args_is_help=True, help="Allocate cost to teams by allocation.csv.")


@allocation_app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what each rule of allocation.csv gets, and what stays of no team. Exit code 2 if the file has mistakes."""
    from usage_assets.allocation_report import preview_json, preview_lines
    from usage_assets.explanation.facts import printable
    from usage_assets.project import current_project
    from usage_assets.warehouse.allocation_preview import read_preview

    project = current_project()
    file = project.files.allocation
    found = file.look()
    if found.mistakes is not None:
        raise found.mistakes
    with project.warehouse.reading() as connection:
        preview = read_preview(connection, found.value)
    if as_json:
        typer.echo(preview_json(preview, file.path))
        return
    for line in preview_lines(preview, file.path, is_present=found.content is not None):
        typer.echo(printable(line))
