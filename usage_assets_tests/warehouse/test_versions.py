"""A warehouse file of an earlier program is upgraded with its rows, and a file that cannot be used is refused."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from usage_assets.warehouse.errors import IncompleteWarehouse, NewerWarehouse, NothingLoaded, WarehouseUnreadable
from usage_assets.warehouse.schema import read_columns
from usage_assets.warehouse.stale_days import stale_days
from usage_assets.warehouse.tables import TABLES
from usage_assets.warehouse.versions import current_version, held_version
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

VERSION_0 = Path(__file__).parent / "files" / "version_0.duckdb.zst"
RENAMED = {
    "bookkeeping.load_findings": "bookkeeping.load_doubts",
    "bookkeeping.cost_findings": "bookkeeping.cost_doubts",
    "bookkeeping.user_observations": "bookkeeping.user_sightings",
}
CHANGED = {
    "main.accounts",
    "main.usage",
    "main.cost",
    "main.prices",
    "main.cost_by_meter",
    "bookkeeping.ignored_days",
    "bookkeeping.stale_days",
}
SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
INPUT_PRICE, OUTPUT_PRICE = Decimal(3) / 1_000_000, Decimal(15) / 1_000_000

Rows = list[tuple[Any, ...]]


@pytest.fixture
def old(pipeline: Pipeline) -> Pipeline:
    """A pipeline whose warehouse file has no schema version."""
    pipeline.warehouse.path.write_bytes(zstandard.ZstdDecompressor().decompress(VERSION_0.read_bytes()))
    return pipeline


def rows_of(pipeline: Pipeline) -> dict[str, Rows]:
    """Return every row of every table except the version, read without the program."""
    tables = pipeline.query("select schema_name || '.' || table_name from duckdb_tables() order by all")
    return {name: pipeline.query(f"from {name} order by all") for (name,) in tables if "version" not in name}


def open_for_writing(pipeline: Pipeline) -> None:
    with pipeline.warehouse.transaction():
        pass


def columns(pipeline: Pipeline) -> list[Any]:
    with duckdb.connect(str(pipeline.warehouse.path), read_only=True) as connection:
        return list(read_columns(connection))


def test_an_older_file_keeps_every_row(old: Pipeline) -> None:
    before = rows_of(old)

    open_for_writing(old)

    after = {RENAMED.get(name, name): rows for name, rows in rows_of(old).items()}
    assert sum(map(len, before.values())) > 200
    assert {name: after[name] for name in before if name not in CHANGED} == {
        name: rows for name, rows in before.items() if name not in CHANGED
    }


@pytest.mark.parametrize("table", ["usage", "cost"])
def test_a_table_with_new_columns_keeps_the_figures_of_the_others(old: Pipeline, table: str) -> None:
    before = old.query(f"from {table} order by all")
    [(columns,)] = old.query(f"select list(column_name) from duckdb_columns() where table_name = '{table}'")

    open_for_writing(old)

    assert len(before) > 3
    assert old.query(f"select {', '.join(columns)} from {table} order by all") == before


def test_rows_of_an_older_file_get_their_days_and_meters(old: Pipeline) -> None:
    open_for_writing(old)

    columns = "usage_date, last_day, price_context, meters, is_covered"
    assert old.query(f"select {columns} from usage where row_id = 'spans'") == [
        (date(2025, 10, 1), date(2025, 10, 31), "(none)", [], False)
    ]
    meters = [("input", 2000), ("output", 10)]
    used = [{"part": 1, "model": SONNET["id"], "meter": meter, "quantity": quantity} for meter, quantity in meters]
    assert old.query(f"select {columns} from usage where row_id = 'used'") == [(DAY, DAY, "(none)", used, False)]
    assert old.query("select distinct part, price_context from cost") == [(1, "(none)")]


def test_recorded_prices_of_an_older_file_stay_the_price_of_each_meter(old: Pipeline) -> None:
    before = old.query("from prices order by all")

    open_for_writing(old)

    after = old.query(
        "select provider, model, usage_date, matched_model,"
        " any_value(unit_price) filter (meter = 'input'), any_value(unit_price) filter (meter = 'cache_read'),"
        " any_value(unit_price) filter (meter = 'cache_write'), any_value(unit_price) filter (meter = 'output'),"
        " price_book from prices where price_context = '(none)' group by all order by all"
    )
    assert after == before


def test_an_older_file_gets_the_tables_and_comments_of_a_new_one(old: Pipeline, tmp_path: Path) -> None:
    new = Pipeline(tmp_path / "new")

    open_for_writing(old)
    open_for_writing(new)

    assert columns(old) == columns(new)


def test_reading_upgrades_an_older_file(old: Pipeline) -> None:
    with old.warehouse.reading() as connection:
        assert held_version(connection) == current_version()
        assert connection.execute("select count(*) from bookkeeping.user_observations").fetchall() == [(1,)]


def test_an_upgraded_file_can_be_loaded_derived_and_published(old: Pipeline) -> None:
    old.land([row("bill", charge("net", "7"), user={"id": "7"})])
    old.land([row("next", charge("net", "1", "EUR"), day=NEXT_DAY)], day=NEXT_DAY)
    old.run()
    generation = old.publish()

    costs = "select row_id, sum(cost), count(*) from '{}/cost/2026-06.parquet' group by all order by all"
    used = 2000 * INPUT_PRICE + 10 * OUTPUT_PRICE
    assert duckdb.execute(costs.format(generation)).fetchall() == [
        ("bill", 7, 1), ("next", 1, 1), ("odd", None, 1), ("used", used, 1),
    ]  # fmt: skip
    months = f"select sum(cost), count(*) from '{generation}/cost_by_account/2025-10.parquet'"
    assert duckdb.execute(months).fetchall() == [(31, 31)]
    users = (
        f"select user_key, user_email, cost from '{generation}/cost_by_user/2026-06.parquet' where user_key like '%@%'"
    )
    assert duckdb.execute(users).fetchall() == [("ann@acme.test", "ann@acme.test", 7)]


def test_a_window_that_was_replaced_before_the_upgrade_is_a_restatement_after_it(old: Pipeline) -> None:
    old.derive()

    query = "select currency, rows_before, rows_after, cost_after from restatements where account_id = 'tokens'"
    assert old.query(query) == [("USD", 3, 1, 2000 * INPUT_PRICE + 10 * OUTPUT_PRICE)]


def test_the_file_of_a_newer_program_is_refused(pipeline: Pipeline) -> None:
    open_for_writing(pipeline)
    pipeline.amend("update bookkeeping.schema_version set version = 999")

    refusal = r"usage.duckdb has schema version 999 and this usage-assets knows versions up to \d+: install the newer"
    with pytest.raises(NewerWarehouse, match=refusal):
        open_for_writing(pipeline)
    with pytest.raises(NewerWarehouse, match=refusal), pipeline.warehouse.reading():
        pass


@pytest.mark.parametrize(
    ("damage", "missing"),
    [
        ("drop table cost_by_surface", "lacks cost_by_surface: "),
        ("alter table cost_by_user drop column user_name", "lacks cost_by_user.user_name: "),
        ("drop table bookkeeping.long_spans", "lacks bookkeeping.long_spans: "),
    ],
)
def test_a_part_that_is_missing_is_named_with_the_way_out(pipeline: Pipeline, damage: str, missing: str) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    open_for_writing(pipeline)
    pipeline.amend(damage)

    with pytest.raises(IncompleteWarehouse, match=missing + "run `usage-assets rebuild`, which moves that file aside"):
        pipeline.run()


def test_reading_names_a_part_that_is_missing(pipeline: Pipeline) -> None:
    open_for_writing(pipeline)
    pipeline.amend("drop table cost_by_surface")

    with pytest.raises(IncompleteWarehouse, match="lacks cost_by_surface"), pipeline.warehouse.reading() as connection:
        connection.execute("from cost_by_surface")


def test_a_file_that_is_no_database_is_refused_with_a_sentence(pipeline: Pipeline) -> None:
    pipeline.warehouse.path.write_text("no database" * 1000)

    with pytest.raises(WarehouseUnreadable, match=r"usage.duckdb cannot be opened \(.*\): run `usage-assets rebuild`"):
        open_for_writing(pipeline)


def test_an_error_of_a_statement_stays_what_it_is(pipeline: Pipeline) -> None:
    with pytest.raises(duckdb.BinderException, match="no_such"), pipeline.warehouse.transaction() as connection:
        connection.execute("select no_such from cost")


def test_an_older_file_that_lacks_a_part_is_named_with_the_way_out(old: Pipeline) -> None:
    with duckdb.connect(str(old.warehouse.path)) as connection:
        connection.execute("drop table bookkeeping.load_doubts")

    with pytest.raises(IncompleteWarehouse, match=r"cannot be upgraded from schema version 0 .*load_doubts"):
        open_for_writing(old)


def test_an_upgrade_that_fails_changes_nothing(old: Pipeline) -> None:
    with duckdb.connect(str(old.warehouse.path)) as connection:
        connection.execute("drop table bookkeeping.user_sightings")
    before = rows_of(old)

    with pytest.raises(IncompleteWarehouse):
        open_for_writing(old)

    assert rows_of(old) == before


def test_a_file_without_tables_holds_nothing(pipeline: Pipeline) -> None:
    duckdb.connect(str(pipeline.warehouse.path)).close()

    with pytest.raises(NothingLoaded), pipeline.warehouse.reading():
        pass


def test_an_aggregate_that_a_file_lacks_is_created_and_all_its_days_are_stale(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), surface="cli")])
    pipeline.run()
    pipeline.amend("drop table cost_by_surface")
    pipeline.amend(
        "update bookkeeping.schema_version set tables = list_filter(tables, lambda name: name <> 'cost_by_surface')"
    )

    with pipeline.warehouse.transaction() as connection:
        assert stale_days(connection, "cost_by_surface") == {DAY}
    pipeline.derive()

    assert pipeline.query("select surface, cost from cost_by_surface") == [("cli", 1)]


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_named_with_the_way_out(pipeline: Pipeline, kept: float) -> None:
    pipeline.land([row(f"r{number}", charge("net", "1"), surface="x" * 200) for number in range(5_000)])
    pipeline.run()
    path = pipeline.warehouse.path
    os.truncate(path, int(path.stat().st_size * kept))

    with pytest.raises(WarehouseUnreadable, match=r"run `usage-assets rebuild`"):
        read_everything(pipeline)


def test_a_landing_file_that_is_gone_is_no_damage_of_the_warehouse(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.land([row("r1", charge("net", "2"))])
    for data_file in pipeline.landing.root.glob("windows/*/*/*.zst"):
        data_file.unlink()

    pipeline.run()

    read_everything(pipeline)
    assert pipeline.query("select cost from cost") == [(1,)]


def read_everything(pipeline: Pipeline) -> None:
    with pipeline.warehouse.reading() as connection:
        for table in TABLES:
            connection.execute(f"select count(columns(*)) from {table}").fetchall()
