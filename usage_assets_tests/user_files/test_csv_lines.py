"""CSV files of users: every mistake is named, and what spreadsheets write is read."""

from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.user_files.csv_lines import Line, UserFileError, parse_lines

FILE = Path("teams.csv")


def lines(content: bytes) -> list[Line]:
    return list(parse_lines(FILE, content, ["team", "share"], optional=["note"]))


def values(content: bytes) -> list[list[str]]:
    return [list(line.values.values()) for line in lines(content)]


def mistakes(content: bytes) -> tuple[str, ...]:
    with pytest.raises(UserFileError) as refused:
        for line in parse_lines(FILE, content, ["team", "share"], optional=["note"]):
            line.text("team")
            line.decimal("share", decimals=2)
    return refused.value.sentences


def test_two_mistakes_of_one_line_are_both_named() -> None:
    assert mistakes(b"team,share\n,x\n") == (
        "teams.csv, line 2, column team: '' is empty: fill it in or delete the line.",
        "teams.csv, line 2, column share: 'x' is not a number of zero or more: write plain digits as in 1.25, without "
        "sign or comma.",
    )


def test_mistakes_of_several_lines_are_all_named() -> None:
    named = mistakes(b"team,share\n,1\na,1,2\nb,\n")

    assert [sentence.split(":")[0] for sentence in named] == [
        "teams.csv, line 2, column team",
        "teams.csv, line 3",
        "teams.csv, line 4, column share",
    ]


def test_of_many_mistakes_twenty_are_named_and_the_others_counted() -> None:
    named = mistakes(b"team,share\n" + b",1\n" * 25)

    assert len(named) == 21
    assert named[-1] == "teams.csv has 5 more mistakes: mend the first 20."


def test_every_unknown_column_is_named() -> None:
    named = mistakes(b"team,share,colour,size\n")

    assert ["colour" in named[0], "size" in named[1]] == [True, True]


def test_a_column_is_named_once_for_a_line() -> None:
    line = next(parse_lines(FILE, b"team,share\na,x\n", ["team", "share"]))

    line.decimal("share", decimals=2)
    line.reject("share", "is of another kind")

    assert len(line.mistakes.sentences) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'team,share\r\n"a, b",0.5\r\n',
        b'\xef\xbb\xbfteam,share\n"a, b",0.5\n',
        b"team;share\na, b;0.5\n",
        b'team , share\n " a, b" ,0.5\n\n  ,\n'.replace(b' "', b'"').replace(b'" ,', b'",'),
    ],
    ids=["crlf", "byte order mark", "semicolons", "blanks and empty lines"],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert values(content) == [["a, b", "0.5", ""]]


def test_an_open_quote_is_named_with_its_line() -> None:
    assert mistakes(b'team,share\na,1\n"b,1\n') == (
        "teams.csv, line 3: not readable as CSV (unexpected end of data), check quotes and commas.",
    )


def test_a_hundred_thousand_lines_are_read() -> None:
    assert sum(line.decimal("share", decimals=1) for line in lines(b"team,share\n" + b"a,0.5\n" * 100_000)) == (
        100_000 * Decimal("0.5")
    )
