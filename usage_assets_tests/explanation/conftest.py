"""A pipeline for each test, and functions that explain its figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest

from usage_assets.explanation.derivation import Derivation, explain
from usage_assets.explanation.lines import lines_of_derivation
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.store import Landing
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.warehouse.connection import Warehouse
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline

Derive: TypeAlias = Callable[..., Derivation]
Lines: TypeAlias = Callable[..., list[str]]


@dataclass(frozen=True)
class PipelineProject:
    """The parts of a pipeline that a derivation reads."""

    pipeline: Pipeline

    @property
    def warehouse(self) -> Warehouse:
        return self.pipeline.warehouse

    @property
    def landing(self) -> Landing:
        return self.pipeline.landing

    @property
    def profiles(self) -> Profiles:
        return self.pipeline.profiles

    @property
    def exchange_rates(self) -> ExchangeRates:
        return self.pipeline.rates

    def account_id(self, name: str) -> str:
        return name


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An empty pipeline."""
    return Pipeline(tmp_path)


@pytest.fixture
def derive(pipeline: Pipeline) -> Derive:
    """Return the derivation of a figure, by default of `DAY`."""
    return deriving(pipeline)


@pytest.fixture
def explained(pipeline: Pipeline) -> Lines:
    """Return the lines of a derivation without contradictions, with all rows and without indents."""
    return agreeing(pipeline)


def deriving(pipeline: Pipeline) -> Derive:
    """Return a function that derives figures of `pipeline`."""

    def derived(day: date | str = DAY, last_day: date | str | None = None, **filters: str | int | None) -> Derivation:
        return explain(day, last_day, project=PipelineProject(pipeline), **filters)  # type: ignore[arg-type]  # has only the parts that `explain` reads

    return derived


def agreeing(pipeline: Pipeline) -> Lines:
    """Return a function that explains figures of `pipeline` and asserts that they have no contradictions."""

    def written(
        day: date | str = DAY, last_day: date | str | None = None, *, shown: int | None = None, **filters: str
    ) -> list[str]:
        derivation = deriving(pipeline)(day, last_day, **filters)
        assert derivation.contradictions == ()
        return [line.strip() for line in lines_of_derivation(derivation, shown)]

    return written


def contradicting_lines(derivation: Derivation, shown: int | None = None) -> list[str]:
    """Return the contradictions among the lines of a derivation."""
    return [line.strip() for line in lines_of_derivation(derivation, shown) if "CONTRADICTION" in line]
