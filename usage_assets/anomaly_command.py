"""The command `usage-assets anomalies`: list what is not normal, and acknowledge it."""

from typing import Annotated

import typer

from usage_assets.command_options import check_text


def anomalies(
    is_all: Annotated[bool, typer.Option("--all", help="Also list resolved and acknowledged ones.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    anomaly_id: Annotated[
        str | None, typer.Option("--acknowledge", metavar="ID", help="Acknowledge this one, with --note.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What you know about it.")] = None,
) -> None:
    """List the open anomalies of spend, newest first, or acknowledge one. Exit code 2 if there is no such anomaly."""
    from usage_assets.acknowledgements import wrong_lines
    from usage_assets.acknowledging import acknowledge
    from usage_assets.anomaly_report import anomalies_json, anomaly_lines, read_anomalies
    from usage_assets.project import current_project
    from usage_assets.shown_currency import not_shown_text
    from usage_assets.truto.display_text import single_line

    if (anomaly_id is None) != (note is None):
        raise typer.BadParameter("give --acknowledge and --note together.", param_hint="--note")
    for text, option in ((anomaly_id, "--acknowledge"), (note, "--note")):
        check_text(text, option)
    project = current_project()
    if anomaly_id is not None and note is not None:
        is_published = acknowledge(project, anomaly_id, note)
        later = "" if is_published else " The published files show it after the derive run that is under way."
        typer.echo(single_line(f"Anomaly {anomaly_id} is acknowledged.{later}"))
        return
    currency = project.settings.currency
    for sentence in wrong_lines(project.settings.acknowledgements_path):
        typer.echo(single_line(sentence), err=True)
    found = read_anomalies(project.published_dir, project.acknowledgements, currency)
    if lacking := not_shown_text(currency, (anomaly.currency for anomaly in found)):
        typer.echo(lacking, err=True)
    if as_json:
        typer.echo(anomalies_json(found, is_all=is_all))
        return
    for line in anomaly_lines(found, project.account_list.read(), is_all=is_all):
        typer.echo(_shown(line))


def _shown(line: str) -> str:
    """Return a line without control characters; its indentation stays."""
    from usage_assets.truto.display_text import single_line

    indentation = line[: len(line) - len(line.lstrip(" "))]
    return f"{indentation}{single_line(line)}"
