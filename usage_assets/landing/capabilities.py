"""Ask which accounts have usage metering: each new account once, and again when its status changes.

An account without an answer, or without usage metering, is asked again after a day. A failed request never stops more
than the asking: an account that nobody could ask is fetched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from usage_assets.landing.accounts import ACTIVE, Account
from usage_assets.truto import IntegratedAccount, TrutoClient, TrutoError

PARALLEL_REQUESTS = 8
ASKED_AGAIN_AFTER = timedelta(days=1)
TIMEOUT_SECONDS = 10.0


def accounts_to_ask(listed: Iterable[IntegratedAccount], known: Iterable[Account], now: datetime) -> list[str]:
    """Return the ids of the active accounts whose capabilities are not known, or may have changed."""
    previous = {account.account_id: account for account in known}
    return [account.id for account in listed if _is_asked(account, previous.get(account.id), now)]


def ask_metering(client: TrutoClient, account_ids: Iterable[str]) -> dict[str, bool | None]:
    """Return whether usage metering is among the capabilities of each account that was asked.

    The first temporary failure ends the asking: the other accounts are asked next time.

    Args:
        client: A client that does not repeat requests.
        account_ids: The accounts.
    """
    failed = threading.Event()

    def ask(account_id: str) -> Mapping[str, bool | None]:
        if failed.is_set():
            return {}
        try:
            return {account_id: client.has_usage_metering(account_id)}
        except TrutoError as error:
            if not error.is_permanent:
                failed.set()
            return {account_id: None}

    with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
        return {name: answer for answers in pool.map(ask, account_ids) for name, answer in answers.items()}


def _is_asked(listed: IntegratedAccount, known: Account | None, now: datetime) -> bool:
    if listed.status != ACTIVE:
        return False
    if known is None or known.asked_at is None or known.status != listed.status:
        return True
    return known.has_metering is not True and now - known.asked_at >= ASKED_AGAIN_AFTER
