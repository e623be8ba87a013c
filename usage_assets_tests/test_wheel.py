"""The installed wheel, without a checkout: every command works in an empty folder.

Libraries come from the environment of the tests, so nothing is downloaded.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from usage_assets_tests.checkout import CHECKOUT

BUILD = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
INSTALL = ["install", "--quiet", "--no-deps", "--no-index"]
pytestmark = pytest.mark.long

WAIT_SECONDS = 60.0
REPOSITORIES = "{ repositoriesOrError { ... on RepositoryConnection { nodes { assetNodes { id } } } } }"


@dataclass(frozen=True)
class Installation:
    """An environment with the wheel, and an empty folder configured for a sandbox."""

    python: Path
    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command line in the folder."""
        return subprocess.run(
            [self.python, *command], cwd=self.folder, env=_environment(), capture_output=True, text=True, check=False
        )

    def usage_assets(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the `usage-assets` command in the folder."""
        script = self.python.with_name("usage-assets")
        return subprocess.run(
            [script, *arguments], cwd=self.folder, env=_environment(), capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    files = subprocess.check_output(["git", "ls-files", "usage_assets", "truto_sandbox"], cwd=CHECKOUT, text=True)
    for name in [*files.splitlines(), "pyproject.toml", "README.md", "LICENSE"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((CHECKOUT / name).read_bytes())
    subprocess.run([sys.executable, *BUILD, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel and uses the libraries of the present environment."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    [site_packages] = home.glob("lib/python*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *INSTALL, str(wheel)], check=True, capture_output=True
    )
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return python


@pytest.fixture(scope="module")
def installation(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("folder")
    port = _free_port()
    sandbox = [str(python), "-m", "usage_assets", "sandbox", "--port", str(port), "--accounts", "3", "--users", "3"]
    (folder / ".env").write_text(
        f"TRUTO_API_TOKEN=sandbox\nTRUTO_BASE_URL=http://127.0.0.1:{port}\nUSAGE_BACKFILL_DAYS=5\n"
    )
    with _running(sandbox, folder, f"http://127.0.0.1:{port}/"):
        yield Installation(python, folder)


@pytest.fixture(scope="module")
def synced(installation: Installation) -> Installation:
    done = installation.usage_assets("sync")
    assert done.returncode == 0, done.stderr
    return installation


def test_the_wheel_holds_the_two_packages_with_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {"usage_assets", "truto_sandbox"}
    tracked = subprocess.check_output(["git", "ls-files", "usage_assets", "truto_sandbox"], cwd=CHECKOUT, text=True)
    assert set(tracked.splitlines()) <= set(names)


def test_the_installed_package_is_the_wheels(installation: Installation) -> None:
    done = installation.run("-c", "import usage_assets; print(usage_assets.__file__)")

    assert str(installation.python.parent.parent) in done.stdout


def test_a_sync_keeps_its_data_in_the_working_folder(synced: Installation) -> None:
    assert (synced.folder / "data" / "usage.duckdb").is_file()


@pytest.mark.parametrize("command", [["accounts"], ["doctor"]], ids=["accounts", "doctor"])
def test_a_command_works_in_the_working_folder(synced: Installation, command: list[str]) -> None:
    done = synced.usage_assets(*command)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_published_table_is_read_and_a_figure_explained(synced: Installation) -> None:
    program = "import usage_assets\nframe = usage_assets.read('cost_by_account')\nprint(frame['usage_date'].max())\n"
    read = synced.run("-W", "ignore", "-c", program)
    day = read.stdout.strip()

    explained = synced.usage_assets("explain", "--day", day)

    assert (explained.returncode, explained.stdout.startswith(day)) == (0, True)


def test_dagster_loads_the_definitions_in_the_working_folder(installation: Installation) -> None:
    port = _free_port()
    command = ["-m", "dagster", "dev", "-m", "usage_assets.definitions", "--port", str(port)]
    with _running([str(installation.python), *command], installation.folder, f"http://127.0.0.1:{port}/server_info"):
        answer = _graphql(port, REPOSITORIES)

    [repository] = answer["data"]["repositoriesOrError"]["nodes"]
    assert len(repository["assetNodes"]) > 10


def _graphql(port: int, query: str) -> dict[str, dict[str, dict[str, list[dict[str, list[object]]]]]]:
    """Return the response of the UI after it has loaded the code location."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"})
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as response:
            answer = json.loads(response.read())
        if answer["data"]["repositoriesOrError"].get("nodes") or time.monotonic() > deadline:
            return dict(answer)
        time.sleep(0.5)


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """Run a server until the block ends; the block begins once `url` responds."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _wait_for(url)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer")


def _environment() -> dict[str, str]:
    """Return the environment without the variables of this project, except those that keep it from downloading."""
    own = ("TRUTO_", "USAGE_", "DAGSTER_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**inherited, "USAGE_RATES_URL": "off", "USAGE_PRICES_URL": "off"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
