"""Every cost row of a random company, reckoned anew: nothing contradicts the tables, every equation holds."""

from pathlib import Path

from usage_assets.explain.cell import Cell
from usage_assets.explain.explanation import Explainer
from usage_assets_tests.explain.test_arithmetic import equations, evaluated
from usage_assets_tests.warehouse.companies import DAYS, PROFILES, land, large_company
from usage_assets_tests.warehouse.pipeline import Pipeline


def test_every_row_of_a_company_is_explained_without_contradiction(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path, PROFILES)
    for answer in large_company(1, 150).answers:
        land(pipeline, answer)
    pipeline.run()
    explainer = Explainer(pipeline.warehouse, pipeline.landing, PROFILES, lambda: pipeline.rates)

    said = [line for day in DAYS for line in explainer.explain(Cell(day))]

    assert [line.text for line in said if line.contradicts] == []
    found = [one for line in said for one in equations(line.text)]
    assert len(found) > 200
    assert [(left, right) for left, right in found if evaluated(left) != right] == []
