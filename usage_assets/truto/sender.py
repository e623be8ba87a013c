"""The one place where a request is sent: token, address, timeouts, rate limits and retries meet here.

Which statuses are repeated is decided in `retry`, what they are called in `errors`, how often in `limits`, how many
requests overlap in `side_by_side`.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TypeAlias

import httpx

from usage_assets.truto.call import Call
from usage_assets.truto.errors import (
    BadToken,
    InvalidBaseURL,
    InvalidResponse,
    RequestRejected,
    Unreachable,
    error_class,
)
from usage_assets.truto.limits import RequestLimits
from usage_assets.truto.refusal import parse_refusal
from usage_assets.truto.retry import RetryPolicy, should_retry
from usage_assets.truto.side_by_side import SideBySide

TIMEOUT = httpx.Timeout(120.0, connect=10.0)
"""Providers are asked while we wait, so an answer may take long; a connection may not."""

LARGEST_PORT = 65535
ERROR_NUMBER = re.compile(r"^\[Errno -?\d+\] ")

Outcome: TypeAlias = httpx.Response | httpx.TransportError


class Sender:
    """Sends calls and gives their answers, whole or line by line, or raises; threads may share it."""

    def __init__(self, http: httpx.Client, retry: RetryPolicy, limits: RequestLimits) -> None:
        self._http = http
        self._retry = retry
        self._limits = limits
        self._side_by_side = SideBySide()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def body(self, call: Call) -> bytes:
        """The whole body of the answer."""
        with reported(call):
            return self._answer(call, stream=False).content

    def lines(self, call: Call) -> Iterator[bytes]:
        """The lines of the answer that are not empty, as they arrive."""
        with reported(call), closing(self._answer(call, stream=True)) as response:
            yield from split_lines(response.iter_bytes())

    def _answer(self, call: Call, *, stream: bool) -> httpx.Response:
        """The answer to a call, asked again while that may help."""
        outcome = self._outcome(call, stream=stream)
        for attempt in range(1, self._retry.tries):
            if not is_worth_repeating(outcome):
                break
            self._retry.sleep(self._retry.wait_after(attempt, _retry_after(outcome)))
            outcome = self._outcome(call, stream=stream)
        return accepted(call, outcome)

    def _outcome(self, call: Call, *, stream: bool) -> Outcome:
        request = self._http.build_request("GET", call.path, params=tuple(call.parameters))
        try:
            with self._limits.request(call.account_id), self._side_by_side.place():
                response = self._http.send(request, stream=stream)
                if not response.is_success:
                    response.read()
                return response
        except httpx.TransportError as error:
            return error


def connect(
    *, token: str, base_url: str, transport: httpx.BaseTransport | None, timeout: httpx.Timeout | float
) -> httpx.Client:
    """The connections to an address, with the token on every request.

    A proxy set in the environment is used, except towards this machine, where no proxy can reach.
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


def checked_token(token: str) -> str:
    """The token without surrounding blanks, if a header can carry it."""
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise BadToken("it is empty" if not stripped else "it holds characters that no token has")
    return stripped


def checked_address(base_url: str) -> str:
    """The base URL, if requests can be sent to it; a user name in it would replace the token."""
    try:
        url = httpx.URL(base_url.strip())
        url.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise InvalidBaseURL(f"its address is not a URL, {error}") from error
    if url.userinfo or url.query or url.fragment:
        raise InvalidBaseURL("its address holds a user name, a query or a fragment")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > LARGEST_PORT:
        raise InvalidBaseURL(f"'{base_url}' is not an http:// or https:// address")
    return str(url)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_worth_repeating(outcome: Outcome) -> bool:
    """Whether the same request may get a better answer."""
    return should_retry(outcome.status_code) if isinstance(outcome, httpx.Response) else True


def accepted(call: Call, outcome: Outcome) -> httpx.Response:
    """The answer, if it is one; else what it stands for is raised."""
    if isinstance(outcome, httpx.TransportError):
        raise outcome
    if outcome.is_success:
        return outcome
    refusal = parse_refusal(outcome.content)
    kind = error_class(outcome.status_code, is_remote=refusal.is_remote)
    detail = f"it redirects to {outcome.headers['Location']}" if outcome.has_redirect_location else ""
    raise call.failure(kind, detail, status=outcome.status_code, message=refusal.message)


@contextmanager
def reported(call: Call) -> Iterator[None]:
    """Turns what httpx raises into an error about this call."""
    try:
        yield
    except httpx.TransportError as error:
        raise call.failure(Unreachable, reason(error)) from error
    except httpx.DecodingError as error:
        raise call.failure(InvalidResponse, f"its compression is broken, {error}") from error
    except (httpx.InvalidURL, UnicodeEncodeError) as error:
        raise call.failure(RequestRejected, str(error)) from error


def reason(error: httpx.TransportError) -> str:
    """From where no answer came, and why."""
    url = error.request.url
    why = ERROR_NUMBER.sub("", str(error)) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        why = "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no answer in time"
    return f"{url.scheme}://{url.netloc.decode()} ({why})"


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a body that are not empty; only a newline ends one, not what else Unicode calls so."""
    pieces: list[bytes] = []
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        pieces.append(first)
        for piece in rest:
            yield from _unless_empty(pieces)
            pieces = [piece]
    yield from _unless_empty(pieces)


def _unless_empty(pieces: list[bytes]) -> Iterator[bytes]:
    if line := b"".join(pieces).strip():
        yield line


def _retry_after(outcome: Outcome) -> str | None:
    return outcome.headers.get("Retry-After") if isinstance(outcome, httpx.Response) else None
