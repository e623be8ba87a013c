"""The user's own prices: the meaning of a line, and the error for a line that is invalid."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from usage_assets.errors import WRONG_CALL
from usage_assets.pricing.book import PriceBook, UnitPrice
from usage_assets.pricing.price_overrides import COLUMNS, read_price_overrides
from usage_assets.user_files.csv_lines import UserFileError

DAY = date(2026, 6, 10)
PER_MILLION = Decimal(1_000_000)
HEADER = ",".join(COLUMNS)
GOOD = "anthropic,claude-sonnet-4-5,2026-01-01,2026-12-31,2.40,0.24,3.00,12"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


def write(file: Path, *lines: str, header: str = HEADER) -> Path:
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return file


def found_in(file: Path, provider: str, model: str, meter: str = "input", context: str = "(none)") -> UnitPrice:
    return PriceBook(read_price_overrides(file)).unit_price(provider, model, context, meter, DAY)


def price(file: Path, meter: str, context: str = "(none)", *, model: str = "acme-1") -> Decimal | None:
    """Return USD per million units at no provider in particular."""
    found = found_in(file, "acme", model, meter, context).price
    return None if found is None else found * PER_MILLION


def input_price(file: Path, provider: str, model: str, day: date = DAY) -> Decimal | None:
    found = PriceBook(read_price_overrides(file)).unit_price(provider, model, "(none)", "input", day).price
    return None if found is None else found * PER_MILLION


def book_of(file: Path) -> str:
    return f"prices.csv {sha256(file.read_bytes()).hexdigest()[:8]}"


def test_without_a_file_there_are_no_own_prices(file: Path) -> None:
    assert read_price_overrides(file) == ()


def test_a_file_with_only_a_header_has_no_prices(file: Path) -> None:
    assert read_price_overrides(write(file)) == ()


def test_the_file_is_named_as_a_source_of_prices_only_if_it_has_some(file: Path) -> None:
    assert PriceBook(read_price_overrides(file)).sources == PriceBook().name
    assert PriceBook(read_price_overrides(write(file))).sources == PriceBook().name

    write(file, GOOD)

    assert PriceBook(read_price_overrides(file)).sources == f"{book_of(file)} and {PriceBook().name}"


def test_an_own_price_takes_precedence_over_the_price_book(file: Path) -> None:
    write(file, GOOD)

    assert found_in(file, "anthropic", "claude-sonnet-4-5", "cache_write") == UnitPrice(
        matched_model="claude-sonnet-4-5", price=Decimal("3.00") / PER_MILLION, price_book=book_of(file)
    )
    others = [
        found_in(file, "anthropic", "claude-sonnet-4-5", meter).price for meter in ("input", "cache_read", "output")
    ]
    assert others == [Decimal("2.40") / PER_MILLION, Decimal("0.24") / PER_MILLION, Decimal(12) / PER_MILLION]


def test_a_price_is_exact_to_the_twelfth_decimal_of_a_million_tokens(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,123456789.123456789012,,,0.000000000001")

    assert found_in(file, "acme", "acme-1", "input").price == Decimal("123.456789123456789012")
    assert found_in(file, "acme", "acme-1", "output").price == Decimal("0.000000000000000001")


def test_an_empty_cache_price_is_the_input_price(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,,,15")

    assert price(file, "cache_read") == price(file, "cache_write") == price(file, "input") == 5


def test_a_cache_price_of_zero_is_zero(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,0,0,15")

    assert price(file, "cache_read") == price(file, "cache_write") == 0


def test_a_meter_without_a_column_costs_what_contains_it_costs(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,1,6,15")

    assert price(file, "cache_write_1h") == 6
    assert price(file, "cache_audio_read") == 1
    assert price(file, "input_audio") == 5
    assert price(file, "output_reasoning") == 15


def test_further_meters_have_columns_per_million_and_per_thousand(file: Path) -> None:
    header = f"{HEADER},cache_write_1h_per_million,web_search_per_thousand"
    write(file, ",acme-1,2026-01-01,,5,1,6,15,9,10", header=header)

    assert price(file, "cache_write_1h") == 9
    assert found_in(file, "acme", "acme-1", "web_search").price == Decimal(10) / 1000


def test_an_empty_cell_of_a_further_meter_is_as_good_as_no_column(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,1,6,15,", header=f"{HEADER},cache_write_1h_per_million")

    assert price(file, "cache_write_1h") == 6


def test_searches_that_a_line_does_not_price_keep_the_price_of_the_book(file: Path) -> None:
    write(file, GOOD)

    found = found_in(file, "anthropic", "claude-sonnet-4-5", "web_search")

    assert found == UnitPrice("claude-sonnet-4-5", Decimal(10) / 1000, PriceBook().name)


def test_a_line_for_a_price_context_applies_to_rows_in_it(file: Path) -> None:
    header = f"{HEADER},price_context"
    write(file, ",acme-1,2026-01-01,,5,,,15,", ",acme-1,2026-01-01,,2,,,6,processing=batch", header=header)

    assert price(file, "input") == 5
    assert price(file, "input", "processing=batch") == 2
    assert price(file, "input", "processing=batch;service_tier=standard") == 2
    assert price(file, "input", "factor=1.1;processing=batch") == Decimal("2.2")


def test_a_line_without_a_context_is_the_price_where_the_book_has_no_variant(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,,,15")

    found = found_in(file, "acme", "acme-1", "input", "service_tier=priority")

    assert found == UnitPrice("acme-1", Decimal(5) / PER_MILLION, book_of(file), is_context_priced=False)


def test_a_variant_of_the_book_wins_over_a_line_without_a_context(file: Path) -> None:
    write(file, ",claude-opus-4-8,2026-01-01,,4,,,20")

    assert price(file, "input", model="claude-opus-4-8") == 4
    assert price(file, "input", "speed=fast", model="claude-opus-4-8") == 10


@pytest.mark.parametrize("context", ["batch", "=batch", "processing=", "a=1;", "a=1 b=2", "factor=2", "a=1;a=2"])
def test_a_price_context_that_is_none_is_refused(file: Path, context: str) -> None:
    write(file, f",acme-1,2026-01-01,,5,,,15,{context}", header=f"{HEADER},price_context")

    with pytest.raises(UserFileError, match="line 2, column price_context"):
        read_price_overrides(file)


def test_two_lines_of_the_same_context_in_another_order_are_refused(file: Path) -> None:
    lines = [f",acme-1,2026-01-01,,5,,,15,{context}" for context in ("a=1;b=2", "b=2;a=1")]
    write(file, *lines, header=f"{HEADER},price_context")

    with pytest.raises(UserFileError, match="line 3, column start_date"):
        read_price_overrides(file)


@pytest.mark.parametrize(
    ("day", "dollars"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Decimal(5)),
        (date(2026, 6, 30), Decimal(5)),
        (date(2026, 7, 1), None),
    ],
)
def test_a_price_applies_from_its_first_to_its_last_day(file: Path, day: date, dollars: Decimal | None) -> None:
    write(file, ",acme-1,2026-01-01,2026-06-30,5,,,15")

    assert input_price(file, "acme", "acme-1", day) == dollars


def test_a_price_without_end_date_has_no_end(file: Path) -> None:
    write(file, ",acme-1,2026-01-01,,5,,,15")

    assert input_price(file, "acme", "acme-1", date(2099, 1, 1)) == 5


def test_outside_its_days_the_price_book_applies(file: Path) -> None:
    write(file, GOOD)

    assert input_price(file, "anthropic", "claude-sonnet-4-5", date(2025, 12, 31)) == 3


@pytest.mark.parametrize("provider", ["cursor", "anthropic", "(none)"])
def test_a_line_without_provider_applies_to_every_provider(file: Path, provider: str) -> None:
    write(file, ",acme-1,2026-01-01,,5,,,15")

    assert input_price(file, provider, "acme-1") == 5


def test_a_line_of_another_provider_does_not_apply(file: Path) -> None:
    write(file, "cursor,acme-1,2026-01-01,,5,,,15")

    assert input_price(file, "anthropic", "acme-1") is None


def test_a_provider_is_compared_without_case_and_blanks(file: Path) -> None:
    write(file, " Cursor ,acme-1,2026-01-01,,5,,,15")

    assert input_price(file, "CURSOR ", "acme-1") == 5


def test_a_named_provider_wins_over_a_later_line_of_every_provider(file: Path) -> None:
    write(file, "cursor,acme-1,2026-01-01,,5,,,15", ",acme-1,2026-06-01,,7,,,15")

    assert input_price(file, "cursor", "acme-1") == 5


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_lines_the_later_start_wins_in_any_order(file: Path, order: int) -> None:
    write(file, *[",acme-1,2026-01-01,,5,,,15", ",acme-1,2026-06-01,,7,,,15"][::order])

    assert input_price(file, "cursor", "acme-1") == 7


@pytest.mark.parametrize("spelling", ["claude-4.5-sonnet-thinking", "anthropic/claude-sonnet-4-5-20250929"])
def test_a_model_is_matched_by_its_canonical_name(file: Path, spelling: str) -> None:
    write(file, f",{spelling},2026-01-01,,1,,,2")

    assert input_price(file, "anthropic", "claude-sonnet-4-5") == 1


def test_an_own_price_may_name_a_router(file: Path) -> None:
    write(file, "cursor,auto,2026-01-01,,1.25,0.25,,6")

    assert input_price(file, "cursor", "auto") == Decimal("1.25")


def test_columns_may_come_in_any_order(file: Path) -> None:
    write(file, "15,,,5,,2026-01-01,acme-1,", header=",".join(reversed(COLUMNS)))

    assert input_price(file, "acme", "acme-1") == 5


def test_a_file_saved_by_a_spreadsheet_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + f'{HEADER}\r\n\r\n,"acme-1",2026-01-01,,5,,,15\r\n,,,,,,,\r\n'.encode())

    assert input_price(file, "acme", "acme-1") == 5


def test_the_name_of_the_file_changes_with_its_content(file: Path) -> None:
    (before,) = read_price_overrides(write(file, ",acme-1,2026-01-01,,5,,,15"))
    (after,) = read_price_overrides(write(file, ",acme-1,2026-01-01,,6,,,15"))

    assert before.price_book != after.price_book


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("model", "", "is empty"),
        ("start_date", "", "is not a date"),
        ("start_date", "01.02.2026", "is not a date"),
        ("start_date", "2026-02-30", "is not a date"),
        ("start_date", "20260201", "is not a date"),
        ("start_date", "2026-W01-1", "is not a date"),
        ("end_date", "soon", "is not a date"),
        ("end_date", "2025-12-31", "is before start_date"),
        ("input_per_million", "", "is not a number"),
        ("output_per_million", "", "is not a number"),
        ("input_per_million", "abc", "is not a number"),
        ("input_per_million", "-1", "is not a number of zero or more"),
        ("input_per_million", "NaN", "is not a number"),
        ("input_per_million", "Infinity", "is not a number"),
        ("input_per_million", "1e3", "is not a number"),
        ("input_per_million", "1_000", "is not a number"),
        ("input_per_million", "٣", "is not a number"),
        ("input_per_million", "$3", "is not a number"),
        ("cached_input_per_million", "-0.1", "is not a number of zero or more"),
        ("cache_write_per_million", "x", "is not a number"),
        ("output_per_million", "0.1234567890123", "has more than 12 decimals"),
        ("output_per_million", "1000000000.5", "is more than 1000000000"),
    ],
)
def test_a_wrong_value_is_named_with_file_line_and_column(file: Path, column: str, value: str, what: str) -> None:
    wrong = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | {column: value}
    write(file, ",acme-1,2026-01-01,,5,,,15", ",".join(wrong.values()))

    with pytest.raises(UserFileError) as caught:
        read_price_overrides(file)

    assert f"{file}, line 3, column {column}: {value!r} {what}" in str(caught.value)


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "claude-4.5-sonnet"])
def test_two_lines_of_the_same_provider_model_and_start_are_refused(file: Path, model: str) -> None:
    write(file, GOOD, f"Anthropic,{model},2026-01-01,,1,,,2")

    with pytest.raises(UserFileError, match="line 3, column start_date: '2026-01-01' is also in an earlier line"):
        read_price_overrides(file)


def test_a_header_without_a_column_is_refused(file: Path) -> None:
    write(file, header=HEADER.replace(",end_date", ""))

    with pytest.raises(
        UserFileError, match=r"prices\.csv, line 1: column end_date is missing, the header must be prov"
    ):
        read_price_overrides(file)


def test_an_empty_file_is_refused(file: Path) -> None:
    file.touch()

    with pytest.raises(UserFileError, match="line 1: column provider is missing"):
        read_price_overrides(file)


@pytest.mark.parametrize("extra", ["note", "model", ""])
def test_a_header_with_an_unknown_column_is_refused(file: Path, extra: str) -> None:
    write(file, header=f"{HEADER},{extra}")

    with pytest.raises(UserFileError, match=f"line 1: column '{extra}' is unknown or doubled"):
        read_price_overrides(file)


@pytest.mark.parametrize("line", [GOOD + ",1", ",acme-1,2026-01-01"])
def test_a_line_with_too_many_or_too_few_values_is_refused(file: Path, line: str) -> None:
    write(file, line)

    with pytest.raises(UserFileError, match=r"line 2: \d values for 8 columns"):
        read_price_overrides(file)


def test_a_quote_that_is_not_closed_is_refused(file: Path) -> None:
    write(file, '"acme,acme-1')

    with pytest.raises(UserFileError, match="not readable as CSV"):
        read_price_overrides(file)


def test_a_file_that_is_not_utf_8_is_refused(file: Path) -> None:
    file.write_bytes(f"{HEADER}\n,modèle,2026-01-01,,5,,,15\n".encode("latin-1"))

    with pytest.raises(UserFileError, match=r"prices\.csv, line 2: byte \d+ is not UTF-8, save the file as UTF-8"):
        read_price_overrides(file)


def test_an_error_of_the_users_file_is_a_wrong_call(file: Path) -> None:
    file.touch()

    with pytest.raises(UserFileError) as caught:
        read_price_overrides(file)

    assert (caught.value.exit_code, caught.value.is_permanent) == (WRONG_CALL, True)
