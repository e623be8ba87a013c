"""The `usage-assets` command: read the command line, print results, set the exit code. Decisions are elsewhere.

Imports wait until a command needs them, so that `--help`, `accounts` and `usage list` start without Dagster.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeVar

import typer
from rich.console import Console

from usage_assets.allocation_command import allocation_app
from usage_assets.anomaly_command import anomalies
from usage_assets.command_options import Account, FirstDay, LastDay, day, days_to_explain
from usage_assets.errors import FAILED, UsageAssetsError, os_error_sentence
from usage_assets.published_commands import accounts, budgets, projection, seats, spend
from usage_assets.terminal import counted, shown_progress
from usage_assets.truto.display_text import single_line

if TYPE_CHECKING:
    from usage_assets.project import Project
    from usage_assets.sync import Runs
    from usage_assets.sync_result import SyncResult

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
usage_app = typer.Typer(no_args_is_help=True, help="Call the usage API directly.")
app.add_typer(usage_app, name="usage")
app.add_typer(allocation_app, name="allocation")

Result = TypeVar("Result")
Output = Literal["json", "ndjson", "csv", "table"]
ResponseFormat = Literal["unified", "raw", "normalized", "stream", "debug"]
EVENTS_PER_BATCH = "1000"


def main() -> None:
    """Run the command; print an expected failure as one sentence on standard error."""
    try:
        app()
    except UsageAssetsError as error:
        _end(error.exit_code, *error.sentences)
    except OSError as error:
        _end(FAILED, os_error_sentence(error))


@app.command()
def sync(
    first: FirstDay = None,
    last: LastDay = None,
    account: Annotated[
        list[str] | None,
        typer.Option(help="Only this account: part of its id, name, integration or tenant; repeatable."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 also if a check is red.")] = False,
) -> None:
    """Fetch missing and due days, derive what changed, publish. Exit code 1 if an account or the derive run failed."""
    from usage_assets.check_report import check_lines, check_report
    from usage_assets.completeness_report import completeness_lines
    from usage_assets.project import current_project
    from usage_assets.sync import Sync
    from usage_assets.sync_report import problem_lines, summary_lines

    project = current_project()

    def run(runs: "Runs") -> "SyncResult":
        with shown_progress() as progress:
            return Sync(project, runs, progress).run(account or [], first, last)

    result = _with_runs(project, run)
    unreadable = project.account_list.unreadable()
    known = project.account_list.read()
    checks = check_report(project, known)
    for line in problem_lines(result, known, unreadable):
        typer.echo(single_line(line), err=True)
    totals = summary_lines(result, project.published_dir, project.settings.currency)
    for line in [*totals, *completeness_lines(project, known), *check_lines(checks, known)]:
        typer.echo(single_line(line))
    raise typer.Exit(FAILED if result.has_failed or unreadable or (strict and checks.has_red) else 0)


@app.command()
def reprice(
    first: Annotated[date, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day.")],
    last: Annotated[date, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day, included.")],
) -> None:
    """Look up prices and exchange rates of past days again, and derive the days on which they changed."""
    from usage_assets.project import current_project
    from usage_assets.rederiving import reprice_days
    from usage_assets.sync import check_range

    project = current_project()
    check_range(first, last, date.min, project.now().date())
    result = _with_runs(project, lambda runs: reprice_days(project, runs, first, last))
    typer.echo(
        f"{counted(len(result.priced), 'day')} with changed prices, by {result.sources}; "
        f"{counted(len(result.converted), 'day')} with changed exchange rates."
    )
    if result.failure is not None:
        _end(FAILED, f"The derive run failed: {result.failure}")


@app.command()
def rebuild() -> None:
    """Fill a new warehouse file from the landing files alone; keep the old file beside it."""
    from usage_assets.project import current_project
    from usage_assets.rederiving import rebuild_warehouse

    project = current_project()
    result = _with_runs(project, lambda runs: rebuild_warehouse(project, runs))
    if result.set_aside is not None:
        typer.echo(f"The old file is kept as {result.set_aside}.")
    if result.derived.failure is not None:
        _end(FAILED, f"The derive run failed: {result.derived.failure}")
    typer.echo(f"{project.warehouse.path} is rebuilt from the landed windows of {counted(len(result.days), 'day')}.")


for command in (accounts, spend, seats, projection, budgets, anomalies):
    app.command()(command)


@app.command()
def doctor() -> None:
    """Examine settings, files, locks, API and accounts; say what to do about each finding. Exit code 1 on a failure."""
    from pathlib import Path

    from usage_assets.doctor.examination import examine
    from usage_assets.doctor.findings import has_failed, line_of, summary_of
    from usage_assets.project import current_project

    console, findings = Console(soft_wrap=True, highlight=False), []
    for finding in examine(current_project(), Path.cwd() / ".env"):
        findings.append(finding)
        console.print(line_of(finding))
    console.print(summary_of(findings), markup=False)
    raise typer.Exit(FAILED if has_failed(findings) else 0)


@app.command()
def explain(
    day_: Annotated[date | None, typer.Option("--day", parser=day, metavar="YYYY-MM-DD", help="One day.")] = None,
    first: FirstDay = None,
    last: LastDay = None,
    account: Account = None,
    provider: Annotated[str | None, typer.Option()] = None,
    model: Annotated[str | None, typer.Option(help="Model name in the tables, or raw model id.")] = None,
    surface: Annotated[str | None, typer.Option()] = None,
    user: Annotated[str | None, typer.Option(help="E-mail or user_key.")] = None,
    team: Annotated[str | None, typer.Option(help="Team by the rules of allocation.csv.")] = None,
    rows: Annotated[
        int | None, typer.Option(min=0, help="Also show this many cost rows, which name people; 0 shows all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Trace a cost back to price or charge, API row and request. Exit code 1 without cost or if figures disagree."""
    from usage_assets.explanation.derivation import MAX_RECOMPUTED, explain
    from usage_assets.explanation.document import to_json
    from usage_assets.explanation.lines import lines_of_derivation
    from usage_assets.project import current_project

    project = current_project()
    first_day, last_day = days_to_explain(day_, first, last, project.now().date())
    derivation = explain(
        first_day,
        last_day,
        account=account,
        provider=provider,
        model=model,
        surface=surface,
        user=user,
        team=team,
        project=project,
        max_rows=None if rows == 0 else max(rows or 0, MAX_RECOMPUTED),
    )
    shown = None if rows == 0 else rows or 0
    for line in [to_json(derivation, shown)] if as_json else lines_of_derivation(derivation, shown):
        typer.echo(line)
    raise typer.Exit(FAILED if derivation.contradictions else 0)


@usage_app.command("list")
def usage_list(
    account: Annotated[str, typer.Option("--account", "-a", help="Account: part of its id, integration or tenant.")],
    date_: Annotated[str | None, typer.Option("--date")] = None,
    start_date: Annotated[str | None, typer.Option()] = None,
    end_date: Annotated[str | None, typer.Option()] = None,
    user_id: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int | None, typer.Option(min=1)] = None,
    next_cursor: Annotated[str | None, typer.Option()] = None,
    response_format: Annotated[ResponseFormat, typer.Option("--truto-response-format")] = "unified",
    key_by: Annotated[str | None, typer.Option("--truto-key-by")] = None,
    ignore_limit: Annotated[bool, typer.Option("--truto-ignore-limit")] = False,
    ignore_remote_data: Annotated[bool, typer.Option("--truto-ignore-remote-data")] = False,
    exclude_field: Annotated[list[str] | None, typer.Option("--truto-exclude-field")] = None,
    remote_query: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE")] = None,
    parameter: Annotated[list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE")] = None,
    output: Annotated[Output, typer.Option("--output", "-o")] = "table",
) -> None:
    """Call List Usage and print every page; `-p name=value` passes any further parameter through untouched."""
    from usage_assets.project import current_project
    from usage_assets.truto import UsageQuery
    from usage_assets.usage_output import print_usage

    project = current_project()
    query = UsageQuery(
        account_id=project.account_id(account),
        date=date_,
        start_date=start_date,
        end_date=end_date,
        user_id=user_id,
        limit=limit,
        next_cursor=next_cursor,
        response_format=response_format,
        key_by=key_by,
        ignore_limit=ignore_limit,
        ignore_remote_data=ignore_remote_data,
        exclude_fields=tuple(exclude_field or ()),
        remote_query=_pairs(remote_query or []),
        extra=_pairs(parameter or []),
    )
    with project.client() as client:
        print_usage(client, query, output, sys.stdout)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8400,
    accounts: Annotated[int, typer.Option(min=1, max=500)] = 12,
    users: Annotated[int, typer.Option(min=1, max=10_000, help="People in each company.")] = 25,
    seed: Annotated[int, typer.Option()] = 7,
    token: Annotated[str, typer.Option()] = "sandbox",
) -> None:
    """Serve a local imitation of Truto's API on loopback until Ctrl-C."""
    from truto_sandbox.__main__ import serve_until_interrupted
    from truto_sandbox.settings import SandboxSettings

    settings = SandboxSettings(accounts=accounts, users=users, seed=seed, token=token)
    raise typer.Exit(serve_until_interrupted(settings, port))


def _with_runs(project: "Project", action: Callable[["Runs"], Result]) -> Result:
    """Call `action` with the runs of the project's Dagster instance."""
    from usage_assets.defs.in_process_runs import InProcessRuns
    from usage_assets.defs.instance import open_instance

    # Dagster hands events to the storage in batches only if this variable is set.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", EVENTS_PER_BATCH)
    # The storage in dagster.yaml takes its folder relative to this variable, in every program alike.
    os.environ["DAGSTER_HOME"] = str(project.settings.dagster_home)
    with open_instance(project.settings.dagster_home) as instance:
        return action(InProcessRuns(project, instance))


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict[str, str]()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r}: write it as name=value.")
        pairs[name] = value
    return pairs


def _end(code: int, *sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(single_line(sentence), err=True)
    sys.exit(code)
