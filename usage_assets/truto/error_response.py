"""Parse error responses: the message, and whether the provider or Truto sent it.

The body may be Truto's envelope, the provider's response inside it, plain text or a proxy's HTML page; no body raises.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

MESSAGE_KEYS = ("message", "raw_response", "error", "errors", "detail", "error_description")
MAX_PLAIN_TEXT_BYTES = 10_000


@dataclass(frozen=True)
class ErrorResponse:
    """The content of an error response.

    Attributes:
        message: The message for people, None if the body holds none.
        is_remote: Whether the provider, not Truto, refused the request.
    """

    message: str | None = None
    is_remote: bool = False


def parse_error_response(body: bytes) -> ErrorResponse:
    """Return the message in an error body, and whether the provider sent it."""
    try:
        content = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return ErrorResponse(_plain_text(body))
    is_remote = isinstance(content, dict) and content.get("truto_is_remote_error") is True
    hints = _hints(content.get("truto_error_insight")) if isinstance(content, dict) else []
    return ErrorResponse("; ".join(filter(None, [_message(content), *hints])) or None, is_remote)


def _message(content: Any) -> str:
    """Return the first text under one of `MESSAGE_KEYS`, at any depth."""
    if isinstance(content, str):
        return content.strip()
    if isinstance(content, list):
        return _first(_message(part) for part in content)
    if isinstance(content, dict):
        return _first(_message(content.get(key)) for key in MESSAGE_KEYS)
    return ""


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _hints(insight: Any) -> list[str]:
    """Return Truto's hints that have a value, such as the names of missing parameters."""
    if not isinstance(insight, dict):
        return []
    values = ((key, hint.get("value")) for key, hint in insight.items() if isinstance(hint, dict))
    return [f"{key}: {_join(value)}" for key, value in values if value]


def _join(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain_text(body: bytes) -> str | None:
    text = body[:MAX_PLAIN_TEXT_BYTES].decode(errors="replace").strip()
    return "an HTML page" if text.startswith("<") else text or None
