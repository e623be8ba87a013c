"""Send requests, with retries, within the rate limits, and translate httpx's errors.

`retry` decides what to retry, `errors` maps a status to an error, `limits` decides when a request may be sent.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TypeAlias

import httpx

from usage_assets.truto.api_request import ApiRequest
from usage_assets.truto.error_response import parse_error_response
from usage_assets.truto.errors import InvalidResponse, RequestRejected, Unreachable, error_class
from usage_assets.truto.limits import RequestLimits
from usage_assets.truto.retry import RetryPolicy, is_retryable_status

ERRNO_PREFIX = re.compile(r"^\[Errno -?\d+\] ")

SendResult: TypeAlias = httpx.Response | httpx.TransportError


class Transport:
    """Sends requests and returns their responses, whole or line by line; threads may share it."""

    def __init__(self, http: httpx.Client, retry: RetryPolicy, limits: RequestLimits) -> None:
        self._http = http
        self._retry = retry
        self._limits = limits

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def body(self, request: ApiRequest) -> bytes:
        """Return the whole body of the response.

        Raises:
            TrutoError: No usable response came after all attempts.
        """
        with transport_errors(request):
            return self._response(request, stream=False).content

    def lines(self, request: ApiRequest) -> Iterator[bytes]:
        """Yield the lines of the response as they arrive, without empty lines.

        Raises:
            TrutoError: No usable response came after all attempts, or the response broke off.
        """
        with transport_errors(request), closing(self._response(request, stream=True)) as response:
            yield from split_lines(response.iter_bytes())

    def _response(self, request: ApiRequest, *, stream: bool) -> httpx.Response:
        """Return the response of the first attempt that is not retried."""
        result = self._send(request, stream=stream)
        for attempt in range(1, self._retry.max_attempts):
            if not is_retryable(result):
                break
            self._retry.sleep(self._retry.delay_after(attempt, _retry_after(result)))
            result = self._send(request, stream=stream)
        return require_success(request, result)

    def _send(self, request: ApiRequest, *, stream: bool) -> SendResult:
        """Send the request once, within the rate limits; return a failed connection as a result."""
        http_request = self._http.build_request("GET", request.path, params=tuple(request.parameters))
        try:
            with self._limits.request(request.account_id):
                response = self._http.send(http_request, stream=stream)
                if not response.is_success:
                    response.read()
                return response
        except httpx.TransportError as error:
            return error


def is_retryable(result: SendResult) -> bool:
    """Return whether a retry may succeed."""
    return is_retryable_status(result.status_code) if isinstance(result, httpx.Response) else True


def require_success(request: ApiRequest, result: SendResult) -> httpx.Response:
    """Return the response if it is a success.

    Raises:
        httpx.TransportError: No response came; `transport_errors` translates it.
        TrutoError: The status is an error or a redirect.
    """
    if isinstance(result, httpx.TransportError):
        raise result
    if result.is_success:
        return result
    error_response = parse_error_response(result.content)
    detail = f"it redirects to {result.headers['Location']}" if result.has_redirect_location else ""
    raise request.error(
        error_class(result.status_code, is_remote=error_response.is_remote),
        detail,
        status=result.status_code,
        message=error_response.message,
    )


@contextmanager
def transport_errors(request: ApiRequest) -> Iterator[None]:
    """Translate httpx's errors in the block to errors about `request`."""
    try:
        yield
    except httpx.TransportError as error:
        raise request.error(Unreachable, describe_transport_error(error)) from error
    except httpx.DecodingError as error:
        raise request.error(InvalidResponse, f"its compression is broken, {error}") from error
    except (httpx.InvalidURL, UnicodeEncodeError) as error:
        raise request.error(RequestRejected, str(error)) from error


def describe_transport_error(error: httpx.TransportError) -> str:
    """Return the server's address and the reason why it gave no response."""
    url = error.request.url
    cause = ERRNO_PREFIX.sub("", str(error)) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        cause = "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no response in time"
    return f"{url.scheme}://{url.netloc.decode()} ({cause})"


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a body without empty lines; only a newline ends a line, no other Unicode separator."""
    pieces: list[bytes] = []
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        pieces.append(first)
        for piece in rest:
            yield from _line_unless_empty(pieces)
            pieces = [piece]
    yield from _line_unless_empty(pieces)


def _line_unless_empty(pieces: list[bytes]) -> Iterator[bytes]:
    if line := b"".join(pieces).strip():
        yield line


def _retry_after(result: SendResult) -> str | None:
    return result.headers.get("Retry-After") if isinstance(result, httpx.Response) else None
