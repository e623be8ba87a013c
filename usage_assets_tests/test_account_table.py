"""The table of `usage-assets accounts`."""

import io
from datetime import date
from pathlib import Path

from rich.console import Console

from usage_assets.account_table import account_table
from usage_assets.completeness import CoverageSpan
from usage_assets.integrations.windows import Window
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, account, charge, row


def cells(pipeline: Pipeline, coverage: dict[str, list[CoverageSpan]]) -> list[str]:
    """Return the cells of the only account."""
    out = io.StringIO()
    Console(file=out, width=200).print(account_table(pipeline.published, [account("acme", name="Acme")], coverage))
    [line] = [line for line in out.getvalue().splitlines() if "Acme" in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_an_account_is_shown_with_the_day_up_to_which_it_is_complete(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path)
    pipeline.land([row("r1", charge("net", "5"))])
    pipeline.run()
    pipeline.publish()
    spans = [
        CoverageSpan(Window(DAY, date(2026, 6, 18)), "provisional"),
        CoverageSpan(Window(date(2026, 6, 18), date(2026, 6, 20)), "not_ready"),
    ]

    assert cells(pipeline, {"acme": spans})[3:] == [str(DAY), str(DAY), "2026-06-17", "1", "5.00 USD"]


def test_an_account_without_a_complete_day_has_a_blank(tmp_path: Path) -> None:
    spans = [CoverageSpan(Window(DAY, NEXT_DAY), "missing")]

    assert cells(Pipeline(tmp_path), {"acme": spans})[3:] == ["", "", "", "", ""]
