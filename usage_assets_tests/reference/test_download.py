"""A download against a real server on loopback: what is refused, and that nothing of ours is sent."""

import httpx
import pytest

from usage_assets.reference.download import DownloadFailed, DownloadLimits, download, redirected, shown_host
from usage_assets_tests.reference.file_server import (
    Answer,
    FileServer,
    cut,
    dripping,
    endless,
    redirect,
    silent,
    status,
)

LIMITS = DownloadLimits(most_bytes=2**20)
QUICK = DownloadLimits(most_bytes=2**20, seconds=0.6, pause_seconds=0.4)
CONTENT = b"rates"


def test_a_file_is_returned_as_it_is(server: FileServer) -> None:
    assert download(server.serves("rates", CONTENT), LIMITS) == CONTENT


def test_no_token_and_no_cookie_is_sent(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUTO_API_TOKEN", "secret-token")

    download(server.serves("rates", CONTENT), LIMITS)

    [(_, headers)] = server.requests
    assert {name.lower() for name in headers} == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert "secret-token" not in str(headers)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(404), "HTTP status 404"),
        (status(503), "HTTP status 503"),
        (status(204), "HTTP status 204"),
        (cut(CONTENT * 1000), "cannot be reached"),
        (endless, "sent more than 1,048,576 bytes"),
        (silent, "did not answer within 0.4 s"),
        (dripping, "was not complete after 0.6 s"),
        (redirect("file:///etc/passwd"), "redirects from http to file"),
        (redirect("//[broken"), "cannot be reached"),
    ],
)
def test_what_cannot_be_downloaded_is_named(server: FileServer, answer: Answer, reason: str) -> None:
    server.answers["rates"] = answer
    limits = QUICK if answer in {silent, dripping} else LIMITS

    with pytest.raises(DownloadFailed, match=reason):
        download(server.address("rates"), limits)


def test_an_answer_of_500_mb_is_refused_while_it_arrives(server: FileServer) -> None:
    server.answers["rates"] = endless

    with pytest.raises(DownloadFailed):
        download(server.address("rates"), LIMITS)

    assert server.sent < 100 * 2**20


def test_a_redirect_on_the_same_scheme_is_followed(server: FileServer) -> None:
    target = server.serves("new", CONTENT)
    server.answers["old"] = redirect(target)

    assert download(server.address("old"), LIMITS) == CONTENT


def test_a_circle_of_redirects_ends(server: FileServer) -> None:
    server.answers["a"] = redirect("/a")

    with pytest.raises(DownloadFailed, match="redirects more than 5 times"):
        download(server.address("a"), LIMITS)

    assert len(server.requests) == 6


def test_a_redirect_never_leaves_https() -> None:
    secure = httpx.URL("https://bank.example/file")

    assert redirected(secure, "https://other.example/file").host == "other.example"
    with pytest.raises(DownloadFailed, match="redirects from https to http"):
        redirected(secure, "http://bank.example/file")


def test_a_closed_port_cannot_be_reached() -> None:
    with pytest.raises(DownloadFailed, match="cannot be reached"):
        download("http://127.0.0.1:1/rates", LIMITS)


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://user:password@mirror.example/a?key=1", "mirror.example"), ("http://host:port/", "(no address)")],
)
def test_a_shown_host_has_no_secret(address: str, host: str) -> None:
    assert shown_host(address) == host
