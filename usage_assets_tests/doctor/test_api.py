"""The API: findings about its address and token, without secrets."""

import socket

import pytest

from usage_assets.doctor.api import NOT_EXAMINED
from usage_assets.doctor.findings import Level, ok
from usage_assets.project import Project
from usage_assets_tests.doctor.examining import Examine, ProjectWith, finding_about
from usage_assets_tests.truto.scripted_api import ScriptedApi

TOKEN = "tok_live_5f2c9a7b1e"


def test_an_api_that_accepts_the_token_is_ok(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with()
    finding = finding_about("API", examined(project))
    assert finding == ok("API", f"{project.settings.base_url} accepts the token and lists 12 accounts")


def test_without_a_token_the_api_is_not_called(project_with: ProjectWith, examined: Examine, api: ScriptedApi) -> None:
    examined(project_with(token=None, base_url=api.url))
    assert api.requests == []


def test_without_a_token_accounts_are_reported_as_not_examined(offline: Project, examined: Examine) -> None:
    assert finding_about("account", examined(offline)) == NOT_EXAMINED


def test_a_wrong_token_is_a_failure(project_with: ProjectWith, examined: Examine) -> None:
    finding = finding_about("API", examined(project_with(token=TOKEN)))
    assert (finding.level, "does not accept the API token" in finding.message) == (Level.fail, True)


def test_with_a_wrong_token_accounts_are_reported_as_not_examined(project_with: ProjectWith, examined: Examine) -> None:
    assert finding_about("account", examined(project_with(token=TOKEN))) == NOT_EXAMINED


def test_a_token_that_no_header_can_carry_is_a_failure(project_with: ProjectWith, examined: Examine) -> None:
    assert finding_about("API", examined(project_with(token="two words"))).level is Level.fail


def test_an_address_that_does_not_answer_is_a_failure(project_with: ProjectWith, examined: Examine) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        finding = finding_about("API", examined(project_with(base_url=f"http://127.0.0.1:{port}")))
    assert (finding.level, "check TRUTO_BASE_URL and the network" in finding.message) == (Level.fail, True)


def test_an_address_of_something_else_is_a_failure(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with(b"<html>a router</html>")
    assert finding_about("API", examined(project_with(base_url=api.url))).level is Level.fail


@pytest.mark.parametrize(
    "address", ["https://me:pa55word@api.example", "https://api.example/?token=pa55word", "http://127.0.0.1:99999"]
)
def test_an_address_that_no_request_can_go_to_is_a_failure(
    project_with: ProjectWith, examined: Examine, address: str
) -> None:
    assert finding_about("API", examined(project_with(base_url=address))).level is Level.fail


@pytest.mark.parametrize("address", ["https://me:pa55word@api.example", "https://api.example/?token=pa55word"])
def test_a_secret_in_the_address_is_not_shown(project_with: ProjectWith, examined: Examine, address: str) -> None:
    project = project_with(base_url=address)
    project.landing.set_origin("https://elsewhere.example")
    assert not [finding for finding in examined(project) if "pa55word" in finding.message]


@pytest.mark.parametrize("status", [200, 401, 500])
def test_the_token_is_not_shown(project_with: ProjectWith, examined: Examine, api: ScriptedApi, status: int) -> None:
    api.answers_with({"statusCode": status, "message": f"Bearer {TOKEN} is not known", "result": []}, status=status)
    findings = examined(project_with(base_url=api.url, token=TOKEN))
    assert not [finding for finding in findings if TOKEN in finding.message]


def test_a_token_that_sees_no_account_is_a_warning(
    project_with: ProjectWith, examined: Examine, api: ScriptedApi
) -> None:
    api.answers_with({"result": [], "next_cursor": None})
    finding = finding_about("API", examined(project_with(base_url=api.url)))
    assert (finding.level, "connect an account in the Truto environment" in finding.message) == (Level.warn, True)


def test_an_api_that_fails_is_called_twice(project_with: ProjectWith, examined: Examine, api: ScriptedApi) -> None:
    api.answers_with({"message": "out of order"}, status=500)
    assert finding_about("API", examined(project_with(base_url=api.url))).level is Level.fail
    assert len(api.requests) == 2
