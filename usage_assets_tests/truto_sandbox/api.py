"""A client for these tests, with names for the accounts of each kind."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
USAGE = "/unified/usage-metering/usage"
CALM = SandboxSettings(late_after_seconds=0, rate_limited=False, now=lambda: NOW)

CLAUDE, CODEX, CURSOR, CONFLUENT, DATADOG, EUROS, NEEDS_REAUTH, TRIAL, LATE = 0, 1, 2, 3, 4, 7, 8, 9, 11


@dataclass(frozen=True)
class Api:
    """A client of one sandbox."""

    http: httpx.Client

    def accounts(self, **filters: str) -> list[Any]:
        rows: list[Any] = self.http.get("/integrated-account", params=filters).json()["result"]
        return rows

    def account_id(self, index: int) -> str:
        account_id: str = self.accounts()[index]["id"]
        return account_id

    def get(self, index: int, resource: str = "usage", **query: str | int) -> httpx.Response:
        query = {"integrated_account_id": self.account_id(index), **query}
        return self.http.get(f"/unified/usage-metering/{resource}", params=query)

    def body(self, index: int, resource: str = "usage", **query: str | int) -> Any:
        answer = self.get(index, resource, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, index: int, resource: str = "usage", **query: str | int) -> list[Any]:
        rows: list[Any] = self.body(index, resource, limit=1000, **query)["result"]
        return rows


@contextlib.contextmanager
def sandbox(settings: SandboxSettings = CALM) -> Iterator[Api]:
    """Serve a sandbox on a free port and yield a client."""
    headers = {"Authorization": f"Bearer {settings.token}"}
    with running(settings) as url, httpx.Client(base_url=url, headers=headers, timeout=30) as http:
        yield Api(http)


def at(moment: datetime) -> SandboxSettings:
    """Return the settings of the calm sandbox at another time."""
    return replace(CALM, now=lambda: moment)
