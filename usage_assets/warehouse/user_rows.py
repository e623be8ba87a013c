"""Read one row of a list of users. Pure; a row is any JSON, of which only what is readable counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

from usage_assets.integrations.minor_units import exponents
from usage_assets.integrations.profiles import Profile

LARGEST_LIMIT = Decimal("1e22")
EXACT = Decimal("1e-12")
LONGEST_NUMBER = 40


@dataclass(frozen=True)
class ListedUser:
    """A user as a list has it; None where the row tells nothing readable. The spend limit is in whole units."""

    user_id: str
    user_email: str | None
    user_name: str | None
    status: str | None
    role: str | None
    seat_type: str | None
    spend_limit: Decimal | None
    spend_limit_currency: str | None
    last_active_on: date | None
    created_on: date | None


def read_user(line: bytes, profile: Profile, listed_on: date) -> ListedUser | None:
    """Return the user in a row, None if the row is no object or has no id.

    Args:
        line: The row as the API sent it.
        profile: The profile of the integration.
        listed_on: The day of the list; nobody was active later.
    """
    row = _parsed(line)
    user_id = _identifier(row.get("id"))
    if user_id is None:
        return None
    limit, currency = _spend_limit(row.get("spend_limit"))
    last_active_on = _day(row.get("last_active_at"))
    return ListedUser(
        user_id=user_id,
        user_email=_primary_email(row.get("emails")),
        user_name=_text(row.get("name")) or _joined([row.get("first_name"), row.get("last_name")], " "),
        status=(_text(row.get("status")) or "").lower() or None,
        role=_joined([_name_of(role) for role in _list(row.get("roles"))], ", "),
        seat_type=next((text for path in profile.seat_type if (text := _text(_at(row, path)))), None),
        spend_limit=limit,
        spend_limit_currency=currency,
        last_active_on=last_active_on and min(last_active_on, listed_on),
        created_on=_day(row.get("created_at")),
    )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode(errors="replace"), parse_float=Decimal, parse_int=_whole_number)
    except (ValueError, RecursionError, InvalidOperation):
        return {}
    return row if isinstance(row, dict) else {}


def _whole_number(digits: str) -> int | float:
    """Return a number of any length; Python refuses to convert more than 4,300 digits."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def _identifier(value: Any) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _text(value: Any) -> str | None:
    """Return a text without surrounding blanks, None for another value; half a character becomes a question mark."""
    return (value.strip().encode(errors="replace").decode() or None) if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(values: list[Any], separator: str) -> str | None:
    return separator.join(text for value in values if (text := _text(value))) or None


def _name_of(role: Any) -> Any:
    return (_text(role.get("name")) or role.get("id")) if isinstance(role, dict) else role


def _primary_email(emails: Any) -> str | None:
    """Return the e-mail that is marked as primary, else the first."""
    entries = [entry for entry in _list(emails) if isinstance(entry, dict) and _text(entry.get("email"))]
    primary = [entry for entry in entries if entry.get("is_primary") is True]
    return _text((primary or entries)[0]["email"]) if entries else None


def _at(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _spend_limit(limit: Any) -> tuple[Decimal, str] | tuple[None, None]:
    """Return an amount, which the API gives in the smallest unit of its currency, in whole units."""
    if not isinstance(limit, dict):
        return None, None
    amount, currency = limit.get("amount"), (_text(limit.get("currency")) or "").upper()
    exponent = exponents().get(currency)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or exponent is None:
        return None, None
    with localcontext(prec=80):
        whole = Decimal(amount).scaleb(-exponent)
        is_readable = whole.is_finite() and abs(whole) < LARGEST_LIMIT
        return (whole.quantize(EXACT), currency) if is_readable else (None, None)


def _day(value: Any) -> date | None:
    """Return the UTC day of a time; a time without an offset is in UTC."""
    text = _text(value)
    try:
        moment = datetime.fromisoformat(text) if text else None
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date() if moment else None
    except (ValueError, OverflowError):
        return None
