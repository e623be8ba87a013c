"""The `users` resource: who has a seat in a company on a day, with role, type of seat, spend limit and last activity.

Besides the people who use the tools, a company pays for some who do not: idle people, one who was invited this month,
two service accounts without an e-mail, and people who leave, one in each month. None of them is in a usage row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto

from truto_sandbox.companies import Account
from truto_sandbox.items import Row
from truto_sandbox.vendors.vendor import Vendor, month_of, next_month

_IDLE_OF = 8  # for every eighth person there is one who is idle
_SERVICES = ("CI service", "Nightly reports")
_LAST_ACTIVE_DAYS = 45
_PREMIUM_OF, _LIMITED_OF, _ADMIN_OF = 5, 4, 20


class Kind(Enum):
    """How a member uses the seat."""

    USES = auto()
    IDLE = auto()
    INVITED = auto()
    SERVICE = auto()
    LEAVES = auto()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a company: the number of the person, the kind, and the first day."""

    index: int
    kind: Kind
    joined_on: date


def members(account: Account, today: date) -> list[Member]:
    """Return everybody who has a seat on a day."""
    first = account.created_at.date()
    idle = max(1, account.users // _IDLE_OF)
    month = month_of(today)
    found = [Member(index, Kind.USES, first) for index in range(account.users)]
    found += [Member(account.users + number, Kind.IDLE, first) for number in range(idle)]
    found.append(Member(account.users + idle, Kind.INVITED, month))
    found += [Member(account.users + idle + 1 + number, Kind.SERVICE, first) for number in range(len(_SERVICES))]
    start = account.users + idle + 1 + len(_SERVICES)
    return found + [Member(start + number, Kind.LEAVES, joined) for number, joined in _leavers(account, month, today)]


def _leavers(account: Account, month: date, today: date) -> list[tuple[int, date]]:
    """Return the number and the first day of those who are still here; each leaves in a month of their own."""
    months = (month, next_month(month), next_month(next_month(month)))
    return [
        (each.year * 12 + each.month, month_of(each - timedelta(days=45)))
        for each in months
        if today < left_on(account, each)
    ]


def left_on(account: Account, month: date) -> date:
    """Return the day in a month from which one of the members is gone."""
    return month.replace(day=account.random("leaves", month.year, month.month).between(3, 27))


def member_id(account: Account, vendor: Vendor, member: Member) -> str:
    """Return the vendor's id of a member."""
    return vendor.user_id(account, account.person(member.index)) or ""


def member_json(account: Account, vendor: Vendor, member: Member, today: date) -> Row:
    """Return a row of the `users` resource."""
    return _row(account, vendor, member, _last_active_on(account, vendor, member, today))


def active_rows(account: Account, vendor: Vendor, source: int, days: Sequence[date], today: date) -> list[Row]:
    """Return the row of a person who was active on one of the days, if the person was."""
    active = [day for day in days if _is_active(account, vendor, source, day, today)]
    member = Member(source, Kind.USES, account.created_at.date())
    return [_row(account, vendor, member, max(active))] if active else []


def _row(account: Account, vendor: Vendor, member: Member, last_active_on: date | None) -> Row:
    person, user_id = account.person(member.index), member_id(account, vendor, member)
    is_service = member.kind is Kind.SERVICE
    email = None if is_service else person.email
    role = "service" if is_service else "admin" if member.index % _ADMIN_OF == 0 else "member"
    name = _SERVICES[member.index % len(_SERVICES)] if is_service else person.name
    tier = "premium" if member.index % _PREMIUM_OF == 0 else "standard"
    created = _timestamp(member.joined_on)
    return {
        "id": user_id,
        **({} if is_service else {"first_name": person.first_name, "last_name": person.last_name}),
        "name": name,
        "emails": [{"email": email, "is_primary": True}] if email else [],
        "roles": [{"id": role, "name": role.title()}],
        "status": "invited" if member.kind is Kind.INVITED else "active",
        "organization": {"id": f"org-{account.id[:8]}", "name": account.company},
        **_spend_limit(account, member),
        **({"last_active_at": _timestamp(last_active_on)} if last_active_on else {}),
        "created_at": created,
        "updated_at": created,
        "remote_data": {"id": user_id, "name": name, "email": email, "role": role, "seat_tier": tier},
    }


def _spend_limit(account: Account, member: Member) -> Row:
    """Return the limit of some members, in cents."""
    if member.index % _LIMITED_OF:
        return {}
    amount = account.random("limit", member.index).between(1, 20) * 2500
    return {"spend_limit": {"amount": amount, "currency": account.currency}}


def _last_active_on(account: Account, vendor: Vendor, member: Member, today: date) -> date | None:
    random = account.random("last active", member.index)
    if member.kind is Kind.INVITED:
        return None
    if member.kind is Kind.IDLE:
        # One in four has never been active; the others stopped in the first months.
        return None if random.chance(25) else member.joined_on + timedelta(days=random.between(20, 150))
    if member.kind is Kind.USES:
        days = (today - timedelta(days=age) for age in range(_LAST_ACTIVE_DAYS))
        return next((day for day in days if _is_active(account, vendor, member.index, day, today)), None)
    return today - timedelta(days=1)


def _is_active(account: Account, vendor: Vendor, source: int, day: date, today: date) -> bool:
    """Return whether a person has usage on a day; a fee is none."""
    return any(item.tokens.requests for item in vendor.items(account, day, source, today))


def _timestamp(day: date) -> str:
    return datetime.combine(day, time(9, 30), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
