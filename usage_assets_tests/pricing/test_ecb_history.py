"""A downloaded history of rates is read line by line; one that cannot be trusted is refused with the reason."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest

from usage_assets.pricing.ecb_history import MOST_TEXT_BYTES, bundled_newest_day, history_facts
from usage_assets.pricing.rates import last_quoted_day
from usage_assets.pricing.reference_content import BadContent, Facts, refuse_shrunk
from usage_assets_tests.reference.made_files import (
    BUNDLED_LAST_DAY,
    bundled_lines,
    bundled_zip,
    history_until,
    line_of,
    zipped,
)

TODAY = date(2026, 11, 28)
DAY = date(2026, 11, 27)


def with_line(line: str) -> bytes:
    """Return the bundled history with another newest line."""
    header, *lines = bundled_lines()
    return zipped([header, line, *lines])


def of_two_files() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    return packed.getvalue()


def test_the_bundled_history_is_accepted() -> None:
    facts = history_facts(bundled_zip(), TODAY)

    assert facts == Facts(BUNDLED_LAST_DAY, {"currencies": 41, "days": len(bundled_lines()) - 1})
    assert bundled_newest_day() == facts.newest_day


def test_newer_days_are_read() -> None:
    assert history_facts(history_until(DAY), TODAY).newest_day == DAY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no complete zip file"),
        (b"PK\x03\x04", "no complete zip file"),
        (bundled_zip()[:-1000], "no complete zip file"),
        (bundled_zip()[:1000] + b"\0" * 100 + bundled_zip()[1100:], "no complete zip file"),
        (of_two_files(), "a zip file of 2 files instead of one"),
        (zipped(["\0" * (MOST_TEXT_BYTES + 1)]), "holds more than 64 MB"),
        (zipped(["Date,USD,"]), "it holds no rates"),
        (zipped([""]), "does not name a day and currencies"),
        (zipped(["Date,USD,USD,", "2026-11-27,1,1,"]), "does not name a day and currencies"),
        (zipped(["Date,GBP,", "2026-11-27,1,"]), "does not name a day and currencies"),
        (with_line(line_of(DAY, {"JPY": "0"})), "line 2 has the rate '0' of JPY"),
        (with_line(line_of(DAY, {"JPY": "0.000"})), "line 2 has the rate '0.000' of JPY"),
        (with_line(line_of(DAY, {"JPY": "-175.68"})), "line 2 has the rate '-175.68' of JPY"),
        (with_line(line_of(DAY, {"JPY": "NaN"})), "line 2 has the rate 'NaN' of JPY"),
        (with_line(line_of(DAY, {"JPY": "Infinity"})), "line 2 has the rate 'Infinity' of JPY"),
        (with_line(line_of(DAY, {"JPY": "1e5"})), "line 2 has the rate '1e5' of JPY"),
        (with_line(line_of(DAY, {"JPY": "one"})), "line 2 has the rate 'one' of JPY"),
        (with_line(line_of(DAY, {"JPY": "١٢"})), "line 2 has the rate '١٢' of JPY"),
        (with_line(line_of(DAY, {"USD": "N/A"})), "line 2 has no rate of USD"),
        (with_line(line_of(DAY) + "7"), "line 2 has the rate '7' of no currency"),
        (with_line(line_of(DAY) + ","), "line 2 does not hold a day and a rate"),
        (with_line("2026-11-27,1.1"), "line 2 does not hold a day and a rate"),
        (with_line(line_of(DAY).replace("2026-11-27", "27 November 2026")), "line 2 does not hold a day"),
        (with_line(line_of(DAY).replace("2026-11-27", "2026-02-30")), "line 2 does not hold a day"),
        (with_line(line_of(date(2026, 11, 29))), "line 2 has rates of 2026-11-29, which is in the future"),
        (with_line(line_of(BUNDLED_LAST_DAY)), "line 3 has rates of 2026-10-30, as an earlier line has"),
    ],
)
def test_a_history_that_cannot_be_trusted_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadContent) as refused:
        history_facts(content, TODAY)

    assert reason in str(refused.value)


@pytest.mark.parametrize(("currencies", "is_refused"), [(37, False), (36, True), (3, True)])
def test_a_tenth_fewer_currencies_are_refused(currencies: int, is_refused: bool) -> None:  # noqa: FBT001
    before, after = (Facts(DAY, {"currencies": count}) for count in (40, currencies))

    assert is_refused_as_shrunk(lambda: refuse_shrunk(after, before)) is is_refused


def is_refused_as_shrunk(check: Callable[[], None]) -> bool:
    try:
        check()
    except BadContent as error:
        return "the copy in use has 40" in str(error)
    return False


def test_the_quoted_days_are_those_that_the_bank_has_published_since_2002() -> None:
    _, *lines = bundled_lines()
    published = {date.fromisoformat(line[:10]) for line in lines}
    first = date(2002, 1, 2)
    days = [date.fromordinal(number) for number in range(first.toordinal(), BUNDLED_LAST_DAY.toordinal() + 1)]

    assert [day for day in days if (last_quoted_day(day) == day) != (day in published)] == []
