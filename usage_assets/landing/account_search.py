"""Find an account by a text that a person writes: part of its id, name, integration or tenant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.landing.accounts import SHOWN_LENGTH, Account
from usage_assets.truto.display_text import truncate

SHOWN_ACCOUNTS = 10
SUGGESTED_ACCOUNTS = 3


class AccountNotFound(UsageAssetsError):
    """A text names no account."""

    exit_code = WRONG_CALL
    is_permanent = True


class AmbiguousAccount(AccountNotFound):
    """A text names more than one account."""


def find_account(accounts: Iterable[Account], text: str) -> Account:
    """Return the only account that matches `text`, an unambiguous part of its id, name, integration or tenant.

    The first of these rules that any account satisfies decides: the id equals the text; the id equals it, ignoring
    case; the name, the integration or the tenant equals it; id, name, integration and tenant, joined by blanks, contain
    it.

    Raises:
        AccountNotFound: No account matches.
        AmbiguousAccount: Several accounts match.
    """
    candidates = list(accounts)
    matching = next((found for found in _matches(candidates, text) if found), [])
    if len(matching) != 1:
        raise (AmbiguousAccount if matching else AccountNotFound)(
            _mismatch(candidates, matching, f'"{truncate(text, SHOWN_LENGTH)}"')
        )
    return matching[0]


def _mismatch(candidates: Sequence[Account], matching: Sequence[Account], text: str) -> str:
    """Return the error message for a text that no account or several accounts match."""
    if matching:
        listing = _listing(matching, SHOWN_ACCOUNTS)
        return f"{text} matches {len(matching)} accounts: {listing}; name one of them by its id."
    if not candidates:
        return f"No account matches {text}, because no account is known yet: run `usage-assets sync` first."
    listing = _listing(candidates, SUGGESTED_ACCOUNTS)
    return f"No account matches {text}, but there are {listing}: `usage-assets accounts` lists all."


def _matches(accounts: Sequence[Account], text: str) -> Iterator[list[Account]]:
    """Yield the matching accounts of each rule, from the strictest to the loosest."""
    name = _normalized(text)
    if not name:
        return
    yield [account for account in accounts if account.account_id == text]
    yield [account for account in accounts if _normalized(account.account_id) == name]
    yield [account for account in accounts if name in map(_normalized, _words(account)[1:])]
    yield [account for account in accounts if name in _search_text(account)]


def _search_text(account: Account) -> str:
    return _normalized(" ".join(_words(account)))


def _words(account: Account) -> list[str]:
    return [account.account_id, account.name or "", account.integration, account.tenant_id or ""]


def _normalized(text: str) -> str:
    """Return `text` in a form that ignores case; the dot of a display name becomes a blank."""
    return " ".join(text.replace("·", " ").casefold().split())


def _listing(accounts: Sequence[Account], most: int) -> str:
    names = [
        account.name_and_id
        for account in sorted(accounts, key=lambda account: (account.display_name, account.account_id))
    ]
    others = len(names) - most
    return ", ".join(names[:most]) + (f" and {others} more" if others > 0 else "")
