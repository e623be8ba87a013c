"""What a sync came to: windows, failures, accounts that need somebody, and the derive run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchResult
from usage_assets.truto import NeedsReconnecting


@dataclass(frozen=True)
class DeriveResult:
    """The result of a derive run: rejected rows, windows that wait for others, and the reason of a failure."""

    rejected: int = 0
    waiting: int = 0
    failure: str | None = None


@dataclass
class SyncResult:
    """The result of a sync; `failures`, `skipped` and `without_list` (of users) hold a reason by account id."""

    failures: dict[str, str] = field(default_factory=dict)
    without_list: dict[str, str] = field(default_factory=dict)
    to_reconnect: list[Account] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    derived: DeriveResult = field(default_factory=DeriveResult)
    windows: int = 0
    changed: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether an account or the derive run failed."""
        return bool(self.failures) or self.derived.failure is not None


def count_fetched(fetched: Mapping[str, FetchResult], due: Iterable[Account], result: SyncResult) -> None:
    """Add the fetched windows and the failed accounts to `result`."""
    for account in due:
        fetch = fetched[account.account_id]
        result.windows += len(fetch.landed)
        result.changed += sum(window.changed for window in fetch.landed)
        if isinstance(fetch.error, NeedsReconnecting):
            result.to_reconnect.append(account)
        elif fetch.error is not None:
            result.failures[account.account_id] = _failure(fetch)


def _failure(fetch: FetchResult) -> str:
    others = f" ({fetch.failed} windows failed; this is the first.)" if fetch.failed > 1 else ""
    return f"{fetch.error}{others}"
