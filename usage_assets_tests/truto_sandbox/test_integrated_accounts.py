"""The list of accounts, its filters, and the late account."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from usage_assets_tests.truto_sandbox.api import CALM, CLAUDE, LATE, NEEDS_REAUTH, NOW, TRIAL, USAGE, Api, sandbox

INTEGRATIONS = {"claude", "openai_codex", "cursor", "confluent", "datadog"}


def test_twelve_accounts_cover_all_vendors(api: Api) -> None:
    names = [account["integration"]["name"] for account in api.accounts()]

    assert (len(names), set(names)) == (12, INTEGRATIONS)


def test_one_account_needs_reconnecting(api: Api) -> None:
    assert [account["id"] for account in api.accounts(status="needs_reauth")] == [api.account_id(NEEDS_REAUTH)]


FILTERS = {
    "status": ({"status": "active"}, 11),
    "is_sandbox": ({"is_sandbox": "true"}, 1),
    "tenant": ({"tenant_id": "acme"}, 3),
    "integration": ({"integration.name": "claude"}, 3),
    "integration as an object": ({"integration[name]": "claude"}, 3),
    "two filters": ({"tenant_id": "acme", "integration.name": "claude"}, 1),
    "created before": ({"created_at[lt]": "2025-01-09"}, 3),
    "nobody": ({"tenant_id": "nobody"}, 0),
}


@pytest.mark.parametrize(("filters", "count"), FILTERS.values(), ids=FILTERS.keys())
def test_accounts_are_filtered(api: Api, filters: dict[str, str], count: int) -> None:
    assert len(api.accounts(**filters)) == count


def test_accounts_are_filtered_by_ids(api: Api) -> None:
    wanted = [api.account_id(CLAUDE), api.account_id(TRIAL)]

    assert [account["id"] for account in api.accounts(**{"id[in]": ",".join(wanted)})] == wanted


def test_accounts_come_in_pages(api: Api) -> None:
    first = api.http.get("/integrated-account", params={"limit": 7}).json()

    rest = api.http.get("/integrated-account", params={"limit": 7, "next_cursor": first["next_cursor"]}).json()

    assert set(first) == {"result", "next_cursor", "limit"}
    assert first["result"] + rest["result"] == api.accounts()


def test_a_single_account_has_no_envelope(api: Api) -> None:
    account = api.accounts()[0]

    assert api.http.get(f"/integrated-account/{account['id']}").json() == account


def test_capabilities_name_the_resources(api: Api) -> None:
    url = f"/integrated-account/{api.account_id(CLAUDE)}/capabilities"

    body = api.http.get(url, params={"type": "unified"}).json()

    assert [capability["resource"] for capability in body["unified"]] == ["usage", "products", "users"]
    assert body["account"]["is_blocked"] is False


def test_the_late_account_does_not_exist_before_its_delay() -> None:
    with sandbox(replace(CALM, late_after_seconds=20)) as early:
        late = _late_account_id()
        listed = {account["id"] for account in early.accounts()}

        assert late not in listed
        assert early.http.get(USAGE, params={"integrated_account_id": late}).status_code == 404


def test_the_late_account_exists_after_its_delay() -> None:
    clock = [NOW]
    with sandbox(replace(CALM, late_after_seconds=20, now=lambda: clock[0])) as api:
        clock[0] = NOW + timedelta(seconds=20)

        assert api.account_id(LATE) == _late_account_id()


def test_five_hundred_accounts_have_ids_of_their_own() -> None:
    with sandbox(replace(CALM, accounts=500)) as api:
        assert len({account["id"] for account in api.accounts()}) == 500


def test_another_seed_has_other_accounts() -> None:
    with sandbox(replace(CALM, seed=8)) as other, sandbox() as api:
        assert other.account_id(CLAUDE) != api.account_id(CLAUDE)


def test_the_token_can_be_chosen() -> None:
    with sandbox(replace(CALM, token="open sesame")) as api:
        refused = httpx.get(f"{api.http.base_url}/integrated-account", headers={"Authorization": "Bearer sandbox"})

        assert (len(api.accounts()), refused.status_code) == (12, 401)


def _late_account_id() -> str:
    with sandbox() as api:
        return api.account_id(LATE)
