"""Which tokens and base URLs the client accepts, and how it connects."""

import pytest

from usage_assets.truto import BadToken, InvalidBaseURL, RetryPolicy, TrutoClient
from usage_assets_tests.truto.scripted_api import TOKEN, ScriptedApi
from usage_assets_tests.truto.usage_calls import EMPTY_PAGE, list_usage


def test_the_base_url_may_carry_a_path(api: ScriptedApi, retry: RetryPolicy) -> None:
    api.answers_with(EMPTY_PAGE)
    with TrutoClient(token=TOKEN, base_url=f"{api.url}/proxy/truto/", retry=retry) as client:
        list_usage(client)
    assert api.requests[0].path == "/proxy/truto/unified/usage-metering/usage"


@pytest.mark.parametrize("token", ["", "  ", "two words", "new\nline", "tökén", "tab\t.x"])
def test_a_token_that_no_header_can_carry_is_rejected_without_showing_it(token: str) -> None:
    with pytest.raises(BadToken) as caught:
        TrutoClient(token=token)
    assert not token.strip() or token not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.truto.one",
        "ftp://api.truto.one",
        "https://",
        "https://u:p@host",
        "http://h?x=1",
        "http://h:99999",
        "http://h:port",
        "http://a..b",
        "http://" + "x" * 64,
    ],
)
def test_an_invalid_base_url_is_rejected(base_url: str) -> None:
    with pytest.raises(InvalidBaseURL, match=r"base URL .* is not valid.*; correct TRUTO_BASE_URL"):
        TrutoClient(token=TOKEN, base_url=base_url)


def test_a_proxy_from_the_environment_is_not_used_for_loopback(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, retry: RetryPolicy
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    api.answers_with({"result": [{"id": 1}]})
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry) as client:
        assert len(list_usage(client)) == 1
