"""The user's `seats.csv`: dated prices of seats, and one sentence for each mistake."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.user_files.csv_lines import UserFileError
from usage_assets.user_files.seat_prices import SeatPrice, parse_seat_prices

FILE = Path("seats.csv")
HEADER = "valid_from,valid_to,account_id,integration,seat_type,monthly_price,currency"


def parse(*lines: str, header: str = HEADER) -> tuple[SeatPrice, ...]:
    return parse_seat_prices(FILE, "\n".join([header, *lines]).encode()).lines


def mistakes(*lines: str, header: str = HEADER) -> tuple[str, ...]:
    with pytest.raises(UserFileError) as raised:
        parse(*lines, header=header)
    return raised.value.sentences


def test_a_line_is_read() -> None:
    assert parse("2026-01-01,2026-06-30,,Cursor,Premium,39.99,usd") == (
        SeatPrice("", "cursor", "premium", date(2026, 1, 1), date(2026, 6, 30), Decimal("39.99"), "USD"),
    )


def test_only_three_columns_and_a_name_are_needed() -> None:
    [price] = parse("2026-01-01;5f0c;40;EUR", header="valid_from;account_id;monthly_price;currency")

    assert price == SeatPrice("5f0c", "", "", date(2026, 1, 1), date.max, Decimal(40), "EUR")


def test_a_file_with_a_bom_and_crlf_is_read() -> None:
    content = b"\xef\xbb\xbf" + f"{HEADER}\r\n2026-01-01,,,cursor,,40,USD\r\n".encode()

    assert len(parse_seat_prices(Path("seats.csv"), content).lines) == 1


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("soon,,,cursor,,40,USD", "column valid_from: 'soon' is not a date"),
        ("2026-02-01,2026-01-31,,cursor,,40,USD", "column valid_to: '2026-01-31' is before valid_from"),
        ("2026-01-01,,,,,40,USD", "column account_id: '' stands beside an integration, or both are empty"),
        ("2026-01-01,,a-1,cursor,,40,USD", "column account_id: 'a-1' stands beside an integration"),
        ("2026-01-01,,,cursor,,-40,USD", "column monthly_price: '-40' is not a number of zero or more"),
        ('2026-01-01,,,cursor,,"40,00",USD', "column monthly_price: '40,00' is not a number"),
        ("2026-01-01,,,cursor,,,USD", "column monthly_price: '' is not a number"),
        ("2026-01-01,,,cursor,,40,dollars", "column currency: 'dollars' is not a currency"),
        ("2026-01-01,,,cursor,,40,", "column currency: '' is empty"),
    ],
)
def test_a_mistake_is_named_with_line_and_column(line: str, place: str) -> None:
    [sentence] = mistakes("2025-01-01,2025-12-31,,cursor,,30,USD", line)

    assert sentence.startswith(f"seats.csv, line 3, {place}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-01-01,,,cursor,,40,USD", "2026-03-01,,,cursor,,50,USD"),
        ("2026-03-01,,,cursor,,50,USD", "2026-01-01,,,cursor,,40,USD"),
        ("2026-01-01,2026-03-01,a-1,,pro,40,USD", "2026-03-01,,a-1,,PRO,40,USD"),
        ("2026-01-01,,,cursor,,40,USD", "2026-01-01,,,CURSOR,,40,USD"),
    ],
)
def test_two_lines_for_the_same_seats_on_a_day_are_a_mistake(first: str, second: str) -> None:
    [sentence] = mistakes(first, second)

    assert sentence.startswith("seats.csv, line 3, column valid_from:")
    assert "is within the days of another line for the same seats" in sentence


def test_lines_that_follow_each_other_are_no_mistake() -> None:
    lines = ["2026-07-01,,,cursor,,50,USD", "2026-01-01,2026-06-30,,cursor,,40,USD", "2026-01-01,,a-1,,,40,USD"]

    assert len(parse(*lines)) == 3


def test_every_mistake_is_named_at_once() -> None:
    assert len(mistakes("x,,,cursor,,40,USD", "2026-01-01,,,cursor,,y,USD", "2026-01-01,,,cursor,,40,Z")) == 3


def test_an_unknown_column_is_named() -> None:
    [sentence] = mistakes(header=f"{HEADER},team")

    assert "column 'team' is unknown" in sentence


def test_a_hundred_thousand_lines_are_read_quickly() -> None:
    lines = [f"2026-01-01,2026-01-31,a-{number},,,40,USD" for number in range(50_000)]
    lines += [f"{2000 + number // 336}-{1 + number // 28 % 12:02}-{1 + number % 28:02}," for number in range(50_000)]
    days = [f"{line}{line[:-1]},,cursor,,40,USD" for line in lines[50_000:]]

    assert len(parse(*lines[:50_000], *days)) == 100_000
