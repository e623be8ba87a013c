"""Truto's error responses. The endpoints decide when to return them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """An error response.

    Args:
        status: The HTTP status.
        message: The reason, for people.
        extra: Further members of the body.
        headers: Headers of the response.
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
        """Return the response as Truto sends it."""
        body = {
            "statusCode": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
            **self.extra,
        }
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def bad_request(message: str) -> ApiError:
    """Return the error for an invalid parameter."""
    return ApiError(400, message)


def missing_parameter(name: str) -> ApiError:
    """Return the error for a missing required parameter."""
    insight = {
        "missing_required_query_parameters": {
            "description": "The request lacks query parameters that are required.",
            "value": [name],
        }
    }
    return ApiError(400, f"{name} is required", {"truto_error_insight": insight})


def not_found(message: str) -> ApiError:
    """Return the error for a path or object that does not exist for this token."""
    return ApiError(404, message)


def bad_token() -> ApiError:
    """Return the error for a missing or wrong bearer token."""
    return ApiError(401, "Invalid or missing API token")


def revoked_credentials(integration: str) -> ApiError:
    """Return the error for an account whose credentials the vendor refuses; its owner must reconnect it."""
    insight = {"remote_error": {"description": "The error was returned by the remote API."}}
    extra = {
        "truto_is_remote_error": True,
        "raw_response": {"error": {"type": "authentication_error", "message": "credentials were revoked"}},
        "truto_error_insight": insight,
    }
    return ApiError(401, f"{integration} refused the credentials of this account; reconnect it", extra)


def rate_limited(message: str, retry_after: int) -> ApiError:
    """Return the error for a request beyond Truto's limits."""
    return ApiError(429, message, headers={"Retry-After": str(retry_after)})


async def handle_api_error(_request: Request, error: Exception) -> Response:
    """Handle `ApiError` for Starlette."""
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Return Starlette's own 404 and 405 in the form of Truto's errors."""
    if not isinstance(error, HTTPException):
        raise error
    messages = {404: f"{request.url.path} does not exist", 405: "The sandbox is read-only"}
    message = messages.get(error.status_code, error.detail)
    return ApiError(error.status_code, message, headers=error.headers).response()
