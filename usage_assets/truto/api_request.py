"""Describe a GET request of the API as sent, and as shown in errors: secrets redacted, long values truncated.

Every API error gets its account, request and messages here, so only this module has to keep secrets out of errors.
`transport` sends the request.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from usage_assets.truto.display_text import truncate
from usage_assets.truto.errors import TrutoError
from usage_assets.truto.query import Parameters, with_cursor

Redact: TypeAlias = Callable[[str], str]
Error = TypeVar("Error", bound=TrutoError)

MAX_MESSAGE_LENGTH = 300
MAX_VALUE_LENGTH = 80
MAX_REQUEST_LENGTH = 500
MIN_UNIQUE_TOKEN_LENGTH = 12
SECRET_NAME = re.compile(r"(?i)secret|passw|credential|authorization|api[-_]?key|(?<![a-z])token")


@dataclass(frozen=True)
class ApiRequest:
    """A GET request: path, query parameters, and the account that it concerns.

    Attributes:
        path: Path below the base URL.
        parameters: Query parameters in order.
        account_id: Integrated account whose rate limit the request counts against, if any.
        redact: Removes the API token from a text.
    """

    path: str
    parameters: Parameters
    account_id: str | None = None
    redact: Redact = field(default=str, repr=False)

    def __str__(self) -> str:
        query = "&".join(f"{name}={self._displayed_value(name, value)}" for name, value in self.parameters)
        line = f"GET {self.path}?{query}" if query else f"GET {self.path}"
        return truncate(self.redact(line), MAX_REQUEST_LENGTH)

    def with_cursor(self, cursor: str) -> "ApiRequest":
        """Return the same request for the page at `cursor`."""
        return replace(self, parameters=with_cursor(self.parameters, cursor))

    def error(
        self, error_class: type[Error], detail: str = "", *, status: int | None = None, message: str | None = None
    ) -> Error:
        """Return an error of `error_class` about this request, with secrets redacted."""
        return error_class(
            truncate(self.redact(detail), MAX_MESSAGE_LENGTH),
            status=status,
            account_id=self.account_id,
            request=str(self),
            provider_message=truncate(self.redact(message), MAX_MESSAGE_LENGTH) if message else None,
        )

    def _displayed_value(self, name: str, value: str) -> str:
        return "[hidden]" if SECRET_NAME.search(name) else truncate(self.redact(value), MAX_VALUE_LENGTH)


def redactor(token: str) -> Redact:
    """Return a function that replaces the token in a text with `[token]`.

    A short token may be an everyday word, such as the sandbox's token; it is replaced only as a whole word.
    """
    escaped = re.escape(token)
    is_unique = len(token) >= MIN_UNIQUE_TOKEN_LENGTH
    pattern = re.compile(escaped if is_unique else rf"(?<![\w-]){escaped}(?![\w-])")
    return lambda text: pattern.sub("[token]", text)
