"""What a sandbox is started with. Nothing here reads the environment or the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

DEMO_BEARER = "sandbox"
MOST_ACCOUNTS = 500
MOST_USERS = 10_000


def utc_now() -> datetime:
    """The time of the machine, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One sandbox: equal settings answer every question about a past day alike.

    Attributes:
        accounts: Integrated accounts, at most 500; twelve hold one of each special kind.
        users: People in each company, at most 10,000.
        seed: Another seed, other people and other figures.
        token: The bearer token that is accepted.
        late_after_seconds: When the late account appears, counted on `now` from the start.
        rate_limited: Whether 429 is answered beyond Truto's limits.
        now: The sandbox's clock; the age of a day, and so its restatement, follows it.
    """

    accounts: int = 12
    users: int = 25
    seed: int = 7
    token: str = DEMO_BEARER
    late_after_seconds: float = 20.0
    rate_limited: bool = True
    now: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        if not 1 <= self.accounts <= MOST_ACCOUNTS:
            raise ValueError(f"accounts must be between 1 and {MOST_ACCOUNTS}, not {self.accounts}")
        if not 1 <= self.users <= MOST_USERS:
            raise ValueError(f"users must be between 1 and {MOST_USERS}, not {self.users}")
