"""Download a file of rates or prices: bounded in size and time, with no token, and never from https to http."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic

import httpx

from usage_assets.errors import UsageAssetsError
from usage_assets.truto.connection import is_loopback

MOST_REDIRECTS = 5
SCHEMES = ("http", "https")


class DownloadFailed(UsageAssetsError):
    """A file could not be downloaded; the text says why, without a full stop."""


@dataclass(frozen=True)
class DownloadLimits:
    """The most that a download may take.

    Attributes:
        most_bytes: The size of the file.
        seconds: The whole download.
        pause_seconds: Each wait: for a connection, and for the next part of the file.
    """

    most_bytes: int
    seconds: float = 60.0
    pause_seconds: float = 10.0


def download(address: str, limits: DownloadLimits) -> bytes:
    """Return the file at `address`.

    Raises:
        DownloadFailed: There is no such file, or it exceeds a limit.
    """
    deadline = monotonic() + limits.seconds
    try:
        url = httpx.URL(address)
        with _client(url, limits) as client:
            for _ in range(MOST_REDIRECTS + 1):
                with client.stream("GET", url) as response:
                    if not response.has_redirect_location:
                        return _body(response, limits, deadline)
                    url = redirected(url, response.headers["Location"])
    except httpx.TimeoutException as error:
        raise DownloadFailed(f"it did not answer within {limits.pause_seconds:g} s") from error
    except (httpx.TransportError, httpx.InvalidURL, UnicodeError) as error:
        raise DownloadFailed(f"it cannot be reached ({error or type(error).__name__})") from error
    raise DownloadFailed(f"it redirects more than {MOST_REDIRECTS} times")


def shown_host(address: str) -> str:
    """Return the host of an address, without the secrets that the address may hold."""
    try:
        return httpx.URL(address).host or "(no host)"
    except httpx.InvalidURL:
        return "(no address)"


def _client(url: httpx.URL, limits: DownloadLimits) -> httpx.Client:
    # An answer that is compressed on the way could be much larger than what was read of it.
    headers = {"User-Agent": "usage-assets", "Accept-Encoding": "identity"}
    return httpx.Client(headers=headers, timeout=limits.pause_seconds, trust_env=not is_loopback(url.host))


def redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads.

    Raises:
        DownloadFailed: It leads to another scheme, except from http to https.
    """
    target = url.join(location)
    if target.scheme not in SCHEMES or (url.scheme, target.scheme) == ("https", "http"):
        raise DownloadFailed(f"it redirects from {url.scheme} to {target.scheme or 'no scheme'}")
    return target


def _body(response: httpx.Response, limits: DownloadLimits, deadline: float) -> bytes:
    if response.status_code != HTTPStatus.OK:
        raise DownloadFailed(f"it answered with HTTP status {response.status_code}")
    content = bytearray()
    for part in response.iter_raw():
        content += part
        if len(content) > limits.most_bytes:
            raise DownloadFailed(f"it sent more than {limits.most_bytes:,} bytes")
        if monotonic() > deadline:
            raise DownloadFailed(f"it was not complete after {limits.seconds:g} s")
    return bytes(content)
