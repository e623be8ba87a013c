"""A derivation in a notebook: days, sums, rows, frame, text, and the limit of recomputed rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import usage_assets
from usage_assets.explanation.derivation import InvalidDays
from usage_assets_tests.explanation.conftest import Derive, PipelineProject
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row


@pytest.fixture
def pipeline(pipeline: Pipeline) -> Pipeline:
    """A pipeline of two currencies on one day and one on the next."""
    pipeline.land([row("r1", charge("net", "2")), row("r2", charge("net", "3", "XTS"), charge("tax", "1", "XTS"))])
    pipeline.land([row("r3", charge("net", "0.1"), day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()
    return pipeline


def test_a_notebook_explains_by_the_package(pipeline: Pipeline) -> None:
    derivation = usage_assets.explain("2026-06-10", account="acme", project=PipelineProject(pipeline))

    assert derivation.cost == {"USD": 2, "XTS": 3}
    assert [derived.cost_row.row_id for derived in derivation.rows] == ["r2", "r1"]
    assert derivation.contradictions == ()


def test_currencies_add_up_only_in_usd(pipeline: Pipeline, derive: Derive) -> None:
    assert derive().cost_usd == 2


@pytest.mark.parametrize("day", [DAY, DAY.isoformat(), datetime(2026, 6, 10, 23, tzinfo=UTC)])
def test_a_day_is_a_date_or_text(pipeline: Pipeline, derive: Derive, day: date | str) -> None:
    assert derive(day).cell.first_day == DAY


def test_a_range_sums_its_days(pipeline: Pipeline, derive: Derive) -> None:
    assert derive(DAY, NEXT_DAY).cost["USD"] == Decimal("2.1")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (("10.06.2026",), "'10.06.2026' is not a date: write it as 2026-01-31."),
        ((NEXT_DAY, DAY), "2026-06-10 is before 2026-06-11: put the earlier day first."),
    ],
)
def test_days_that_cannot_be_used_are_refused(derive: Derive, days: tuple[date | str, ...], sentence: str) -> None:
    with pytest.raises(InvalidDays) as raised:
        derive(*days)
    assert str(raised.value) == sentence


def test_a_frame_has_the_row_beside_its_recomputation_and_source(pipeline: Pipeline, derive: Derive) -> None:
    frame = derive().to_frame()

    [first, _] = frame.to_dict("records")
    assert str(frame.dtypes["recomputed_cost"]) == "decimal128(38, 12)[pyarrow]"
    assert {name: first[name] for name in ("row_id", "cost", "recomputed_cost", "tax", "recomputed_tax", "line")} == {
        "row_id": "r2", "cost": 3, "recomputed_cost": 3, "tax": 1, "recomputed_tax": 1, "line": 2,
    }  # fmt: skip


def test_a_frame_without_rows_has_the_same_columns(pipeline: Pipeline, derive: Derive) -> None:
    full, empty = derive().to_frame(), derive(max_rows=0).to_frame()
    assert (list(empty.columns), list(empty.dtypes), len(empty)) == (list(full.columns), list(full.dtypes), 0)


def test_the_text_of_a_derivation_names_no_rows(pipeline: Pipeline, derive: Derive) -> None:
    assert str(derive()).splitlines()[0] == "2026-06-10"
    assert "row id" not in str(derive())


def test_rows_beyond_the_limit_are_summed_and_not_recomputed(pipeline: Pipeline, derive: Derive) -> None:
    derivation = derive(max_rows=1)

    assert (derivation.row_count, len(derivation.rows), derivation.cost["USD"]) == (2, 1, Decimal(2))
    assert "2 cost rows, the costliest 1 recomputed, none with a contradiction; " in str(derivation)
