"""The project that the processes of this folder measure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from usage_assets.project import Project, utc_now
from usage_assets.settings import Settings


def bench_project(folder: Path, url: str, first_day: date) -> Project:
    """Return a project whose data and Dagster instance are in `folder`."""
    settings = Settings(token="bench", base_url=url, data_dir=folder, start_date=first_day, dagster_home=folder)  # noqa: S106 - the server checks none
    return Project(settings, utc_now)
