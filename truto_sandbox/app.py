"""The sandbox as an ASGI application: routes, token check and request limits. `server` serves it."""

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from truto_sandbox.companies import Directory
from truto_sandbox.errors import ApiError, bad_token, handle_api_error, handle_http_error
from truto_sandbox.integrated_accounts import IntegratedAccountEndpoints
from truto_sandbox.limits import PER_ACCOUNT, PER_TOKEN, RateLimiter
from truto_sandbox.settings import SandboxSettings
from truto_sandbox.usage_metering import UsageMeteringEndpoints


def build_app(settings: SandboxSettings) -> Starlette:
    """Return the API of one sandbox; the delay of the late account starts now."""
    directory = Directory(settings)
    per_account = RateLimiter("integrated account", PER_ACCOUNT, enabled=settings.rate_limited)
    per_token = RateLimiter("API token", PER_TOKEN, enabled=settings.rate_limited)
    usage_metering = UsageMeteringEndpoints(directory, per_account)
    return Starlette(
        routes=[*usage_metering.routes(), *IntegratedAccountEndpoints(directory).routes()],
        middleware=[Middleware(AccessControl, token=settings.token, limiter=per_token)],
        exception_handlers={ApiError: handle_api_error, HTTPException: handle_http_error},
    )


class AccessControl:
    """Middleware that admits a request with the right token while the token's limit is not reached.

    Args:
        app: The application behind it.
        token: The accepted bearer token.
        limiter: The request limit of the token.
    """

    def __init__(self, app: ASGIApp, token: str, limiter: RateLimiter) -> None:
        self.app = app
        self.token = token
        self.limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with 401 or 429, or call the application and add the limit's headers if the response has none."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            headers = self._admit(Headers(scope=scope))
        except ApiError as error:
            await error.response()(scope, receive, send)
            return
        await self.app(scope, receive, _with_headers(headers, send))

    def _admit(self, headers: Headers) -> dict[str, str]:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() != self.token:
            raise bad_token()
        return self.limiter.admit(token.strip())


def _with_headers(headers: dict[str, str], send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = MutableHeaders(scope=message)
            for name, value in headers.items():
                sent.setdefault(name, value)
        await send(message)

    return send_with_headers
