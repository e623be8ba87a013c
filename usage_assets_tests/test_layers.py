"""What each layer may reach for: Dagster, the clock and the environment are at the edges only."""

import re
from pathlib import Path

import pytest

from usage_assets_tests.checkout import CHECKOUT

PACKAGE = CHECKOUT / "usage_assets"
DAGSTER = re.compile(r"^\s*(?:import|from) dagster", re.MULTILINE)
PRIVATE_DAGSTER = re.compile(r"^\s*(?:import|from) dagster\._", re.MULTILINE)
CLOCK_OR_ENVIRONMENT = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|os\.environ|os\.getenv|Path\.cwd\(")
WARNING_FILTER = re.compile(r"warnings\.(?:filterwarnings|simplefilter)\(")


def files_with(pattern: re.Pattern[str], folder: Path = PACKAGE) -> set[str]:
    """The Python files of `folder` that match, by their path in the package."""
    files = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    return {str(path.relative_to(PACKAGE)) for path, text in files.items() if pattern.search(text)}


def test_only_defs_and_the_entry_point_import_dagster() -> None:
    assert {name for name in files_with(DAGSTER) if not name.startswith("defs/")} == {"definitions.py"}


def test_only_the_batching_storage_imports_private_parts_of_dagster() -> None:
    assert files_with(PRIVATE_DAGSTER) == {"defs/event_storage.py", "defs/batching_storage.py"}


def test_only_entry_points_read_the_clock_and_the_environment() -> None:
    default_of_the_client = "truto/retry.py"  # a project hands in its own clock

    made_by_dagster = "defs/batching_storage.py"  # from dagster.yaml, in every program that opens the instance

    assert files_with(CLOCK_OR_ENVIRONMENT) == {
        "cli.py",
        "project.py",
        "reading.py",
        default_of_the_client,
        made_by_dagster,
    }


def test_warnings_are_filtered_only_while_definitions_are_built() -> None:
    assert files_with(WARNING_FILTER) == {"defs/build.py"}


@pytest.mark.parametrize("package", ["defs", "explanation", "doctor", "landing", "warehouse"])
def test_the_api_client_knows_nothing_of_the_rest(package: str) -> None:
    uses = re.compile(rf"from usage_assets\.{package}\b")

    assert files_with(uses, PACKAGE / "truto") == set()
