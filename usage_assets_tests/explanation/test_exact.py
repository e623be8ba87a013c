"""Decimals as text, and their two roundings."""

from decimal import Decimal

import pytest

from usage_assets.explanation.exact import Formula, added, multiplied, plain, rounded, share_of


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("3.00", "3"), ("0", "0"), ("-0.00", "0"), ("1E+3", "1000"), ("1e-12", "0.000000000001"), ("100", "100"),
        ("-1.250", "-1.25"), ("12345678901234567890123456.123456789012", "12345678901234567890123456.123456789012"),
    ],
)  # fmt: skip
def test_every_digit_and_no_superfluous_zero(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_a_sum_keeps_every_digit() -> None:
    assert plain(added([Decimal("1e25"), Decimal("1e-12")]).value) == "10000000000000000000000000.000000000001"


def test_a_product_keeps_every_digit() -> None:
    product = multiplied(Decimal(10**18 + 1), Decimal("1.000000000000000001"))
    assert plain(product.value) == "1000000000000000002.000000000000000001"


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("0.0000000000005", "0.000000000001"),
        ("-0.0000000000005", "-0.000000000001"),
        ("0.00000000000049", "0"),
        ("99999999999999999999999999.0000000000004", "99999999999999999999999999"),
    ],
)
def test_money_is_rounded_half_away_from_zero(number: str, kept: str) -> None:
    assert plain(rounded(Formula(number, Decimal(number))).value) == kept


@pytest.mark.parametrize(("whole", "share"), [("1", "0.333333333333"), ("-1", "-0.333333333333"), ("3", "1")])
def test_a_share_is_truncated_toward_zero(whole: str, share: str) -> None:
    assert plain(share_of(Decimal(whole), 3, 1).value) == share


@pytest.mark.parametrize("whole", ["1", "-1", "0.000000000002"])
def test_the_shares_sum_to_the_whole(whole: str) -> None:
    assert sum(share_of(Decimal(whole), 7, number).value for number in range(1, 8)) == Decimal(whole)


def test_a_number_alone_is_no_equation() -> None:
    assert str(Formula("3", Decimal("3.00"))) == "3"


def test_an_exact_result_is_not_called_rounded() -> None:
    assert str(rounded(multiplied(Decimal(1), Decimal(2)))) == "1 × 2 = 2"
