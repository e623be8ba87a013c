"""The daily activity of people and machines, and the share of a recent day that a vendor reports. Integers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from truto_sandbox.companies import Account
from truto_sandbox.gradual_changes import ramp_size
from truto_sandbox.holidays import is_day_off, is_holiday
from truto_sandbox.incidents import account_size, user_size
from truto_sandbox.seeded_random import SeededRandom

_THOUSAND = 1000
_PARTIAL = 860

_WEEKDAYS = (960, 1040, 1080, 1030, 890, 210, 170)
_GROWTH_STARTS = date(2025, 1, 1).toordinal()
_GROWTH_DAYS = 1460
_SUNDAY = 6
_LATE_PERCENT, _CORRECTED_PERCENT = 8, 17

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Restatement:
    """The vendor's restatement of a recent day.

    Attributes:
        first_age: Age in days at which the vendor first reports a day.
        final_age: Age in days at which the figures are final.
    """

    first_age: int
    final_age: int

    def reported_share(self, age: int, random: SeededRandom) -> int:
        """Return how many thousandths of the final figure are reported at `age` days; 0 means no row.

        Some figures arrive late, some are corrected upwards, most are final at the first report.
        """
        is_late, is_corrected = random.chance(_LATE_PERCENT), random.chance(_CORRECTED_PERCENT)
        final_age = random.between(self.first_age + 1, self.final_age)
        if age < self.first_age or (is_late and age < final_age):
            return 0
        return _PARTIAL if (is_corrected and age < final_age) or age == 0 else _THOUSAND


@lru_cache(maxsize=10_000)
def activity_of(account: Account, day: date) -> int:
    """Return the activity of a day in thousandths of an ordinary day.

    It follows from weekday and holidays, yearly growth, slow ramps and incidents.
    """
    yearly = account.random("growth").between(150, 900)
    growth_days = min(max(day.toordinal() - _GROWTH_STARTS, 0), _GROWTH_DAYS)
    weekday = _WEEKDAYS[_SUNDAY if is_holiday(day) else day.weekday()]
    level = weekday * (_THOUSAND + yearly * growth_days // 365) // _THOUSAND
    return level * ramp_size(account, day) // _THOUSAND * account_size(account, day) // _THOUSAND


def person_volumes(
    account: Account,
    day: date,
    person: int,
    options: Sequence[T],
    most: int,
    restatement: Restatement,
    today: date,
) -> list[tuple[T, int]]:
    """Return which options (models, surfaces) a person used on a day and the volume reported of each.

    Args:
        account: The account in which the person works.
        day: The day of the usage.
        person: Number of the person.
        options: The models or surfaces to choose from.
        most: Highest number of options that a person uses in a day.
        restatement: The vendor's restatement of recent days.
        today: The current day.

    Returns:
        Each option with its volume in thousandths of an ordinary day; none for a person who does not work that day.
    """
    random = account.random(day.toordinal(), person)
    activity, size = activity_of(account, day), user_size(account, day, person)
    if not activity or (random.below(_THOUSAND) >= (130 if is_day_off(day) else 780) and size == _THOUSAND):
        return []
    first, count = random.below(len(options)), random.between(1 if size == _THOUSAND else most, most)
    used = dict.fromkeys(options[(first + number) % len(options)] for number in range(count))
    shares = {option: restatement.reported_share((today - day).days, random) for option in used}
    volume = activity * size // _THOUSAND
    return [(option, volume * share // _THOUSAND) for option, share in shares.items() if share]
