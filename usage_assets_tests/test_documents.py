"""The documents agree with the code: tables and columns, commands, make targets, environment variables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from usage_assets.cli import app
from usage_assets.defs.checks import INVARIANTS
from usage_assets.settings import Settings
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.data_checks import DATA_CHECKS
from usage_assets.warehouse.schema import columns_of
from usage_assets_tests.checkout import CHECKOUT

HEADING = re.compile(r"^## `(\w+)`$", re.MULTILINE)
COLUMN = re.compile(r"^\| `(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)
MEANING = re.compile(r"^\| `(\w+)` \| .+? \| (.+) \|$", re.MULTILINE)
MAKE_CALL = re.compile(r"(?:`|^)make ([a-z][a-z-]*)", re.MULTILINE)
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=", re.MULTILINE)
VARIABLE_ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)

Columns = list[tuple[str, str]]


@pytest.fixture
def variables() -> set[str]:
    return {str(field.alias) for field in Settings.model_fields.values()}


def text_of(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def documented_tables() -> dict[str, Columns]:
    _, *parts = HEADING.split(text_of("docs/tables.md"))
    return {table: COLUMN.findall(section) for table, section in zip(parts[::2], parts[1::2], strict=True)}


def created_tables(path: Path) -> dict[str, Columns]:
    with Warehouse(path).transaction() as connection:
        rows = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'main' order by table_name, ordinal_position"
        ).fetchall()
    tables: dict[str, Columns] = {}
    for table, column, kind in rows:
        tables.setdefault(table, []).append((column, kind))
    return tables


def command_names(command: Any, prefix: str = "usage-assets") -> Iterator[str]:
    for name, inner in command.commands.items():
        if hasattr(inner, "commands"):
            yield from command_names(inner, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def test_every_table_and_column_is_documented_in_order(tmp_path: Path) -> None:
    assert documented_tables() == created_tables(tmp_path / "usage.duckdb")


def test_a_column_means_in_the_documents_what_its_schema_says() -> None:
    _, *parts = HEADING.split(text_of("docs/tables.md"))
    documented = {table: MEANING.findall(text) for table, text in zip(parts[::2], parts[1::2], strict=True)}
    assert documented == {
        table: [(column.name, column.meaning) for column in columns_of(table)] for table in documented
    }


def test_readme_names_every_table(tmp_path: Path) -> None:
    readme = text_of("README.md")
    assert [table for table in created_tables(tmp_path / "usage.duckdb") if f"| `{table}` |" not in readme] == []


def test_readme_names_every_command() -> None:
    commands = list(command_names(typer.main.get_command(app)))
    assert "usage-assets usage list" in commands
    assert [command for command in commands if f"`{command}`" not in text_of("README.md")] == []


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/development.md", "docs/operations.md"]
)
def test_every_make_target_named_exists(document: str) -> None:
    named = set(MAKE_CALL.findall(text_of(document)))
    assert named
    assert named <= set(MAKE_TARGET.findall(text_of("Makefile")))


def test_example_environment_names_every_variable(variables: set[str]) -> None:
    assert sorted(VARIABLE.findall(text_of(".env.example"))) == sorted(variables)


def test_operations_list_every_variable(variables: set[str]) -> None:
    assert sorted(VARIABLE_ROW.findall(text_of("docs/operations.md"))) == sorted(variables)


def test_operations_list_every_check() -> None:
    operations = text_of("docs/operations.md")
    assert [
        check.name for check in [*DATA_CHECKS, *INVARIANTS] if f"| `{check.name}` | `{check.table}` |" not in operations
    ] == []
