"""Examine the API: whether it accepts the token, the state of each account, and the schema of each integration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import httpx

from usage_assets.doctor.findings import Finding, account_finding, fail, ok, warn
from usage_assets.doctor.token_mapping import SUBJECT as TOKEN_FIELDS
from usage_assets.doctor.token_mapping import mapping_findings
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import ProfileError, Profiles, load_profiles
from usage_assets.landing.accounts import (
    Account,
    EmptyAccountList,
    check_not_empty,
    merge_accounts,
    unreadable_sentence,
)
from usage_assets.landing.environment import check_environment
from usage_assets.landing.manifest import LandingError
from usage_assets.project import Project
from usage_assets.truto import ListedAccounts, RetryPolicy, TrutoClient, TrutoError, UnreadableAccount
from usage_assets.user_files.csv_lines import UserFileError

MAX_ATTEMPTS = 2
MAX_DELAY_SECONDS = 5.0
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
MAX_SCHEMA_REQUESTS = 3  # of one integration, until an account returns its schema

NOT_EXAMINED = warn("account", "neither accounts nor token fields were examined, because the API returned no list")


def api_findings(project: Project, now: datetime) -> Iterator[Finding]:
    """Yield findings about the API itself, each account, and the token fields of each integration."""
    token = project.settings.token
    if token is None:
        yield warn("API", "was not called, because there is no token")
        yield NOT_EXAMINED
        return
    retry = RetryPolicy(max_attempts=MAX_ATTEMPTS, max_delay=MAX_DELAY_SECONDS, now=project.now)
    try:
        # The project's own client refuses an API other than that of the landing folder, and retries for longer.
        with TrutoClient(token=token, base_url=project.settings.base_url, retry=retry, timeout=TIMEOUT) as client:
            yield from _listed_findings(client, project, now)
    except TrutoError as error:
        yield fail("API", error_sentence(error))
        yield NOT_EXAMINED


def error_sentence(error: UsageAssetsError) -> str:
    """Return the text of an expected error as a message, without its full stop."""
    return str(error).rstrip(".")


def _listed_findings(client: TrutoClient, project: Project, now: datetime) -> Iterator[Finding]:
    listed, known = client.integrated_accounts(), _known_accounts(project)
    yield _list_finding(project.settings.base_url, len(listed.accounts), known)
    for row in _unknown_rows(listed, known):
        yield fail("account", unreadable_sentence(row))
    if (refused := _refused(project, listed, known)) is not None:
        yield refused
        return
    profiles, include_sandbox = _usable_profiles(project), project.settings.include_sandbox
    accounts = _named(project, merge_accounts(known, listed, profiles, now))
    reasons = {account.id: account.last_error for account in listed.accounts}
    for account in sorted(accounts, key=lambda account: (account.display_name, account.account_id)):
        profile, reason = profiles.of(account.integration), reasons.get(account.account_id)
        yield account_finding(account, profile, reason, include_sandbox=include_sandbox)
    yield from _token_field_findings(client, project.fetched_accounts(accounts), profiles)


def _refused(project: Project, listed: ListedAccounts, known: list[Account]) -> Finding | None:
    """Return why the list is not merged with the known accounts, if it is not."""
    try:
        check_not_empty(listed, known, project.account_list.path)
        check_environment(project.landing.root, listed, known)
    except (EmptyAccountList, LandingError) as error:
        return fail("account", error_sentence(error))
    return None


def _unknown_rows(listed: ListedAccounts, known: Iterable[Account]) -> list[UnreadableAccount]:
    """Return the unreadable rows of the list that are not those of known accounts, which have their own findings."""
    ids = {account.account_id for account in known}
    return [row for row in listed.unreadable if row.id not in ids]


def _named(project: Project, accounts: list[Account]) -> list[Account]:
    """Return the accounts with the user's names; without them if `accounts.csv` is invalid: another finding says so."""
    try:
        return project.account_list.named(accounts)
    except (UserFileError, OSError):
        return accounts


def _list_finding(base_url: str, accounts: int, known: list[Account]) -> Finding:
    if not accounts and known:
        return ok("API", f"{base_url} accepts the token and lists no account")
    if not accounts:
        empty = f"{base_url} accepts the token and lists no account"
        return warn("API", f"{empty}: connect an account in the Truto environment of this token")
    return ok("API", f"{base_url} accepts the token and lists {accounts} {'account' if accounts == 1 else 'accounts'}")


def _token_field_findings(client: TrutoClient, fetched: list[Account], profiles: Profiles) -> Iterator[Finding]:
    for integration in sorted({account.integration for account in fetched}):
        candidates = [account.account_id for account in fetched if account.integration == integration]
        yield from _schema_findings(client, integration, candidates[:MAX_SCHEMA_REQUESTS], profiles)


def _schema_findings(
    client: TrutoClient, integration: str, account_ids: Iterable[str], profiles: Profiles
) -> Iterator[Finding]:
    for account_id in account_ids:
        try:
            answer = client.usage_schema(account_id)
        except TrutoError as error:
            yield warn(TOKEN_FIELDS, f"{integration}: the API returned no schema: {error_sentence(error)}")
        else:
            yield from mapping_findings(answer, profiles.of(integration), account_id)
            return


def _usable_profiles(project: Project) -> Profiles:
    """Return the profiles; if the user's file is invalid, which another finding reports, only the shipped profiles."""
    try:
        return project.profiles
    except (ProfileError, OSError, UnicodeError):
        return load_profiles()


def _known_accounts(project: Project) -> list[Account]:
    """Return the stored account list; empty if the landing folder cannot be used, which another finding reports."""
    try:
        project.landing.check_origin(project.settings.base_url)
        return project.account_list.stored()
    except (LandingError, OSError, UnicodeError):
        return []
