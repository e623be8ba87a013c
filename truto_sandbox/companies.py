"""Which companies exist and what they have connected. What the accounts report is in `vendors`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from truto_sandbox.draws import Draws, fixed_uuid
from truto_sandbox.people import Person, person
from truto_sandbox.settings import SandboxSettings

ENVIRONMENT = "usage-assets sandbox"

_DEMO = (
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
_MORE = (
    "aperture",
    "bluebird",
    "cascade",
    "drift",
    "ember",
    "foxglove",
    "granite",
    "harbor",
    "ironwood",
    "juniper",
    "kestrel",
    "lumen",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One integrated account: a company's connection to one vendor."""

    index: int
    id: str
    tenant: str
    integration: str
    seed: int
    users: int
    created_at: datetime

    @property
    def currency(self) -> str:
        """What its charges are in."""
        return "EUR" if self.index == _IN_EUROS else "USD"

    @property
    def status(self) -> str:
        """`active`, or `needs_reauth` for the one whose credentials have died."""
        return "needs_reauth" if self.index == _NEEDS_REAUTH else "active"

    @property
    def is_sandbox(self) -> bool:
        """Whether Truto marks it as a customer's trial account."""
        return self.index == _SANDBOX

    @property
    def is_late(self) -> bool:
        """Whether it is connected only a while after the start."""
        return self.index == _LATE

    @property
    def company(self) -> str:
        """The company's name as people write it."""
        return self.tenant.replace("-", " ").title()

    def person(self, index: int) -> Person:
        """The company's person number `index`."""
        return person(self.seed, self.tenant, index)

    def draws(self, *keys: object) -> Draws:
        """Chance that belongs to this account."""
        return Draws(self.seed, self.id, *keys)


class Directory:
    """All accounts, and which of them can be seen by now.

    Args:
        settings: How many there are, and the clock that counts from here on.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.started_at = settings.now()
        self.accounts = tuple(_account(settings, index) for index in range(settings.accounts))
        self._by_id = {account.id: account for account in self.accounts}

    def visible(self) -> list[Account]:
        """The accounts that exist at this moment, in the order they were connected."""
        return [account for account in self.accounts if self._is_there(account)]

    def find(self, account_id: str) -> Account | None:
        """The account of this id, None where there is none, or none yet."""
        account = self._by_id.get(account_id)
        return account if account is not None and self._is_there(account) else None

    def connected_at(self, account: Account) -> datetime:
        """When it was connected: long ago, or for the late one the moment it appears."""
        if not account.is_late:
            return account.created_at
        return self.started_at + timedelta(seconds=self.settings.late_after_seconds)

    def _is_there(self, account: Account) -> bool:
        return not account.is_late or self.settings.now() >= self.connected_at(account)


def _account(settings: SandboxSettings, index: int) -> Account:
    tenant, integration = _DEMO[index % len(_DEMO)]
    if index >= len(_DEMO):
        tenant = f"{_MORE[index % len(_MORE)]}-{index}"
    connected = datetime(2025, 1, 6, 9, 30, tzinfo=UTC) + timedelta(days=index, minutes=17 * index)
    identity = fixed_uuid(settings.seed, "account", index)
    return Account(index, identity, tenant, integration, settings.seed, settings.users, connected)
