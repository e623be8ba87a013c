"""How busy a day is, and how a young day's figures come in. Whole numbers, so every machine agrees."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from truto_sandbox.companies import Account
from truto_sandbox.draws import Draws

WHOLE = 1000
_PART = 860

_WEEKDAYS = (960, 1040, 1080, 1030, 890, 210, 170)
_GROWTH_STARTS = date(2025, 1, 1).toordinal()
_GROWTH_DAYS = 1460
_SPIKE = 4
_WEEKEND = (6, 7)
_LATE_PERCENT, _CORRECTED_PERCENT = 8, 17


@lru_cache(maxsize=10_000)
def busyness(account: Account, day: date) -> int:
    """The day's activity in thousandths of an ordinary one: weekday, growth, and a spike now and then."""
    yearly = account.draws("growth").between(150, 900)
    grown = min(max(day.toordinal() - _GROWTH_STARTS, 0), _GROWTH_DAYS)
    level = _WEEKDAYS[day.weekday()] * (WHOLE + yearly * grown // 365) // WHOLE
    return level * _SPIKE if is_spike(account, day) else level


def is_spike(account: Account, day: date) -> bool:
    """Whether something ran away that day: one day in a month, in every second month."""
    month = account.draws("spike", day.year, day.month)
    return month.chance(50) and day.day == month.between(2, 27)


def presence(day: date) -> int:
    """How many of a thousand people work that day."""
    return 130 if day.isoweekday() in _WEEKEND else 780


@dataclass(frozen=True, slots=True)
class Restatement:
    """How a vendor's figures of one day change while the day is young.

    Attributes:
        first_age: Days after which the vendor first answers for a day.
        final_age: Days after which nothing changes any more.
    """

    first_age: int
    final_age: int

    def known(self, age: int, draws: Draws) -> int:
        """The thousandths of a final figure that are known `age` days later; 0 is no row yet.

        Few figures are late, some are corrected upwards, the most are right at once.
        """
        late, corrected = draws.chance(_LATE_PERCENT), draws.chance(_CORRECTED_PERCENT)
        settles = draws.between(self.first_age + 1, self.final_age)
        if age < self.first_age or (late and age < settles):
            return 0
        return _PART if (corrected and age < settles) or age == 0 else WHOLE
