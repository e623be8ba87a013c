"""Every cost row of a random company is recomputed without contradictions, and every equation holds."""

from pathlib import Path

import pytest

from usage_assets_tests.explanation.conftest import agreeing
from usage_assets_tests.explanation.test_arithmetic import equations, evaluated
from usage_assets_tests.warehouse.companies import DAYS, PROFILES, land, large_company
from usage_assets_tests.warehouse.pipeline import Pipeline


@pytest.mark.long
def test_every_row_of_a_company_is_explained_without_contradiction(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path, PROFILES)
    for answer in large_company(1, 150).answers:
        land(pipeline, answer)
    pipeline.run()

    lines = [line for day in DAYS for line in agreeing(pipeline)(day)]

    found = [equation for line in lines for equation in equations(line)]
    assert len(found) > 200
    assert [(left, right) for left, right in found if evaluated(left) != right] == []
