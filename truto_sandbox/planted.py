"""What the sandbox has planted in the usage of an account: incidents, and changes that are none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from truto_sandbox.companies import Account
from truto_sandbox.gradual_changes import ramp_in, replacement_ends, replacement_starts
from truto_sandbox.holidays import is_holiday
from truto_sandbox.incidents import RUNAWAY_MODEL, SURFACE_DROP, USER_SPIKE, Incident, incident_in
from truto_sandbox.vendors import VENDORS
from truto_sandbox.vendors.vendor import month_of, next_month

SLOW_RAMP, MODEL_REPLACEMENT, HOLIDAY = "slow_ramp", "model_replacement", "holiday"
_HOLIDAY_SIZE = 170


@dataclass(frozen=True, slots=True)
class Planted:
    """A change in the usage of one account that the sandbox has planted.

    Attributes:
        kind: An incident: `spike`, `drop`, `user_spike`, `runaway_model`, `surface_drop`; or else `slow_ramp`,
            `model_replacement`, `holiday`.
        account_id: The account.
        scope: The part concerned: `account`, `user`, `model` or `surface`.
        key: The account's id; the person's e-mail, or the vendor's id of a person without e-mail; the id of the model
            as the vendor writes it, of the replaced one for `model_replacement`; the surface.
        first_day: Its first day.
        last_day: Its last day.
        size: Usage in thousandths of ordinary usage: 4000 is four times as much, 0 is nothing. Of a ramp the highest.
        should_report: Whether a monitor should report it. It need not report gradual changes and holidays.
    """

    kind: str
    account_id: str
    scope: str
    key: str
    first_day: date
    last_day: date
    size: int
    should_report: bool


def planted(account: Account, start: date, end: date) -> list[Planted]:
    """Return what is planted on days from `start` to `end` (exclusive), by first day."""
    changes = [*_incidents(account, start, end), *_ramps(account, start, end), *_replacement(account)]
    changes += _holidays(account, start, end)
    touching = (change for change in changes if change.first_day < end and change.last_day >= start)
    return sorted(touching, key=lambda change: (change.first_day, change.kind))


def _incidents(account: Account, start: date, end: date) -> Iterator[Planted]:
    month = month_of(start)
    while month < end:
        incident = incident_in(account, month.year, month.month)
        if incident is not None:
            scope, key = _part(account, incident)
            yield Planted(
                kind=incident.kind,
                account_id=account.id,
                scope=scope,
                key=key,
                first_day=incident.first_day,
                last_day=incident.last_day,
                size=incident.size,
                should_report=True,
            )
        month = next_month(month)


def _part(account: Account, incident: Incident) -> tuple[str, str]:
    """Return scope and key of the part of the account that an incident concerns."""
    vendor = VENDORS[account.integration]
    if incident.kind == USER_SPIKE:
        person = account.person(incident.part(range(account.users)))
        return "user", person.email or vendor.user_id(account, person) or ""
    if incident.kind == RUNAWAY_MODEL:
        return "model", incident.part(vendor.lasting_models)
    if incident.kind == SURFACE_DROP:
        return "surface", incident.part(vendor.surfaces)
    return "account", account.id


def _ramps(account: Account, start: date, end: date) -> Iterator[Planted]:
    for year in range(start.year, end.year + 1):
        if ramp := ramp_in(account, year):
            yield _unreported(SLOW_RAMP, account, ramp.first_day, ramp.last_day, ramp.size)


def _replacement(account: Account) -> Iterator[Planted]:
    model = VENDORS[account.integration].replaced_model
    if model is not None:
        last_day = replacement_ends(account) - timedelta(days=1)
        yield Planted(
            kind=MODEL_REPLACEMENT,
            account_id=account.id,
            scope="model",
            key=model[0],
            first_day=replacement_starts(account),
            last_day=last_day,
            size=0,
            should_report=False,
        )


def _holidays(account: Account, start: date, end: date) -> Iterator[Planted]:
    days = (date.fromordinal(number) for number in range(start.toordinal(), end.toordinal()))
    return (_unreported(HOLIDAY, account, day, day, _HOLIDAY_SIZE) for day in days if is_holiday(day))


def _unreported(kind: str, account: Account, first_day: date, last_day: date, size: int) -> Planted:
    """Return a change of a whole account that a monitor need not report."""
    return Planted(kind, account.id, "account", account.id, first_day, last_day, size, should_report=False)
