"""Progress on a terminal and elsewhere, and what the operating system's errors read like."""

import errno
import io

import pytest
from rich.console import Console
from rich.progress import Progress as Bars

from usage_assets.errors import os_error_sentence
from usage_assets.terminal import BarProgress, PlainProgress, counted


def test_plain_progress_prints_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    progress = PlainProgress()

    progress.start("fetching windows", 40)
    for _ in range(40):
        progress.advance()

    tenths = [f"fetching windows: {4 * tenth} of 40" for tenth in range(1, 11)]
    assert capsys.readouterr().err.splitlines() == ["fetching windows: 0 of 40", *tenths]


def test_a_phase_of_one_step_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress = PlainProgress()

    progress.start("deriving", 1)
    progress.advance()

    assert capsys.readouterr().err == "deriving\n"


def test_a_new_phase_fills_the_bar_of_the_one_before() -> None:
    bars = Bars(console=Console(file=io.StringIO()))
    progress = BarProgress(bars)

    progress.start("fetching windows", 3)
    progress.advance()
    progress.start("deriving", 1)

    assert [(task.description, task.completed, task.total) for task in bars.tasks] == [
        ("fetching windows", 3, 3),
        ("deriving", 0, 1),
    ]


def test_markup_in_a_note_is_text() -> None:
    printed = io.StringIO()

    BarProgress(Bars(console=Console(file=printed))).note("[/x] [red]claude · acme")

    assert printed.getvalue() == "[/x] [red]claude · acme\n"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.EROFS, "Read-only file system", "/data/x"),
            "/data/x cannot be used: read-only file system; check that path, its permissions and the disk.",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "The operating system refused: no space left on device; check the disk, the permissions and the ports in "
            "use.",
        ),
    ],
)
def test_an_error_of_the_operating_system_is_a_sentence(error: OSError, sentence: str) -> None:
    assert os_error_sentence(error) == sentence


@pytest.mark.parametrize(("number", "text"), [(0, "0 windows"), (1, "1 window"), (2, "2 windows")])
def test_nouns_follow_their_number(number: int, text: str) -> None:
    assert counted(number, "window") == text
