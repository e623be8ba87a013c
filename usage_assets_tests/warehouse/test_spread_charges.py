"""A total beside rows of its parts counts twice, and is a red check."""

from pathlib import Path
from typing import Any

import pytest

from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, money, row

HOSTS = {"product": {"id": "hosts"}}


def part(kind: str, amount: str, **given: Any) -> dict[str, Any]:
    """Return a row with a single charge."""
    return row(f"{kind} {amount}", charge(kind, amount), **{**HOSTS, **given})


def spread(folder: Path, *rows: dict[str, Any]) -> CheckFindings:
    pipeline = Pipeline(folder)
    pipeline.land(rows)
    pipeline.run()
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, "charges_spread_over_rows", pipeline.profiles, examples=3)


TOTAL = part("total", "100")
PARTS = [part("committed", "60"), part("on_demand", "40")]


@pytest.mark.parametrize(
    ("rows", "affected_rows", "amount"),
    [
        pytest.param([TOTAL, *PARTS], 2, "100", id="a total and its parts"),
        pytest.param([TOTAL, part("on_demand", "100")], 1, "100", id="a total and its only part"),
        pytest.param([part("total", "100.01"), *PARTS], 2, "100", id="but for a cent"),
        pytest.param([part("total", "90"), *PARTS, part("discount", "10")], 3, "90", id="less a discount"),
        pytest.param([part("total", "70"), part("total", "30"), *PARTS], 2, "100", id="two totals"),
        pytest.param([TOTAL, part("total", "5"), *PARTS], 2, "100", id="beside another total"),
        pytest.param([part("net", "100"), *PARTS], 2, "100", id="a net and its parts"),
        pytest.param([part("net", "90"), TOTAL, part("credit", "10")], 2, "90", id="a net beside its total"),
        pytest.param(
            [TOTAL, part("committed", "60", user={"id": "u-1"}), part("on_demand", "40", user={"id": "u-2"})],
            2,
            "100",
            id="a total and the parts of each person",
        ),
        pytest.param(
            [
                part("total", "7", user={"id": "u-1"}),
                part("on_demand", "7", user={"id": "u-1"}),
                part("total", "8", user={"id": "u-2"}),
                part("on_demand", "8", user={"id": "u-2"}),
            ],
            2,
            "15",
            id="a total and its part for each of two persons",
        ),
        pytest.param([part("total", "-100"), part("on_demand", "-100")], 1, "-100", id="a refund"),
    ],
)
def test_a_total_beside_its_parts_is_found_with_the_money_that_counts_twice(
    tmp_path: Path, rows: list[dict[str, Any]], affected_rows: int, amount: str
) -> None:
    findings = spread(tmp_path, *rows)

    assert (findings.count, findings.rows, findings.money) == (1, affected_rows, {"USD": money(amount)})
    assert findings.examples[0]["product_id"] == "hosts"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([part("total", "100"), part("total", "200")], id="totals alone"),
        pytest.param([*PARTS], id="parts alone"),
        pytest.param([row("r1", charge("total", "100"), charge("on_demand", "100"), **HOSTS)], id="in one row"),
        pytest.param([TOTAL, part("on_demand", "30")], id="amounts that do not agree"),
        pytest.param([part("total", "0.004"), part("on_demand", "0.006")], id="small amounts that do not agree"),
        pytest.param([TOTAL, part("on_demand", "100", product={"id": "logs"})], id="another product"),
        pytest.param([TOTAL, part("on_demand", "100", end_date=f"{DAY}T12:00:00Z")], id="another period"),
        pytest.param([TOTAL, row("r", charge("on_demand", "100", "EUR"), **HOSTS)], id="another currency"),
        pytest.param(
            [
                part("total", "7", user={"id": "u-1"}),
                part("total", "8", user={"id": "u-2"}),
                part("on_demand", "7", user={"id": "u-3"}),
            ],
            id="a part that equals the total of somebody else",
        ),
        pytest.param([part("total", "0"), part("on_demand", "0")], id="nothing"),
    ],
)
def test_rows_that_are_no_parts_of_a_total_are_no_finding(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    assert spread(tmp_path, *rows).count == 0
