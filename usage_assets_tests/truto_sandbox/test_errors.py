"""Error responses and the requests that get them."""

import httpx
import pytest

from usage_assets_tests.truto_sandbox.api import CLAUDE, CURSOR, DATADOG, NEEDS_REAUTH, USAGE, Api


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "sandbox"}, {"Authorization": "Basic c2E6"}],
)
def test_a_request_without_the_token_is_unauthorized(api: Api, header: dict[str, str]) -> None:
    answer = httpx.get(f"{api.http.base_url}/integrated-account", headers=header)

    assert (answer.status_code, answer.json()["error"]) == (401, "Unauthorized")


def test_an_error_has_the_documented_envelope(api: Api) -> None:
    answer = api.http.get("/nowhere")

    expected = {"statusCode": 404, "error": "Not Found", "message": "/nowhere does not exist"}
    assert answer.json() == expected


def test_a_missing_account_id_is_named(api: Api) -> None:
    answer = api.http.get(USAGE)

    insight = answer.json()["truto_error_insight"]
    assert answer.status_code == 400
    assert insight["missing_required_query_parameters"]["value"] == ["integrated_account_id"]


def test_an_unknown_account_is_not_found(api: Api) -> None:
    query = {"integrated_account_id": "00000000-0000-4000-8000-000000000000"}

    assert api.http.get(USAGE, params=query).status_code == 404


def test_revoked_credentials_are_a_remote_error(api: Api) -> None:
    answer = api.get(NEEDS_REAUTH)

    assert (answer.status_code, answer.json()["truto_is_remote_error"]) == (401, True)


def test_a_missing_token_is_not_a_remote_error(api: Api) -> None:
    answer = httpx.get(f"{api.http.base_url}{USAGE}")

    assert "truto_is_remote_error" not in answer.json()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [USAGE, "/integrated-account"])
def test_the_sandbox_is_read_only(api: Api, method: str, path: str) -> None:
    answer = api.http.request(method, path)

    assert (answer.status_code, answer.json()["statusCode"]) == (405, 405)


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_an_invalid_date_is_refused(api: Api, date: str) -> None:
    answer = api.get(CLAUDE, date=date)

    assert (answer.status_code, answer.json()["message"][:5]) == (400, "date ")


def test_an_invalid_date_is_accepted_in_a_parameter_that_the_vendor_ignores(api: Api) -> None:
    assert api.get(CLAUDE, start_date="yesterday").status_code == 200


def test_an_unencoded_plus_in_a_date_time_is_accepted(api: Api) -> None:
    url = f"{USAGE}?integrated_account_id={api.account_id(CURSOR)}&start_date=2026-10-05T00:00:00+00:00"

    assert api.http.get(url).status_code == 200


def test_a_resource_that_the_vendor_lacks_is_not_found(api: Api) -> None:
    assert api.get(DATADOG, "users").status_code == 404
