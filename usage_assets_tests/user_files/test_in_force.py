"""Which content of a user's file counts: the last good one, until the file is good again or removed."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from usage_assets.user_files.csv_lines import UserFileError, parse_lines
from usage_assets.user_files.in_force import FileInForce, UserFile

GOOD, BETTER, BAD = b"team\nA\n", b"team\nB\n", b"team\n\nA,B\n"
Teams = UserFile[list[str]]


def parse_teams(path: Path, content: bytes) -> list[str]:
    return [line.text("team") for line in parse_lines(path, content, ["team"])]


@pytest.fixture
def file(tmp_path: Path) -> Teams:
    return UserFile(tmp_path / "teams.csv", tmp_path / "in_force" / "teams.csv", parse_teams, [])


def test_without_a_file_nothing_is_in_force(file: Teams, tmp_path: Path) -> None:
    assert file.put_in_force() == FileInForce([])
    assert list(tmp_path.iterdir()) == []


def test_a_good_file_is_in_force_and_copied(file: Teams) -> None:
    file.path.write_bytes(GOOD)

    found = file.put_in_force()

    assert (found.value, found.mistakes, found.sha256) == (["A"], None, sha256(GOOD).hexdigest())
    assert file.copy.read_bytes() == GOOD


def test_a_bad_file_leaves_the_last_good_content_in_force_and_names_its_mistakes(file: Teams) -> None:
    file.path.write_bytes(GOOD)
    file.put_in_force()

    file.path.write_bytes(BAD)
    found = file.put_in_force()

    assert (found.value, found.content) == (["A"], GOOD)
    assert found.mistakes is not None
    assert found.mistakes.sentences == (f"{file.path}, line 3: 2 values for 1 columns, the last is 'B': "
                                        "write one value for each column, or nothing between two commas.",)  # fmt: skip
    assert file.copy.read_bytes() == GOOD


def test_a_bad_file_that_was_never_good_leaves_nothing_in_force(file: Teams) -> None:
    file.path.write_bytes(BAD)

    found = file.put_in_force()

    assert (found.value, found.content, found.sha256) == ([], None, "")
    assert found.mistakes is not None


def test_a_corrected_file_is_in_force_again(file: Teams) -> None:
    for content in (GOOD, BAD, BETTER):
        file.path.write_bytes(content)
        found = file.put_in_force()

    assert (found.value, found.mistakes, file.copy.read_bytes()) == (["B"], None, BETTER)


def test_a_removed_file_leaves_nothing_in_force(file: Teams) -> None:
    file.path.write_bytes(GOOD)
    file.put_in_force()

    file.path.unlink()

    assert file.put_in_force() == FileInForce([])
    assert not file.copy.exists()


def test_a_file_that_cannot_be_read_leaves_the_last_good_content_in_force(file: Teams) -> None:
    file.path.write_bytes(GOOD)
    file.put_in_force()

    file.path.unlink()
    file.path.mkdir()
    found = file.put_in_force()

    assert found.content == GOOD
    assert isinstance(found.mistakes, UserFileError)
    assert str(found.mistakes).startswith(f"{file.path} is no file: remove it")


def test_a_copy_that_this_version_refuses_is_not_in_force(file: Teams) -> None:
    file.copy.parent.mkdir()
    file.copy.write_bytes(BAD)
    file.path.write_bytes(BAD)

    assert file.look().content is None


def test_looking_writes_nothing(file: Teams, tmp_path: Path) -> None:
    file.path.write_bytes(GOOD)

    assert file.look().value == ["A"]
    assert list(tmp_path.iterdir()) == [file.path]


def test_a_file_differs_if_another_content_is_in_force(file: Teams) -> None:
    file.path.write_bytes(GOOD)
    applied = file.put_in_force().sha256

    def differs(content: bytes) -> bool:
        file.path.write_bytes(content)
        return file.differs_from(applied)

    assert [differs(GOOD), differs(BAD), differs(BETTER)] == [False, False, True]
    file.path.unlink()
    assert file.differs_from(applied)
    assert not file.differs_from("")


def test_a_file_that_is_in_force_has_no_mistakes_and_is_not_parsed_again(file: Teams) -> None:
    file.copy.parent.mkdir()
    for path in (file.path, file.copy):
        path.write_bytes(BAD)

    assert file.mistakes() is None


def test_the_mistakes_of_a_bad_file_are_those_that_looking_finds(file: Teams) -> None:
    file.path.write_bytes(BAD)

    assert str(file.mistakes()) == str(file.look().mistakes)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/nowhere/teams.csv")])
def test_a_pipe_and_a_link_to_nothing_leave_the_last_good_content_in_force(
    file: Teams, make: Callable[[Path], None]
) -> None:
    file.path.write_bytes(GOOD)
    file.put_in_force()
    file.path.unlink()
    make(file.path)

    found = file.put_in_force()

    assert (found.content, found.mistakes is None) == (GOOD, False)
    assert file.mistakes() is not None
    assert not file.differs_from(found.sha256)
