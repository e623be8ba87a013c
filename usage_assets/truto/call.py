"""One GET of the API, as it is sent and as it is told to people: secrets hidden, long values cut.

Errors get their account, request and messages here, so this is the only place to look at when a secret must
not show. Sending is done in `sender`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from usage_assets.truto.errors import TrutoError
from usage_assets.truto.query import Parameters, with_cursor

Hide: TypeAlias = Callable[[str], str]
Failure = TypeVar("Failure", bound=TrutoError)

LONGEST_MESSAGE = 300
LONGEST_VALUE = 80
LONGEST_REQUEST = 500
SHORT_TOKEN = 12
SECRET_NAME = re.compile(r"(?i)secret|passw|credential|authorization|api[-_]?key|(?<![a-z])token")


@dataclass(frozen=True)
class Call:
    """A path, its query, and the account that both are about."""

    path: str
    parameters: Parameters
    account_id: str | None = None
    hide: Hide = field(default=str, repr=False)

    def __str__(self) -> str:
        query = "&".join(f"{name}={self._shown(name, value)}" for name, value in self.parameters)
        return cut(self.hide(f"GET {self.path}?{query}" if query else f"GET {self.path}"), LONGEST_REQUEST)

    def at(self, cursor: str) -> "Call":
        """The same call for the page the cursor points at."""
        return replace(self, parameters=with_cursor(self.parameters, cursor))

    def failure(
        self, kind: type[Failure], detail: str = "", *, status: int | None = None, message: str | None = None
    ) -> Failure:
        """An error of that kind about this call."""
        return kind(
            cut(self.hide(detail), LONGEST_MESSAGE),
            status=status,
            account_id=self.account_id,
            request=str(self),
            provider_message=cut(self.hide(message), LONGEST_MESSAGE) if message else None,
        )

    def _shown(self, name: str, value: str) -> str:
        return "[hidden]" if SECRET_NAME.search(name) else cut(self.hide(value), LONGEST_VALUE)


def hider(token: str) -> Hide:
    """A function that takes the token out of a text.

    A short token may be an everyday word, as the sandbox's is, and is only taken out where it stands alone.
    """
    text = re.escape(token)
    pattern = re.compile(text if len(token) >= SHORT_TOKEN else rf"(?<![\w-]){text}(?![\w-])")
    return lambda shown: pattern.sub("[token]", shown)


def cut(text: str, longest: int) -> str:
    """The text on one line, without control characters, no longer than that."""
    folded = " ".join(text.split())
    line = folded if folded.isprintable() else "".join(filter(str.isprintable, folded))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
