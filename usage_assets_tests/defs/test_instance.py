"""One Dagster instance for every program, however it is opened; and a token that changes while programs run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from usage_assets.defs.build import code_location
from usage_assets.defs.sensors import build_new_accounts
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.defs.conftest import ProjectAt

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

# As the daemon opens it: from DAGSTER_HOME.
OPEN_AS_DAGSTER = """
import dagster as dg
with dg.DagsterInstance.get() as instance:
    instance.add_dynamic_partitions("opened", ["daemon"])
    print(*instance.get_dynamic_partitions("opened"))
"""
# As `sync` opens it: from the settings.
OPEN_AS_SYNC = """
import sys
from pathlib import Path
from usage_assets.defs.instance import open_instance
with open_instance(Path(sys.argv[1])) as instance:
    instance.add_dynamic_partitions("opened", ["sync"])
    print(*instance.get_dynamic_partitions("opened"))
"""


def opening(code: str, home: Path, cwd: Path) -> "subprocess.Popen[str]":
    """Open the instance of `home` in another process, whose working folder is `cwd`."""
    environment = {**os.environ, "DAGSTER_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-W", "ignore", "-c", code, str(home)]
    return subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new Dagster home with the project's dagster.yaml."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(CHECKOUT / "dagster.yaml", folder)
    return folder


def test_several_programs_can_make_a_new_instance_at_once(home: Path, tmp_path: Path) -> None:
    started = [opening(code, home, tmp_path) for code in (OPEN_AS_SYNC, OPEN_AS_DAGSTER, OPEN_AS_SYNC)]

    errors = [process.communicate(timeout=60)[1] for process in started]

    assert [process.returncode for process in started] == [0, 0, 0], errors


def test_sync_and_daemon_share_an_instance_from_different_working_folders(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()

    opening(OPEN_AS_SYNC, home, tmp_path).communicate(timeout=60)
    seen, _ = opening(OPEN_AS_DAGSTER, home, tmp_path / "elsewhere").communicate(timeout=60)

    assert set(seen.split()) == {"sync", "daemon"}
    assert not (tmp_path / "elsewhere" / ".dagster").exists()


def test_a_rotated_token_is_taken_without_a_restart(
    instance: dg.DagsterInstance, project_with: ProjectAt, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("TRUTO_API_TOKEN=withdrawn\n")
    sensor = build_new_accounts(code_location(project_with(env_file=env_file)))

    def evaluated() -> object:
        with dg.build_sensor_context(instance=instance) as context:
            return sensor(context)

    refused = evaluated()
    env_file.write_text("TRUTO_API_TOKEN=sandbox\n")

    assert isinstance(refused, dg.SkipReason)
    assert "The account list failed" in (refused.skip_message or "")
    assert isinstance(evaluated(), dg.SensorResult)
