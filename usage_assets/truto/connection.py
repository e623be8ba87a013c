"""Validate the API token and base URL, and open the HTTP connection pool with them. `transport` sends requests."""

import ipaddress

import httpx

from usage_assets.truto.errors import BadToken, InvalidBaseURL

DEFAULT_TIMEOUT = httpx.Timeout(120.0, connect=10.0)
"""Truto calls the provider during the request, so a response may take long; opening a connection must not."""

MAX_PORT = 65535


def connect(
    *, token: str, base_url: str, transport: httpx.BaseTransport | None, timeout: httpx.Timeout | float
) -> httpx.Client:
    """Return an HTTP client for `base_url` that sends the token with every request.

    A proxy from the environment is used, except for loopback addresses, which a proxy cannot reach.
    """
    return httpx.Client(
        base_url=base_url,
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "User-Agent": "usage-assets",
        },
        timeout=timeout,
        transport=transport,
        trust_env=not is_loopback(httpx.URL(base_url).host),
    )


def validate_token(token: str) -> str:
    """Return the token without surrounding blanks.

    Raises:
        BadToken: The token is empty or cannot be sent in an HTTP header.
    """
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise BadToken("it is empty" if not stripped else "it holds characters that no token has")
    return stripped


def validate_base_url(base_url: str) -> str:
    """Return the base URL without surrounding blanks.

    Raises:
        InvalidBaseURL: It is no http(s) address, or it holds a user name, which would replace the token.
    """
    try:
        url = httpx.URL(base_url.strip())
        url.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise InvalidBaseURL(f"it is not a URL, {error}") from error
    if url.userinfo or url.query or url.fragment:
        raise InvalidBaseURL("it holds a user name, a query or a fragment")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > MAX_PORT:
        raise InvalidBaseURL(f"'{base_url}' is not an http:// or https:// address")
    return str(url)


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
