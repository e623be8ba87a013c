"""Each aggregate has the columns that its definition names; a dimension is a column of `cost`, or given by rules."""

import pytest

from usage_assets.warehouse.aggregates import AGGREGATES, DIMENSIONS, LABELS, MEASURES
from usage_assets.warehouse.schema import columns_of

SUMMED = {name: table for name, table in AGGREGATES.items() if table.measures == MEASURES}
COUNTED = ["usage_rows", "unpriced_rows", "unconverted_rows"]


@pytest.mark.parametrize("table", SUMMED)
def test_an_aggregate_has_its_key_labels_and_measures(table: str) -> None:
    aggregate = AGGREGATES[table]
    dimensions = [*aggregate.dimensions, *aggregate.labels]

    names = [column.name for column in columns_of(table)]

    assert names == [
        "usage_date", "account_id", "integration", *dimensions, "currency",
        *MEASURES[:6], "provisional_cost", *MEASURES[6:], *COUNTED,
    ]  # fmt: skip


@pytest.mark.parametrize("table", AGGREGATES)
def test_a_key_is_never_null(table: str) -> None:
    required = {column.name for column in columns_of(table) if not column.is_nullable}

    assert required == {*AGGREGATES[table].key, "integration", *(COUNTED if table in SUMMED else [])}


def test_every_dimension_but_those_of_rules_is_a_column_of_cost() -> None:
    assert {*DIMENSIONS} - {column.name for column in columns_of("cost")} == {"team", "cost_centre"}


def test_an_aggregate_uses_dimensions_and_labels_that_the_schema_has() -> None:
    used = {column for aggregate in SUMMED.values() for column in (*aggregate.dimensions, *aggregate.labels)}

    assert used <= {*DIMENSIONS, *LABELS}
