"""Public holidays, which all companies of the sandbox share: people work as on a Sunday."""

from datetime import date

_HOLIDAYS = {(1, 1), (1, 6), (5, 1), (8, 15), (11, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
_WEEKEND = (6, 7)


def is_holiday(day: date) -> bool:
    """Return whether the day is a public holiday."""
    return (day.month, day.day) in _HOLIDAYS


def is_day_off(day: date) -> bool:
    """Return whether most people do not work: on a weekend or a public holiday."""
    return day.isoweekday() in _WEEKEND or is_holiday(day)
