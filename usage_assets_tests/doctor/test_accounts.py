"""The accounts that the API lists, those it no longer lists, and the schemas of their integrations."""

from typing import Any

import pytest

from usage_assets.doctor.findings import Level
from usage_assets.integrations.profiles import load_profiles
from usage_assets.project import Project
from usage_assets.truto import IntegratedAccount, ListedAccounts
from usage_assets_tests.doctor.examining import (
    NOW,
    Examine,
    ProjectWith,
    finding_about,
    findings_about,
    listed_account,
)
from usage_assets_tests.truto.scripted_api import ScriptedApi

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
SCHEMA = {"schema": {"usage.tokens.input": "number", "usage.tokens.output": "number"}}


def land_account_list(project: Project, origin: str, account_id: str) -> None:
    """Store an account list of `origin` that holds one account."""
    project.landing.set_origin(origin)
    account = IntegratedAccount(
        account_id, "claude", None, "active", is_sandbox=False, created_at=None, last_error=None
    )
    project.account_list.update(ListedAccounts([account], []), load_profiles(), NOW)


# Accounts


def test_every_account_has_a_line(project_with: ProjectWith, examined: Examine) -> None:
    accounts = findings_about("account", examined(project_with()))
    assert [finding.level for finding in accounts].count(Level.warn) == 1
    assert len(accounts) == 12


def test_an_account_is_named_by_integration_and_tenant_before_its_id(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed_account()]}, SCHEMA)
    assert (
        finding_about("account", examined(project_with(base_url=api.url))).message == "claude · acme (acc-1) is active"
    )


def test_accounts_are_in_the_order_of_their_names(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    accounts = [listed_account(id="acc-1", tenant_id="globex"), listed_account(id="acc-2", tenant_id="acme")]
    api.answers_with({"result": accounts}, SCHEMA)
    named = findings_about("account", examined(project_with(base_url=api.url)))
    assert [finding.message.partition(" (")[0] for finding in named] == ["claude · acme", "claude · globex"]


def test_accounts_are_examined_although_profiles_are_broken(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with()
    project.settings.data_dir.mkdir()
    project.settings.profiles_path.write_text("= broken")
    assert len(findings_about("account", examined(project))) == 12


def test_the_account_to_reconnect_is_the_warning_with_the_reason(project_with: ProjectWith, examined: Examine) -> None:
    accounts = findings_about("account", examined(project_with()))
    (warning,) = [finding for finding in accounts if finding.level is Level.warn]
    assert 'needs_reauth ("credentials were revoked"): let its owner connect it again' in warning.message


def test_sandbox_accounts_are_skipped_unless_included(project_with: ProjectWith, examined: Examine) -> None:
    def skipped(*, include_sandbox: bool) -> int:
        accounts = findings_about("account", examined(project_with(include_sandbox=include_sandbox)))
        return sum("skipped" in finding.message for finding in accounts)

    assert (skipped(include_sandbox=False), skipped(include_sandbox=True)) == (1, 0)


def test_an_account_that_truto_no_longer_lists_is_named(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed_account()]}, SCHEMA)
    project = project_with(base_url=api.url)
    land_account_list(project, api.url, "gone-1")
    messages = [finding.message for finding in examined(project)]
    assert "claude (gone-1) is no longer in Truto; its landed usage is kept" in messages


def test_accounts_of_another_api_are_not_reported_as_deleted(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with()
    land_account_list(project, "https://elsewhere.example", "other-1")
    assert not [finding for finding in examined(project) if "other-1" in finding.message]


def test_an_examination_does_not_store_the_account_list(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with()
    land_account_list(project, project.settings.base_url, "gone-1")
    examined(project)
    assert [account.account_id for account in project.account_list.read()] == ["gone-1"]


def test_accounts_of_another_environment_are_a_failure_and_not_reported_as_deleted(
    project_with: ProjectWith, examined: Examine
) -> None:
    project = project_with()
    land_account_list(project, project.settings.base_url, "other-1")
    (project.landing.root / "environment").write_text("production\n")

    refused = finding_about("account", examined(project))

    assert refused.level is Level.fail
    assert "holds the data of the environment production, and the accounts that TRUTO_API_TOKEN" in refused.message


def test_an_empty_list_where_accounts_are_known_is_a_failure(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": []})
    project = project_with(base_url=api.url)
    land_account_list(project, api.url, "known-1")

    refused = finding_about("account", examined(project))

    assert refused.level is Level.fail
    assert "it listed claude (known-1), so nothing is marked as deleted" in refused.message


def test_an_account_that_cannot_be_read_is_a_failure_beside_the_others(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [{"id": "a-2"}, listed_account()]}, SCHEMA)
    unreadable, readable = findings_about("account", examined(project_with(base_url=api.url)))

    assert (unreadable.level, readable.level) == (Level.fail, Level.ok)
    reason = "because it cannot be read (it has no `integration`)"
    assert (
        unreadable.message == f"Account a-2 is left out, {reason}: see it in Truto's own list, and report it to Truto"
    )


@pytest.mark.parametrize("account", [listed_account(id="a/b"), listed_account(integration={"name": "snowflake"})])
def test_an_odd_account_is_a_warning(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi, account: dict[str, Any]
) -> None:
    api.answers_with({"result": [account]}, {})
    assert finding_about("account", examined(project_with(base_url=api.url))).level is Level.warn


# Token fields


def test_each_integration_shows_the_fields_of_its_counts(project_with: ProjectWith, examined: Examine) -> None:
    token_fields = [finding.message for finding in findings_about("token fields", examined(project_with()))]
    shown = [message for message in token_fields if "input ← usage.tokens.input" in message]
    assert [message.partition(":")[0] for message in shown] == [
        "claude",
        "confluent",
        "cursor",
        "datadog",
        "openai_codex",
    ]


def test_the_schema_of_an_integration_is_requested_from_one_account(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed_account(id=f"acc-{number}") for number in range(5)]}, SCHEMA)
    examined(project_with(base_url=api.url))
    assert [request.path for request in api.requests[1:]] == ["/unified/usage-metering/usage/meta/list"]


def test_no_schema_is_requested_from_accounts_that_are_not_fetched(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    accounts = [listed_account(status="needs_reauth"), listed_account(id="acc-2", is_sandbox=True)]
    api.answers_with({"result": accounts}, {})
    examined(project_with(base_url=api.url))
    assert len(api.requests) == 1


@pytest.mark.parametrize("schema", [b"[]", b"null", b"<html>", DEEP, {}, {"schema": {"type": "object"}}, {"schema": 3}])
def test_an_odd_schema_is_a_warning(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi, schema: object
) -> None:
    api.answers_with({"result": [listed_account()]}, schema)
    finding = finding_about("token fields", examined(project_with(base_url=api.url)))
    assert (finding.level, finding.message.startswith("claude: ")) == (Level.warn, True)


def test_the_next_account_is_requested_if_the_first_returns_no_schema(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed_account(), listed_account(id="acc-2")]})
    api.answers_with({"message": "blocked"}, status=503)
    api.answers_with(SCHEMA)
    token_fields = findings_about("token fields", examined(project_with(base_url=api.url)))
    assert [finding.level for finding in token_fields] == [Level.warn, Level.ok]


def test_at_most_three_accounts_of_an_integration_are_requested(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [listed_account(id=f"acc-{number}") for number in range(9)]})
    api.answers_with({"message": "blocked"}, status=503)
    assert len(findings_about("token fields", examined(project_with(base_url=api.url)))) == 3
