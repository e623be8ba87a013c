"""Pipeline of one's own, and their explanation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from usage_assets.explain.cell import Cell
from usage_assets.explain.explanation import Explainer
from usage_assets.explain.said import Said
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline

Explain: TypeAlias = Callable[..., list[str]]
SayAll: TypeAlias = Callable[..., list[Said]]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """Empty pipeline of its own for each test."""
    return Pipeline(tmp_path)


@pytest.fixture
def said(pipeline: Pipeline) -> SayAll:
    """Everything that is said about a cell of the pipeline."""
    return saying(pipeline)


@pytest.fixture
def explain(pipeline: Pipeline) -> Explain:
    """The lines about a cell of the pipeline, in which no figures contradict each other, without their indents."""
    return agreeing(pipeline)


def saying(pipeline: Pipeline) -> SayAll:
    """Explains cells of `pipeline`; the day is `DAY` unless another is asked for."""

    def said(most_rows: int | None = None, **asked: Any) -> list[Said]:
        explainer = Explainer(pipeline.warehouse, pipeline.landing, pipeline.profiles, lambda: pipeline.rates)
        return list(explainer.explain(Cell(**{"usage_date": DAY, **asked}), most_rows))

    return said


def agreeing(pipeline: Pipeline) -> Explain:
    """The same, where nothing may contradict."""

    def agreed(most_rows: int | None = None, **asked: Any) -> list[str]:
        lines = saying(pipeline)(most_rows, **asked)
        assert [line.text for line in lines if line.contradicts] == []
        return [line.text.strip() for line in lines]

    return agreed
