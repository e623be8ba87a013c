"""The errors of the API client: a tree of classes, each with a remedy.

    TrutoError
    ├── BadToken             401: Truto does not know the token          → set another token
    ├── NeedsReconnecting    401 of the provider: dead credentials       → its owner reconnects the account
    ├── AccountBlocked       503: Truto has blocked the account          → ask Truto's support
    ├── RequestRejected      400, 403, 404, 405, 409, 422, other 4xx;
    │                        501: the vendor has no such resource        → correct the request
    ├── InvalidResponse      not JSON, no result, wrong types,
    │   │                    a repeated cursor, a redirect               → check the base URL, report it
    │   ├── PagesChanged     a later page: its cursor expired (410),
    │   │                    is rejected or repeats                      ↻ from the first page
    │   └── PartialResponse  the provider's data is incomplete           ↻ later
    ├── RateLimited          429 after all attempts                      ↻ later
    ├── ProviderFailed       408 and 5xx after all attempts              ↻ later
    └── Unreachable          no connection after all attempts            ↻ later
        └── InvalidBaseURL   requests cannot be sent to the base URL     → correct it

`→` is permanent: the same request fails again until somebody acts. `↻` is temporary. `retry` decides which failures
are retried, and after how many seconds.
"""

from http import HTTPStatus
from typing import ClassVar

from usage_assets.errors import UsageAssetsError
from usage_assets.truto.display_text import single_line


class TrutoError(UsageAssetsError):
    """A request to Truto without a usable response.

    Args:
        detail: The exact failure, if more is known than the class says.
        status: HTTP status of the response, if one came.
        account_id: Integrated account that the request concerned, if any.
        request: Method, path and query, without secrets.
        provider_message: Message of the error response, the provider's or Truto's own.

    Attributes:
        happened: The failure, as the beginning of the error's sentence.
        remedy: The next step, as the end of the error's sentence.
    """

    happened: ClassVar[str] = "The request to Truto failed"
    remedy: ClassVar[str] = "see Truto's own message"

    def __init__(
        self,
        detail: str = "",
        *,
        status: int | None = None,
        account_id: str | None = None,
        request: str = "",
        provider_message: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.account_id = account_id
        self.request = request
        self.provider_message = provider_message

    def __str__(self) -> str:
        happened = f"{self.happened}: {self.detail}" if self.detail else self.happened
        status = f" (HTTP {self.status})" if self.status else ""
        account = f" for account {self.account_id}" if self.account_id else ""
        request = f" on {self.request}" if self.request else ""
        message = f', with the message "{self.provider_message}"' if self.provider_message else ""
        return single_line(f"{happened}{status}{account}{request}{message}; {self.remedy}.")


class BadToken(TrutoError):
    """Truto does not accept the API token."""

    happened = "Truto does not accept the API token"
    remedy = "set TRUTO_API_TOKEN to a valid token of the environment that holds your accounts"
    is_permanent = True


class NeedsReconnecting(TrutoError):
    """The provider no longer accepts the account's credentials."""

    happened = "The provider no longer accepts the credentials of this account"
    remedy = "have its owner reconnect the account in Truto, after which it is fetched again"
    is_permanent = True


class AccountBlocked(TrutoError):
    """Truto has blocked the account; repeating the request does not help."""

    happened = "Truto has blocked this account"
    remedy = "ask Truto's support to unblock it, because repeating the request does not help"
    is_permanent = True


class RequestRejected(TrutoError):
    """Truto or the provider rejects the request itself."""

    happened = "Truto or the provider rejected the request"
    remedy = "correct the request, its parameters or the account's permissions"
    is_permanent = True


class InvalidResponse(TrutoError):
    """The response breaks the API's contract and is discarded."""

    happened = "Truto's response is not valid"
    remedy = "check that TRUTO_BASE_URL points at the Truto API, and report the response to Truto if it does"
    is_permanent = True


class PartialResponse(InvalidResponse):
    """Truto marked the response as incomplete; it is discarded."""

    happened = "The provider gave Truto incomplete data, which was discarded"
    remedy = "try again later"
    is_permanent = False


class PagesChanged(InvalidResponse):
    """The pages of a list changed, or the cursor of a later page expired; the pages read so far are discarded."""

    happened = "The pages of the list changed, or their cursor expired, while they were read"
    remedy = "try again later, when the provider no longer changes this data"
    is_permanent = False


class RateLimited(TrutoError):
    """Truto or the provider limited the rate of requests in every attempt."""

    happened = "Truto or the provider still limits the rate of requests after several attempts"
    remedy = "try again later, or run fewer clients on the same token"


class ProviderFailed(TrutoError):
    """Truto or the provider behind it failed in every attempt."""

    happened = "Truto or the provider behind it failed in several attempts"
    remedy = "try again later"


class Unreachable(TrutoError):
    """No response came: unknown host, refused connection, TLS, timeout."""

    happened = "Truto could not be reached"
    remedy = "check TRUTO_BASE_URL and the network, then try again"


class InvalidBaseURL(Unreachable):
    """Requests cannot be sent to the base URL."""

    happened = "The base URL of the Truto API is not valid"
    remedy = "correct TRUTO_BASE_URL"
    is_permanent = True


def error_class(status: int, *, is_remote: bool) -> type[TrutoError]:
    """Return the error class for an HTTP status.

    Args:
        status: Status of the response, not a success.
        is_remote: Whether the provider, not Truto, sent it.
    """
    if status == HTTPStatus.UNAUTHORIZED:
        return NeedsReconnecting if is_remote else BadToken
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return AccountBlocked
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited
    if status == HTTPStatus.NOT_IMPLEMENTED:
        return RequestRejected
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderFailed
    return RequestRejected if status >= HTTPStatus.BAD_REQUEST else InvalidResponse
