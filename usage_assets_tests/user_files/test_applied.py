"""Notes by which user files the tables are derived: they count once a run has published."""

from pathlib import Path

from usage_assets.user_files.applied import AppliedFiles


def test_a_note_counts_once_the_run_has_published(tmp_path: Path) -> None:
    applied = AppliedFiles(tmp_path / "warehouse")
    assert applied.published_by("teams.csv") == ""

    applied.note_derived("teams.csv", "abc")
    assert applied.published_by("teams.csv") == ""
    applied.note_published()

    assert applied.published_by("teams.csv") == "abc"


def test_a_file_that_never_existed_leaves_no_note(tmp_path: Path) -> None:
    applied = AppliedFiles(tmp_path)

    applied.note_derived("teams.csv", "")
    applied.note_published()

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_removed_is_noted(tmp_path: Path) -> None:
    applied = AppliedFiles(tmp_path)
    for content in ("abc", ""):
        applied.note_derived("teams.csv", content)
        applied.note_published()

    assert applied.published_by("teams.csv") == ""


def test_each_file_has_its_own_note(tmp_path: Path) -> None:
    applied = AppliedFiles(tmp_path)
    applied.note_derived("teams.csv", "abc")
    applied.note_published()
    applied.note_derived("seats.csv", "def")
    applied.note_published()

    assert [applied.published_by(name) for name in ("teams.csv", "seats.csv")] == ["abc", "def"]
