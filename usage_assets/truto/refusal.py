"""What a refusal says: the provider's or Truto's own message, and which of the two refused.

The body may be Truto's envelope, the provider's answer in it, plain text or a proxy's HTML page; none raises.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

MESSAGE_KEYS = ("message", "raw_response", "error", "errors", "detail", "error_description")
READ_AT_MOST = 10_000


@dataclass(frozen=True)
class Refusal:
    """An error answer, as far as it says anything."""

    message: str | None = None
    is_remote: bool = False


def parse_refusal(body: bytes) -> Refusal:
    """The message in an error answer, and whether it is the provider's."""
    try:
        said = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return Refusal(_plain(body))
    is_remote = isinstance(said, dict) and said.get("truto_is_remote_error") is True
    hints = _hints(said.get("truto_error_insight")) if isinstance(said, dict) else []
    return Refusal("; ".join(filter(None, [_message(said), *hints])) or None, is_remote)


def _message(said: Any) -> str:
    """The first text under the keys that messages are known to stand under, however deep."""
    if isinstance(said, str):
        return said.strip()
    if isinstance(said, list):
        return _first(_message(part) for part in said)
    if isinstance(said, dict):
        return _first(_message(said.get(key)) for key in MESSAGE_KEYS)
    return ""


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _hints(insight: Any) -> list[str]:
    """Truto's hints that name something, such as the parameters that are missing."""
    if not isinstance(insight, dict):
        return []
    named = ((key, hint.get("value")) for key, hint in insight.items() if isinstance(hint, dict))
    return [f"{key}: {_listed(value)}" for key, value in named if value]


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(body: bytes) -> str | None:
    text = body[:READ_AT_MOST].decode(errors="replace").strip()
    return "an HTML page" if text.startswith("<") else text or None
