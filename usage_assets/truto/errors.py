"""Every failure of the API, as a tree that says what to do about it.

    TrutoError
    ├── BadToken               401: Truto does not know the token         → set another token
    ├── NeedsReconnecting      401 of the provider: dead credentials      → its owner reconnects the account
    ├── AccountBlocked         503: Truto has blocked the account         → ask Truto's support
    ├── RequestRejected           400, 403, 404, 405, 409, 422, other 4xx    → ask something else
    ├── InvalidResponse    not JSON, no result, wrong types,
    │   │                      a repeated cursor, a redirect              → check the address, report it
    │   └── PartialResponse      the provider's data is incomplete          ↻ later
    ├── RateLimited            429, after all tries                       ↻ later
    ├── ProviderFailed         408 and 5xx, after all tries               ↻ later
    └── Unreachable            no connection, after all tries             ↻ later
        └── InvalidBaseURL       the base URL is no address                 → correct it

`→` is permanent: the same request fails again until somebody acts. `↻` may pass by itself. What is retried,
and how long it waits, is decided in `retry`; turning these into Dagster failures is not done here.
"""

from http import HTTPStatus
from typing import ClassVar


class TrutoError(Exception):
    """A request to Truto that gave nothing usable; its text is one sentence that says what to do."""

    happened: ClassVar[str] = "The request to Truto failed"
    remedy: ClassVar[str] = "see Truto's own message"
    permanent: ClassVar[bool] = False

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

    @property
    def is_permanent(self) -> bool:
        """Whether the same request fails again until somebody acts."""
        return self.permanent

    def __str__(self) -> str:
        what = f"{self.happened}: {self.detail}" if self.detail else self.happened
        status = f" (HTTP {self.status})" if self.status else ""
        account = f" for account {self.account_id}" if self.account_id else ""
        request = f" on {self.request}" if self.request else ""
        said = f', with the message "{self.provider_message}"' if self.provider_message else ""
        return f"{what}{status}{account}{request}{said}; {self.remedy}."


class BadToken(TrutoError):
    """Truto does not accept the token."""

    happened = "Truto does not accept the API token"
    remedy = "set TRUTO_API_TOKEN to a valid token of the environment that holds your accounts"
    permanent = True


class NeedsReconnecting(TrutoError):
    """The provider no longer accepts the account's credentials."""

    happened = "The provider no longer accepts the credentials of this account"
    remedy = "have its owner reconnect the account in Truto, after which it is fetched again"
    permanent = True


class AccountBlocked(TrutoError):
    """Truto has blocked the account; asking again does not help."""

    happened = "Truto has blocked this account"
    remedy = "ask Truto's support to unblock it, because asking again does not help"
    permanent = True


class RequestRejected(TrutoError):
    """The request itself is refused, by Truto or by the provider."""

    happened = "The request was refused"
    remedy = "correct the request, its parameters or the account's permissions"
    permanent = True


class InvalidResponse(TrutoError):
    """The answer is not what the API promises, so none of it is used."""

    happened = "Truto's answer was not understood"
    remedy = "check that TRUTO_BASE_URL points at the Truto API, and report it to Truto if it does"
    permanent = True


class PartialResponse(InvalidResponse):
    """Truto marked the answer as incomplete, so none of it is used."""

    happened = "The provider gave Truto incomplete data, so nothing of it was used"
    remedy = "try again later"
    permanent = False


class RateLimited(TrutoError):
    """Too many requests, still so after all tries."""

    happened = "Truto or the provider still limits the rate of requests after several tries"
    remedy = "try again later, or run fewer clients on the same token"


class ProviderFailed(TrutoError):
    """Truto or the provider behind it failed, still so after all tries."""

    happened = "Truto or the provider behind it failed, also when asked again"
    remedy = "try again later"


class Unreachable(TrutoError):
    """No answer came: unknown host, refused connection, TLS, timeout."""

    happened = "Truto could not be reached"
    remedy = "check TRUTO_BASE_URL and the network, then try again"


class InvalidBaseURL(Unreachable):
    """The base URL is not one that requests can be sent to."""

    remedy = "correct TRUTO_BASE_URL"
    permanent = True


def error_class(status: int, *, is_remote: bool) -> type[TrutoError]:
    """The error a status stands for; `is_remote` when the provider, not Truto, answered so."""
    if status == HTTPStatus.UNAUTHORIZED:
        return NeedsReconnecting if is_remote else BadToken
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return AccountBlocked
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderFailed
    return RequestRejected if status >= HTTPStatus.BAD_REQUEST else InvalidResponse
