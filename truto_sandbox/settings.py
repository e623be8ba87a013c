"""The settings of a sandbox. This module reads neither the environment nor the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

DEFAULT_TOKEN = "sandbox"  # noqa: S105 - the public token of a local sandbox
DEFAULT_PORT = 8400
MAX_ACCOUNTS = 500
MAX_USERS = 10_000


def utc_now() -> datetime:
    """Return the time of the machine, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Settings of a sandbox; equal settings give equal responses for every past day.

    Attributes:
        accounts: Number of integrated accounts, at most 500; each special kind is among the first twelve.
        users: People in each company, at most 10,000.
        seed: Seed of all names and figures.
        token: The bearer token that clients must send.
        late_after_seconds: Seconds after the start at which the late account appears, measured on `now`.
        rate_limited: Whether requests beyond Truto's limits are refused with 429.
        now: The sandbox's clock. It determines the age of a day, and so the day's restatement.
    """

    accounts: int = 12
    users: int = 25
    seed: int = 7
    token: str = DEFAULT_TOKEN
    late_after_seconds: float = 20.0
    rate_limited: bool = True
    now: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        if not 1 <= self.accounts <= MAX_ACCOUNTS:
            raise ValueError(f"accounts must be between 1 and {MAX_ACCOUNTS}, not {self.accounts}")
        if not 1 <= self.users <= MAX_USERS:
            raise ValueError(f"users must be between 1 and {MAX_USERS}, not {self.users}")
