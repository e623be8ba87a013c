"""Truto's error envelopes. Which request deserves which error is decided where it is served."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """An answer that is an error.

    Args:
        status: The HTTP status.
        message: One sentence for people.
        extra: Members of the envelope beside the usual three.
        headers: Headers of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.extra = extra or {}
        self.headers = headers

    def response(self) -> Response:
        """The error as Truto sends it."""
        body = {
            "statusCode": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
            **self.extra,
        }
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def bad_request(message: str) -> ApiError:
    """A parameter that cannot be understood."""
    return ApiError(400, message)


def missing_parameter(name: str) -> ApiError:
    """A required query parameter that is not there."""
    insight = {
        "missing_required_query_parameters": {
            "description": "The request lacks query parameters that are required.",
            "value": [name],
        }
    }
    return ApiError(400, f"{name} is required", {"truto_error_insight": insight})


def not_found(message: str) -> ApiError:
    """Something that this token cannot see."""
    return ApiError(404, message)


def bad_token() -> ApiError:
    """No bearer token, or not the one of this sandbox."""
    return ApiError(401, "Invalid or missing API token")


def dead_credentials(integration: str) -> ApiError:
    """The vendor refuses the account's credentials: its user has to connect it again."""
    insight = {"remote_error": {"description": "The error was returned by the remote API."}}
    extra = {
        "truto_is_remote_error": True,
        "raw_response": {"error": {"type": "authentication_error", "message": "credentials were revoked"}},
        "truto_error_insight": insight,
    }
    return ApiError(401, f"{integration} refused the credentials of this account; reconnect it", extra)


def too_many(message: str, retry_after: int) -> ApiError:
    """More requests than Truto allows."""
    return ApiError(429, message, headers={"Retry-After": str(retry_after)})


async def answer_api_error(_request: Request, error: Exception) -> Response:
    """Starlette's handler for `ApiError`."""
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own 404 and 405, in Truto's envelope."""
    if not isinstance(error, HTTPException):
        raise error
    messages = {404: f"{request.url.path} does not exist", 405: "The sandbox is read-only"}
    message = messages.get(error.status_code, error.detail)
    return ApiError(error.status_code, message, headers=error.headers).response()
