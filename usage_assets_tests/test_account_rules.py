"""The user's `accounts.csv`: its lines, the days that do not count by them, and files that are refused."""

from datetime import date
from pathlib import Path

import pytest

from usage_assets.account_rules import AccountRule, AccountRules, IgnoredDays, parse_account_rules, replaced_days
from usage_assets.user_files.csv_lines import UserFileError

HEADER = "account_id,display_name,replaces,ignore_from,ignore_to"
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.csv"


def rules_of(file: Path, *lines: str, header: str = HEADER) -> AccountRules:
    return parse_account_rules(file, "\n".join([header, *lines, ""]).encode())


def test_only_the_account_id_is_required(file: Path) -> None:
    assert rules_of(file, "a-1", header="account_id").lines == (AccountRule("a-1"),)
    assert rules_of(file, "a-1,,,,").lines == (AccountRule("a-1"),)


def test_columns_stand_in_any_order(file: Path) -> None:
    rules = rules_of(file, "Research,a-1", header="display_name,account_id")

    assert rules.names == {"a-1": "Research"}


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("a-1,,,2026-11-23,2026-11-24", MONDAY, TUESDAY),
        ("a-1,,,2026-11-23,2026-11-23", MONDAY, MONDAY),
        ("a-1,,,2026-11-23,", MONDAY, date.max),
        ("a-1,,,,2026-11-24", date.min, TUESDAY),
    ],
)
def test_ignored_days_include_both_ends_and_may_be_open(file: Path, line: str, first: date, last: date) -> None:
    assert rules_of(file, line).ignored_days == [IgnoredDays("a-1", first, last, "ignored")]


def test_an_account_may_have_several_lines(file: Path) -> None:
    rules = rules_of(file, "new,Research,old-1,,", "new,,old-2,,", "new,Research,,2026-11-23,")

    assert rules.successors == {"old-1": {"new"}, "old-2": {"new"}}
    assert rules.account_ids == {"new", "old-1", "old-2"}


def test_a_replaced_account_does_not_count_from_the_first_day_of_its_successor() -> None:
    rules = AccountRules((AccountRule("new", replaces="old"),))

    assert replaced_days(rules, {"new": TUESDAY}) == [IgnoredDays("old", TUESDAY, date.max, "replaced by new")]
    assert replaced_days(rules, {}) == []


def test_an_account_is_also_replaced_by_the_successor_of_its_successor() -> None:
    rules = AccountRules((AccountRule("b", replaces="a"), AccountRule("c", replaces="b")))

    assert replaced_days(rules, {"b": TUESDAY, "c": MONDAY}) == [
        IgnoredDays("a", MONDAY, date.max, "replaced by c"),
        IgnoredDays("b", MONDAY, date.max, "replaced by c"),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([",Research,,,"], "line 2, column account_id: '' is empty"),
        (["a,,,soon,"], "line 2, column ignore_from: 'soon' is not a date"),
        (["a,,,,2026-13-01"], "line 2, column ignore_to: '2026-13-01' is not a date"),
        (["a,,,2026-11-24,2026-11-23"], "line 2, column ignore_to: '2026-11-23' is before ignore_from"),
        (["a,,a,,"], "line 2, column replaces: 'a' is the account itself"),
        (["a,,b,,", "b,,a,,"], "line 3, column replaces: 'a' replaces this account by an earlier line"),
        (["a,,b,,", "b,,c,,", "c,,a,,"], "line 4, column replaces: 'a' replaces this account by an earlier line"),
        (["a,One,,,", "a,Two,,,"], "line 3, column display_name: 'Two' differs from the name in an earlier line"),
        (["a,One"], "line 2: 2 values for 5 columns"),
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_place(file: Path, lines: list[str], message: str) -> None:
    with pytest.raises(UserFileError) as refused:
        rules_of(file, *lines)

    assert f"{file}, {message}" in str(refused.value)


@pytest.mark.parametrize("header", ["display_name", "account_id,name", "account_id,account_id", ""])
def test_a_header_that_is_wrong_is_refused(file: Path, header: str) -> None:
    with pytest.raises(UserFileError, match=r"line 1: column .* the header must be account_id, besides perhaps"):
        rules_of(file, "a", header=header)
