"""The Truto environments whose accounts a landing folder holds; a list of another environment is refused.

A token belongs to one environment, so a list without an account of the recorded ones comes from another token. The
file `environment` holds the recorded ids, one a line. Older folders have none, nor do those of an API that names none.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import LandingError
from usage_assets.truto import IntegratedAccount, ListedAccounts
from usage_assets.truto.display_text import single_line, truncate

FILE = "environment"
SHOWN_LENGTH = 80
SHOWN_ENVIRONMENTS = 3


def check_environment(root: Path, listed: ListedAccounts, known: Collection[Account]) -> None:
    """Refuse the account list of another environment.

    Args:
        root: The landing folder.
        listed: A complete account list.
        known: Every account ever listed.

    Raises:
        LandingError: The folder holds accounts of another environment, or of one that nobody recorded.
    """
    recorded = recorded_environments(root) | environments_of(known)
    given = environments_of(listed.accounts)
    if not given or given & recorded:
        return
    if recorded:
        raise LandingError(
            f"{root.parent} holds the data of {_named(recorded)}, and the accounts that TRUTO_API_TOKEN lists are of "
            f"{_named(given)}: set TRUTO_API_TOKEN back, or set USAGE_DATA_DIR to another folder."
        )
    if _holds_other_accounts(listed, known):
        raise LandingError(
            f"{root.parent} holds accounts of an unknown environment, and TRUTO_API_TOKEN lists none of them but "
            f"accounts of {_named(given)}: set USAGE_DATA_DIR to another folder, or, if it is the environment of "
            f"this data, write its id into {root / FILE}."
        )


def record_environment(root: Path, listed: ListedAccounts) -> None:
    """Add the environments of a checked account list to the recorded ones."""
    recorded = recorded_environments(root)
    together = recorded | environments_of(listed.accounts)
    if together != recorded:
        temporary = root / f".{FILE}.{os.getpid()}.arriving"
        temporary.write_text("".join(f"{environment}\n" for environment in sorted(together)), encoding="utf-8")
        temporary.replace(root / FILE)


def recorded_environments(root: Path) -> set[str]:
    """Return the ids of the recorded environments, none if the folder has no such file."""
    try:
        lines = (root / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {line.strip() for line in lines if line.strip()}


def environments_of(accounts: Iterable[Account | IntegratedAccount]) -> set[str]:
    """Return the environments of accounts, each id on one line."""
    return {single_line(account.environment_id) for account in accounts if account.environment_id} - {""}


def _holds_other_accounts(listed: ListedAccounts, known: Collection[Account]) -> bool:
    ids = {account.id for account in listed.accounts} | {row.id for row in listed.unreadable}
    is_in_use = any(account.deleted_at is None for account in known)
    return is_in_use and not any(account.account_id in ids for account in known)


def _named(environments: Iterable[str]) -> str:
    names = sorted(truncate(environment, SHOWN_LENGTH) for environment in environments)
    others = len(names) - SHOWN_ENVIRONMENTS
    noun = "environment" if len(names) == 1 else "environments"
    return f"the {noun} {', '.join(names[:SHOWN_ENVIRONMENTS])}" + (f" and {others} more" if others > 0 else "")
