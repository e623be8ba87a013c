"""The sandbox as an ASGI application: routes, and the gate before them. Serving it is in `server`."""

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from truto_sandbox.companies import Directory
from truto_sandbox.errors import ApiError, answer_api_error, answer_http_error, bad_token
from truto_sandbox.integrated_accounts import IntegratedAccounts
from truto_sandbox.limits import PER_ACCOUNT, PER_TOKEN, Limiter
from truto_sandbox.settings import SandboxSettings
from truto_sandbox.unified import Unified

__all__ = ["SandboxSettings", "build_app"]


def build_app(settings: SandboxSettings) -> Starlette:
    """The API of one sandbox; its start, from which the late account is counted, is now."""
    directory = Directory(settings)
    unified = Unified(directory, Limiter("integrated account", PER_ACCOUNT, enabled=settings.rate_limited))
    per_token = Limiter("API token", PER_TOKEN, enabled=settings.rate_limited)
    return Starlette(
        routes=[*unified.routes(), *IntegratedAccounts(directory).routes()],
        middleware=[Middleware(Gate, token=settings.token, limiter=per_token)],
        exception_handlers={ApiError: answer_api_error, HTTPException: answer_http_error},
    )


class Gate:
    """Lets a request through if it carries the token and the token's limit is not reached.

    Args:
        app: What is behind it.
        token: The token that opens it.
        limiter: The requests that a token may make.
    """

    def __init__(self, app: ASGIApp, token: str, limiter: Limiter) -> None:
        self.app = app
        self.token = token
        self.limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401 or 429, or hands on and adds the limit's headers where none are given."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            headers = self._admit(Headers(scope=scope))
        except ApiError as error:
            await error.response()(scope, receive, send)
            return
        await self.app(scope, receive, _adding(headers, send))

    def _admit(self, headers: Headers) -> dict[str, str]:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() != self.token:
            raise bad_token()
        return self.limiter.admit(token.strip())


def _adding(headers: dict[str, str], send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = MutableHeaders(scope=message)
            for name, value in headers.items():
                sent.setdefault(name, value)
        await send(message)

    return send_with_headers
