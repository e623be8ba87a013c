"""Text from the API, made safe to show."""

import pytest

from usage_assets.truto.display_text import single_line, truncate


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n\ttwo\r\nthree", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07bell", "]0;titlebell"),
        ("left\u202eright", "leftright"),
        ("née Zoë 日本", "née Zoë 日本"),
    ],
)
def test_a_text_becomes_a_single_line_without_control_characters(text: str, line: str) -> None:
    assert single_line(text) == line


def test_a_text_within_the_length_is_unchanged() -> None:
    assert truncate("abcde", 5) == "abcde"


def test_a_longer_text_is_truncated_to_the_length() -> None:
    assert truncate("abcdef", 5) == "abcd…"
