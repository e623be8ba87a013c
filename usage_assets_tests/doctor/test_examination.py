"""The examination as a whole: every part is examined, nothing is changed, and projects do not mix."""

import subprocess
import sys
from pathlib import Path

from usage_assets.doctor.examination import examine
from usage_assets.doctor.findings import Level
from usage_assets_tests.doctor.examining import Examine, ProjectWith, finding_about


def test_a_sound_project_has_no_failure(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with()
    project.settings.data_dir.mkdir()
    assert [finding for finding in examined(project) if finding.level is Level.fail] == []


def test_an_examination_creates_no_file(project_with: ProjectWith, examined: Examine, tmp_path: Path) -> None:
    examined(project_with())
    assert list(tmp_path.iterdir()) == []


def test_every_part_is_examined_although_others_fail(project_with: ProjectWith, env_file: Path) -> None:
    project = project_with(token=None)
    settings = project.settings
    settings.landing_dir.mkdir(parents=True)
    settings.dagster_home.touch()
    (settings.landing_dir / "origin").write_text("https://elsewhere.example")
    settings.profiles_path.write_text("= broken")
    settings.warehouse_path.write_text("no database")
    manifest = settings.landing_dir / "windows" / "a-1" / "default" / "2026-11-20_2026-11-21.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    failed = [finding.subject for finding in examine(project, env_file) if finding.level is Level.fail]
    assert failed == ["token", "Dagster", "landing", "profiles", "warehouse", "landing files"]


def test_each_project_is_examined_by_its_own_settings(
    project_with: ProjectWith, examined: Examine, tmp_path: Path
) -> None:
    first = project_with(token=None, data_dir=tmp_path / "first")
    second = project_with(token=None, data_dir=tmp_path / "second")
    first.settings.data_dir.mkdir()
    first.settings.profiles_path.write_text("= broken")
    levels = [finding_about("profiles", examined(project)).level for project in (first, second)]
    assert levels == [Level.fail, Level.ok]


def test_dagster_is_not_imported() -> None:
    command = "import sys, usage_assets.doctor.examination; sys.exit('dagster' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
