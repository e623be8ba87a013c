"""Examine the user's configuration: settings, token, Dagster's home, and the user's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from usage_assets.doctor.data_folder import obstacle
from usage_assets.doctor.findings import Finding, fail, ok, shown_address, warn
from usage_assets.integrations.profiles import load_profiles
from usage_assets.settings import Settings
from usage_assets.user_files.in_force import UserFile


def settings_findings(settings: Settings, env_file: Path) -> list[Finding]:
    """Return a finding with the origin of the settings, the API and the data folder."""
    source = f"the environment and {env_file}" if env_file.is_file() else f"the environment; there is no {env_file}"
    return [
        ok("settings", f"read from {source}"),
        ok("settings", f"the API is {shown_address(settings.base_url)}, the data folder {settings.data_dir}"),
    ]


def token_finding(settings: Settings) -> Finding:
    """Return a finding that the token is set, without showing it.

    Raises:
        SettingsError: The token is not set.
    """
    settings.required_token()
    return ok("token", "TRUTO_API_TOKEN is set")


def dagster_finding(home: Path) -> Finding:
    """Return whether Dagster's home has a `dagster.yaml`. Without it, Dagster stores its data in `home` by default."""
    if (home / "dagster.yaml").is_file():
        return ok("Dagster", f"{home} has a dagster.yaml")
    if (blocked := obstacle(home)) is not None:
        unwritable = f"{home} has no dagster.yaml and cannot be written to, because of {blocked}"
        return fail("Dagster", f"{unwritable}: correct its permissions, or set DAGSTER_HOME to another folder")
    return ok("Dagster", f"{home} has no dagster.yaml, so Dagster's defaults apply; derive runs wait for each other")


def profiles_finding(path: Path) -> Finding:
    """Return whether the user's own profiles at `path` apply.

    Raises:
        ProfileError: The file cannot be read.
    """
    load_profiles(path)
    if path.exists():
        return ok("profiles", f"{path} overrides the shipped profiles")
    return ok("profiles", f"the shipped profiles only; there is no {path}")


def user_file_finding(subject: str, path: Path, read: Callable[[Path], object], shipped: str) -> Finding:
    """Return whether the user's own CSV file applies.

    Args:
        subject: The subject of the finding.
        path: The file.
        read: Reads the file and raises `UserFileError` if it is invalid.
        shipped: The name of the values that apply where the file has no line.

    Raises:
        UserFileError: The file cannot be read.
    """
    if not path.exists():
        return ok(subject, f"{shipped} only; there is no {path}")
    read(path)
    return ok(subject, f"{path} overrides {shipped}")


def file_in_force_findings(file: UserFile[Any]) -> list[Finding]:
    """Return whether the user's file counts: each of its mistakes, and what counts instead while it has any."""
    found = file.look()
    if found.mistakes is None:
        return [ok(file.name, f"{file.path} is in force" if found.content is not None else f"there is no {file.path}")]
    instead = "nothing" if found.content is None else f"its last good content, {file.copy},"
    mistakes = [fail(file.name, sentence.rstrip(".")) for sentence in found.mistakes.sentences]
    return [*mistakes, warn(file.name, f"{instead} counts until {file.path} is corrected")]
