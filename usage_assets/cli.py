"""The `usage-assets` command: what is typed, what is printed, which code it ends with. Deciding is done elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from usage_assets.integrations.profiles import ProfileError
from usage_assets.landing.manifest import LandingError
from usage_assets.locks import LockHeld
from usage_assets.pricing.csv_lines import UserFileError
from usage_assets.settings import SettingsError
from usage_assets.truto import TrutoError
from usage_assets.warehouse.errors import NothingLoaded

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
usage_app = typer.Typer(no_args_is_help=True, help="The usage API itself.")
app.add_typer(usage_app, name="usage")

FAILED, WRONG_CALL = 1, 2


class Output(StrEnum):
    """How `usage list` prints rows."""

    json = "json"
    ndjson = "ndjson"
    csv = "csv"
    table = "table"


class ResponseFormat(StrEnum):
    """Truto's response formats."""

    unified = "unified"
    raw = "raw"
    normalized = "normalized"
    stream = "stream"
    debug = "debug"


def main() -> None:
    """Runs the command; expected failures are one sentence on standard error."""
    try:
        app()
    except (SettingsError, ProfileError, UserFileError) as error:
        _end(error, WRONG_CALL)
    except (TrutoError, LandingError, LockHeld, NothingLoaded, OSError) as error:
        _end(error, FAILED)


def day(text: str) -> date:
    """Reads a day from the command line.

    Raises:
        typer.BadParameter: it is not a date.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: write it as 2026-01-31.") from error


Day = Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD")]


@app.command()
def sync(
    first: Annotated[date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day.")] = None,
    last: Annotated[date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day.")] = None,
    account: Annotated[list[str] | None, typer.Option(help="Only this account; may be repeated.")] = None,
) -> None:
    """Fetch what is missing or due, derive what changed, publish. Ends with 1 if an account failed."""
    from usage_assets.defs.instance import open_instance
    from usage_assets.defs.resources import current_project, utc_now
    from usage_assets.defs.sync import Sync, UnknownAccount

    _refuse_range(first, last, utc_now().date())
    with open_instance() as instance, _progress() as say:
        try:
            outcome = Sync(current_project(), instance, utc_now(), say).run(account or [], first, last)
        except UnknownAccount as error:
            raise typer.BadParameter(str(error), param_hint="--account") from error
    for account_id, reason in outcome.skipped.items():
        typer.echo(f"{account_id} is not fetched: {reason}.", err=True)
    for account_id in outcome.to_reconnect:
        typer.echo(f"{account_id} needs reconnecting: let its owner connect it again in Truto; skipped.", err=True)
    for name, reason in outcome.failures.items():
        typer.echo(f"{name} failed: {reason}", err=True)
    if outcome.rejected:
        typer.echo(f"{outcome.rejected} rows could not be read: see the table rejected_rows for the reasons.", err=True)
    if outcome.waiting:
        typer.echo(
            f"{outcome.waiting} windows wait: those of another grain stand until every day of theirs is fetched anew.",
            err=True,
        )
    typer.echo(f"{outcome.windows} windows fetched, {outcome.changed} changed, {len(outcome.failures)} failed.")
    raise typer.Exit(FAILED if outcome.failures else 0)


@app.command()
def reprice(
    first: Annotated[date, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day.")],
    last: Annotated[date, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day.")],
) -> None:
    """Price and convert the days anew with the installed book and rates and your own, and derive what changes."""
    from usage_assets.defs.instance import open_instance
    from usage_assets.defs.repricing import reprice_days
    from usage_assets.defs.resources import current_project, utc_now

    _refuse_range(first, last, utc_now().date())
    with open_instance() as instance, _progress() as say:
        say(f"pricing {first} to {last}")
        done = reprice_days(current_project(), instance, first, last, utc_now())
    typer.echo(
        f"{len(done.priced)} days have other prices by {done.book} and your own prices, "
        f"{len(done.converted)} other exchange rates."
    )
    if done.failure is not None:
        typer.echo(f"derive failed: {done.failure}", err=True)
        raise typer.Exit(FAILED)


@app.command()
def accounts() -> None:
    """Show the integrated accounts with status, days held, rows and cost."""
    from usage_assets.account_table import account_table
    from usage_assets.defs.resources import current_project, utc_now

    project = current_project()
    listed = project.refresh_accounts(utc_now())
    Console(width=None if sys.stdout.isatty() else 160).print(account_table(project.settings.published_dir, listed))


@app.command()
def doctor() -> None:
    """Examine configuration, API, accounts, disk and locks: a line each, with what to do. Ends with 1 if one failed."""
    from usage_assets.doctor.examination import current_surroundings, examine
    from usage_assets.doctor.findings import has_failed, line_of, summary_of
    from usage_assets.settings import current_settings

    console, findings = Console(soft_wrap=True, highlight=False), []
    for finding in examine(current_settings(), current_surroundings()):
        findings.append(finding)
        console.print(line_of(finding))
    console.print(summary_of(findings))
    raise typer.Exit(FAILED if has_failed(findings) else 0)


@app.command()
def explain(
    day_: Annotated[date, typer.Option("--day", parser=day, metavar="YYYY-MM-DD", help="The day of the figure.")],
    account: Annotated[str | None, typer.Option(help="Integrated account id.")] = None,
    provider: Annotated[str | None, typer.Option()] = None,
    model: Annotated[str | None, typer.Option(help="Its name in the tables, or its raw id.")] = None,
    surface: Annotated[str | None, typer.Option()] = None,
    user: Annotated[str | None, typer.Option(help="E-mail or user_key.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="How many cost rows to show; 0 shows all.")] = 20,
) -> None:
    """Read a figure back to price or charge, API row and request. Ends with 1 if there is none, or figures disagree."""
    from usage_assets.explain.cell import Cell
    from usage_assets.explain.explanation import Explainer
    from usage_assets.settings import current_settings

    if day_ > datetime.now(UTC).date():
        raise typer.BadParameter(f"{day_} is in the future.", param_hint="--day")
    cell, has_contradictions = Cell(day_, account, provider, model, surface, user), False
    for said in Explainer.of(current_settings()).explain(cell, rows or None):
        typer.echo(said.text)
        has_contradictions |= said.contradicts
    raise typer.Exit(FAILED if has_contradictions else 0)


@usage_app.command("list")
def usage_list(
    account: Annotated[str, typer.Option("--account", "-a", help="Integrated account id.")],
    date_: Annotated[str | None, typer.Option("--date")] = None,
    start_date: Annotated[str | None, typer.Option()] = None,
    end_date: Annotated[str | None, typer.Option()] = None,
    user_id: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int | None, typer.Option(min=1)] = None,
    next_cursor: Annotated[str | None, typer.Option()] = None,
    response_format: Annotated[ResponseFormat, typer.Option("--truto-response-format")] = ResponseFormat.unified,
    key_by: Annotated[str | None, typer.Option("--truto-key-by")] = None,
    ignore_limit: Annotated[bool, typer.Option("--truto-ignore-limit")] = False,
    ignore_remote_data: Annotated[bool, typer.Option("--truto-ignore-remote-data")] = False,
    exclude_field: Annotated[list[str] | None, typer.Option("--truto-exclude-field")] = None,
    remote_query: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE")] = None,
    parameter: Annotated[list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE")] = None,
    output: Annotated[Output, typer.Option("--output", "-o")] = Output.table,
) -> None:
    """Call List Usage and print every page; `-p name=value` passes any further parameter through untouched."""
    from usage_assets.defs.resources import current_project
    from usage_assets.listing import print_usage
    from usage_assets.truto import TrutoClient, UsageQuery

    query = UsageQuery(
        account_id=account,
        date=date_,
        start_date=start_date,
        end_date=end_date,
        user_id=user_id,
        limit=limit,
        next_cursor=next_cursor,
        response_format=response_format.value,
        key_by=key_by,
        ignore_limit=ignore_limit,
        ignore_remote_data=ignore_remote_data,
        exclude_fields=tuple(exclude_field or ()),
        remote_query=_pairs(remote_query or []),
        extra=_pairs(parameter or []),
    )
    settings = current_project().settings
    with TrutoClient(token=settings.required_token(), base_url=settings.base_url) as client:
        print_usage(client, query, output.value, sys.stdout)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8400,
    accounts: Annotated[int, typer.Option(min=1, max=500)] = 12,
    users: Annotated[int, typer.Option(min=1, max=10_000, help="People in each company.")] = 25,
    seed: Annotated[int, typer.Option()] = 7,
    token: Annotated[str, typer.Option()] = "sandbox",
) -> None:
    """Serve a local stand-in for Truto's API on loopback until Ctrl-C."""
    from truto_sandbox.__main__ import serve_until_interrupted
    from truto_sandbox.settings import SandboxSettings

    settings = SandboxSettings(accounts=accounts, users=users, seed=seed, token=token)
    raise typer.Exit(serve_until_interrupted(settings, port))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Gives a way to say what is going on: a live line on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: typer.echo(text, err=True)
        return
    with console.status("listing accounts") as status:
        yield status.update


def _refuse_range(first: date | None, last: date | None, today: date) -> None:
    if first and last and last < first:
        raise typer.BadParameter(f"{last} is before {first}: put the earlier day first.", param_hint="--to")
    if max(first or date.min, last or date.min) >= today:
        raise typer.BadParameter("a day that is not over in UTC cannot be asked for.", param_hint="--from/--to")


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict[str, str]()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r}: write it as name=value.")
        pairs[name] = value
    return pairs


def _end(error: Exception, code: int) -> None:
    typer.echo(str(error), err=True)
    sys.exit(code)
