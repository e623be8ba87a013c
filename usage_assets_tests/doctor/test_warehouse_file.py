"""The warehouse file: absent, valid, damaged, incomplete, and in use."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from rich.filesize import decimal

from usage_assets.doctor.findings import Finding, Level
from usage_assets.doctor.held_locks import warehouse_lock
from usage_assets.project import Project
from usage_assets_tests.doctor.examining import Examine, finding_about
from usage_assets_tests.lock_holder import held_elsewhere

OPEN = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
CRASH = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("set checkpoint_threshold = '1TB'")
connection.execute("insert into loads select * from loads")
connection.execute("create table left_in_the_log as select 1 as number")
os._exit(1)
"""


@pytest.fixture
def project(offline: Project) -> Project:
    """A project whose warehouse has every table."""
    with offline.warehouse.transaction():
        pass
    return offline


@contextmanager
def opened_elsewhere(path: Path) -> Iterator[int]:
    """Open the DuckDB file in a program that does not take the lock; yield its process id."""
    command = [sys.executable, "-c", OPEN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "open\n"
        try:
            yield program.pid
        finally:
            program.kill()


def warehouse_finding(project: Project, examined: Examine) -> Finding:
    return finding_about("warehouse", examined(project))


def amend(project: Project, statement: str) -> None:
    """Change the warehouse file by SQL, outside the program."""
    with duckdb.connect(str(project.settings.warehouse_path)) as connection:
        connection.execute(statement)


def test_an_absent_file_is_ok(offline: Project, examined: Examine) -> None:
    finding = warehouse_finding(offline, examined)
    assert (finding.level, "does not exist yet" in finding.message) == (Level.ok, True)


def test_a_sound_file_is_ok_with_its_size(project: Project, examined: Examine) -> None:
    path = project.settings.warehouse_path
    expected = f"{path} ({decimal(path.stat().st_size)}) opens and has schema version"
    finding = warehouse_finding(project, examined)
    assert (finding.level, finding.message.startswith(expected)) == (Level.ok, True)


def test_a_file_without_tables_is_ok(offline: Project, examined: Examine) -> None:
    duckdb.connect(str(offline.settings.warehouse_path)).close()
    finding = warehouse_finding(offline, examined)
    assert (finding.level, "has no tables yet" in finding.message) == (Level.ok, True)


@pytest.mark.parametrize(
    ("damage", "missing"),
    [
        ("drop table rejected_rows", "rejected_rows"),
        ("drop table bookkeeping.long_spans", "bookkeeping.long_spans"),
        ("alter table cost_by_user drop column user_name", "cost_by_user.user_name"),
    ],
)
def test_a_missing_table_or_column_is_a_failure_with_the_way_out(
    project: Project, examined: Examine, damage: str, missing: str
) -> None:
    amend(project, damage)
    finding = warehouse_finding(project, examined)
    assert (finding.level, f"lacks {missing}: run `usage-assets rebuild`" in finding.message) == (Level.fail, True)


def test_the_file_of_a_newer_program_is_a_failure(project: Project, examined: Examine) -> None:
    amend(project, "update bookkeeping.schema_version set version = 999")
    finding = warehouse_finding(project, examined)
    assert (finding.level, "has schema version 999 and this usage-assets knows" in finding.message) == (
        Level.fail,
        True,
    )


def test_the_file_of_an_older_program_is_ok_and_stays_as_it_is(project: Project, examined: Examine) -> None:
    amend(project, "drop table bookkeeping.schema_version")
    before = project.settings.warehouse_path.read_bytes()
    finding = warehouse_finding(project, examined)
    expected = "has schema version 0; the next run brings its tables up to date"
    assert (finding.level, finding.message.endswith(expected)) == (Level.ok, True)
    assert project.settings.warehouse_path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000])
def test_a_file_that_is_no_database_is_a_failure(offline: Project, examined: Examine, content: bytes) -> None:
    offline.settings.warehouse_path.write_bytes(content)
    finding = warehouse_finding(offline, examined)
    assert (finding.level, "not a valid DuckDB database file" in finding.message) == (Level.fail, True)


@pytest.mark.parametrize("length", [5_000, 20_000])
def test_a_file_that_was_cut_off_is_a_failure(project: Project, examined: Examine, length: int) -> None:
    path = project.settings.warehouse_path
    path.write_bytes(path.read_bytes()[:length])
    finding = warehouse_finding(project, examined)
    assert (finding.level, "usage-assets rebuild" in finding.message) == (Level.fail, True)


def test_a_damaged_file_is_a_failure(project: Project, examined: Examine) -> None:
    path = project.settings.warehouse_path
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    assert warehouse_finding(project, examined).level is Level.fail


def test_a_folder_in_the_place_of_the_file_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.settings.warehouse_path.mkdir()
    assert warehouse_finding(offline, examined).level is Level.fail


def test_a_file_that_a_run_uses_is_ok_and_not_opened(project: Project, examined: Examine) -> None:
    with held_elsewhere(warehouse_lock(project.settings)) as holder:
        finding = warehouse_finding(project, examined)
    assert (finding.level, f"is in use by process {holder.pid}" in finding.message) == (Level.ok, True)


def test_a_file_that_another_program_keeps_open_is_a_failure_with_its_process(
    project: Project, examined: Examine
) -> None:
    with opened_elsewhere(project.settings.warehouse_path) as process:
        finding = warehouse_finding(project, examined)
    assert (finding.level, f"(PID {process})" in finding.message) == (Level.fail, True)
    assert finding.message.endswith(": close that program")


def test_an_examination_does_not_change_the_file_of_a_killed_run(project: Project, examined: Examine) -> None:
    path = project.settings.warehouse_path
    subprocess.run([sys.executable, "-c", CRASH, str(path)], check=False)
    before = {file: file.read_bytes() for file in path.parent.glob("usage.duckdb*")}
    finding = warehouse_finding(project, examined)
    assert finding.level is Level.ok
    assert {file: file.read_bytes() for file in path.parent.glob("usage.duckdb*")} == before
    assert len(before) == 2
