"""How busy a day is, and how a young day's figures come in. Whole numbers, so every machine agrees."""

from dataclasses import dataclass
from datetime import date

from usage_assets.sandbox.companies import Account
from usage_assets.sandbox.draws import Draws

WHOLE = 1000

_WEEKDAYS = (960, 1040, 1080, 1030, 890, 210, 170)
_GROWTH_STARTS = date(2025, 1, 1).toordinal()
_GROWTH_DAYS = 1460
_SPIKE = 4


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
    return 780 if day.isoweekday() <= 5 else 130  # noqa: PLR2004


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
        kind, settles = draws.below(100), draws.between(self.first_age + 1, self.final_age)
        if age < self.first_age:
            return 0
        if age >= settles:
            return WHOLE
        if kind < 8:  # noqa: PLR2004
            return 0
        return 860 if kind < 25 or age == 0 else WHOLE  # noqa: PLR2004
