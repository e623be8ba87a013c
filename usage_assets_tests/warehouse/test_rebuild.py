"""A warehouse that is set aside is rebuilt from landing alone."""

from typing import Any

import pytest

from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets_tests.warehouse.pipeline import NEXT_DAY, Pipeline, charge, row

SAME = ("usage", "cost", *AGGREGATES, "prices", "users")


@pytest.fixture
def derived(pipeline: Pipeline) -> Pipeline:
    """Two accounts, a restated window and nothing pending."""
    pipeline.land([row("r1", charge("net", "1")), row("bad", start_date="soon")])
    pipeline.run()
    pipeline.land([row("r1", charge("net", "2"), user={"id": "7"}), row("bad", start_date="soon")])
    pipeline.land([row("r2", charge("net", "3", "EUR"), day=NEXT_DAY)], day=NEXT_DAY, account="other")
    pipeline.run()
    pipeline.publish()
    return pipeline


def contents(pipeline: Pipeline) -> dict[str, list[tuple[Any, ...]]]:
    return {table: pipeline.query(f"from {table} order by all") for table in SAME}


def test_a_new_file_is_filled_with_every_landed_window(derived: Pipeline) -> None:
    before = contents(derived)
    assert derived.landing.pending() == []

    derived.warehouse.set_aside()
    report = derived.run()

    assert (report.windows, report.rejected) == (2, 1)
    assert contents(derived) == before


def test_a_file_with_loads_is_filled_with_pending_windows_only(derived: Pipeline) -> None:
    derived.land([row("r3", charge("net", "1"), day=NEXT_DAY)], day=NEXT_DAY)

    assert derived.run().windows == 1


def test_a_file_that_is_set_aside_is_kept_under_a_free_name(derived: Pipeline) -> None:
    content = derived.warehouse.path.read_bytes()

    first = derived.warehouse.set_aside()
    derived.run()
    second = derived.warehouse.set_aside()

    assert (first.name, second.name) == ("usage.duckdb.1", "usage.duckdb.2")
    assert first.read_bytes() == content
    assert not derived.warehouse.path.exists()


def test_without_a_file_there_is_nothing_to_set_aside(pipeline: Pipeline) -> None:
    with pytest.raises(NothingLoaded):
        pipeline.warehouse.set_aside()
