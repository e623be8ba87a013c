"""The companies and their integrated accounts. The `vendors` package generates the usage of the accounts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from truto_sandbox.people import Person, person
from truto_sandbox.seeded_random import SeededRandom, fixed_uuid
from truto_sandbox.settings import SandboxSettings

ENVIRONMENT = "usage-assets sandbox"

_FIRST_ACCOUNTS = (
    ("acme", "claude"),
    ("globex", "openai_codex"),
    ("acme", "cursor"),
    ("northwind", "confluent"),
    ("acme", "datadog"),
    ("initech", "claude"),
    ("fabrikam", "openai_codex"),
    ("contoso", "cursor"),
    ("initech", "openai_codex"),
    ("globex", "confluent"),
    ("northwind", "datadog"),
    ("hooli", "claude"),
)
_IN_EUROS, _NEEDS_REAUTH, _SANDBOX, _LATE = 7, 8, 9, 11
_FURTHER_TENANTS = "aperture bluebird cascade drift ember foxglove granite harbor ironwood juniper kestrel lumen"


@dataclass(frozen=True, slots=True)
class Account:
    """An integrated account: the connection of one company to one vendor."""

    index: int
    id: str
    tenant: str
    integration: str
    seed: int
    users: int
    created_at: datetime

    @property
    def currency(self) -> str:
        """Currency of its charges."""
        return "EUR" if self.index == _IN_EUROS else "USD"

    @property
    def status(self) -> str:
        """`needs_reauth` for the account whose credentials were revoked, else `active`."""
        return "needs_reauth" if self.index == _NEEDS_REAUTH else "active"

    @property
    def is_sandbox(self) -> bool:
        """Whether Truto marks it as a sandbox account."""
        return self.index == _SANDBOX

    @property
    def is_late(self) -> bool:
        """Whether it is connected only after the sandbox has started."""
        return self.index == _LATE

    @property
    def company(self) -> str:
        """Display name of the company."""
        return self.tenant.replace("-", " ").title()

    def person(self, index: int) -> Person:
        """Return person number `index` of the company."""
        return person(self.seed, self.tenant, index)

    def random(self, *keys: object) -> SeededRandom:
        """Return a random generator for this account and `keys`."""
        return SeededRandom(self.seed, self.id, *keys)


class Directory:
    """All integrated accounts; the late account exists only after its delay.

    Args:
        settings: Number of accounts, seed and clock; the sandbox starts at the clock's current time.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.started_at = settings.now()
        self.accounts = tuple(_account(settings, index) for index in range(settings.accounts))
        self._by_id = {account.id: account for account in self.accounts}

    def visible(self) -> list[Account]:
        """Return the accounts that exist now, in the order of their connection."""
        return [account for account in self.accounts if self._exists(account)]

    def find(self, account_id: str) -> Account | None:
        """Return the account with this id, None if it does not exist now."""
        account = self._by_id.get(account_id)
        return account if account is not None and self._exists(account) else None

    def connected_at(self, account: Account) -> datetime:
        """Return when the account was connected; for the late account, when it appears."""
        if not account.is_late:
            return account.created_at
        return self.started_at + timedelta(seconds=self.settings.late_after_seconds)

    def _exists(self, account: Account) -> bool:
        return not account.is_late or self.settings.now() >= self.connected_at(account)


def _account(settings: SandboxSettings, index: int) -> Account:
    tenant, integration = _FIRST_ACCOUNTS[index % len(_FIRST_ACCOUNTS)]
    if index >= len(_FIRST_ACCOUNTS):
        names = _FURTHER_TENANTS.split()
        tenant = f"{names[index % len(names)]}-{index}"
    connected = datetime(2025, 1, 6, 9, 30, tzinfo=UTC) + timedelta(days=index, minutes=17 * index)
    account_id = fixed_uuid(settings.seed, "account", index)
    return Account(index, account_id, tenant, integration, settings.seed, settings.users, connected)
