"""An unreadable row is rejected with its reason; the other rows of its window are loaded."""

from pathlib import Path
from typing import Any

import pytest

from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row

GOOD = row("good", charge("net", "2"))

UNREADABLE: dict[str, tuple[dict[str, Any] | str, str]] = {
    "no id": ({**row(), "id": None}, "the row has no id"),
    "a blank id": (row("  "), "the row has no id"),
    "no start": ({**row(), "start_date": None}, "the row has no start_date"),
    "a start that is no date": (row(start_date="yesterday"), "start_date yesterday is not a date"),
    "a start on no calendar": (row(start_date="2026-06-31T00:00:00Z"), "start_date 2026-06-31T00:00:00Z is not a date"),
    "a start that is a number": (row(start_date=5), "start_date 5 is not a date"),
    "an end that is no date": (row(end_date="2026-13-01"), "end_date 2026-13-01 is not a date"),
    "an end before its start": (
        row(end_date="2026-06-09"),
        "end_date 2026-06-09 is before start_date 2026-06-10T00:00:00Z",
    ),
    "a word as amount": (row("r1", charge("net", '"abc"')), "an amount in charges is not a number below 1e22"),
    "not-a-number as amount": (row("r1", charge("net", '"NaN"')), "an amount in charges is not a number below 1e22"),
    "true as amount": (row("r1", charge("net", "true")), "an amount in charges is not a number below 1e22"),
    "false as amount": (row("r1", charge("net", "false")), "an amount in charges is not a number below 1e22"),
    "1e400 as amount": (row("r1", charge("net", "1e400")), "an amount in charges is not a number below 1e22"),
    "null as amount": (row("r1", charge("net", "null")), "an amount in charges is not a number below 1e22"),
    "no amount": (row(charges=[{"type": "net", "currency": "USD"}]), "an amount in charges is not a number below 1e22"),
    "one bad amount among good ones": (
        row("r1", charge("net", "1"), charge("tax", '"abc"')),
        "an amount in charges is not a number below 1e22",
    ),
    "charges that are an object": (row(charges={"amount": 1}), "charges is not a list"),
    "charges that are a text": (row(charges="12 USD"), "charges is not a list"),
    "a charge without currency": (row("r1", charge("net", "1", currency=None)), "a charge has no currency"),
    "a charge of blank currency": (row("r1", charge("net", "1", currency=" ")), "a charge has no currency"),
    "a number for a row": ("5", "the row is not an object"),
    "a text for a row": ('"r1"', "the row is not an object"),
    "a list for a row": ("[1, 2]", "the row is not an object"),
    "null for a row": ("null", "the row is not an object"),
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline with an account for each case, whose window has the unreadable row and then a valid one."""
    pipeline = Pipeline(Path(tmp_path_factory.mktemp("unreadable")))
    for case, (unreadable, _) in UNREADABLE.items():
        pipeline.land([unreadable, GOOD], account=_account_of(case))
    pipeline.load()
    return pipeline


@pytest.mark.parametrize(("case", "reason"), [(case, reason) for case, (_, reason) in UNREADABLE.items()])
def test_an_unreadable_row_is_rejected_and_the_other_row_is_loaded(loaded: Pipeline, case: str, reason: str) -> None:
    of_case = f"where account_id = '{_account_of(case)}'"

    assert loaded.query(f"select reason, file_row from rejected_rows {of_case}") == [(reason, 1)]
    assert loaded.query(f"select row_id from usage {of_case}") == [("good",)]
    assert loaded.query(f"select usage_rows, dropped_rows, duplicate_rows from loads {of_case}") == [(1, 0, 0)]


def test_the_load_report_counts_rejected_rows(pipeline: Pipeline) -> None:
    pipeline.land(["5", GOOD, "null"])

    report = pipeline.load()

    assert (report.windows, report.rows, report.rejected) == (1, 1, 2)


def test_a_rejected_row_is_kept_with_its_text_and_window(pipeline: Pipeline) -> None:
    text = '{"id": "r1", "start_date": "yesterday",  "charges": [{"amount": 1234567890.123456789012}]}'
    pipeline.land([GOOD, text])

    pipeline.load()

    found = pipeline.query("select account_id, window_start, file_row, row_id, row_json from rejected_rows")
    assert found == [("acme", DAY, 2, "r1", text)]


def test_each_rejected_row_of_several_windows_has_its_own_text(pipeline: Pipeline) -> None:
    pipeline.land([GOOD, "5"], account="first")
    pipeline.land([GOOD, GOOD, '"second"'], account="second")
    pipeline.land(['"third"'], account="third", integration="claude")

    pipeline.load()

    found = pipeline.query("select account_id, row_json from rejected_rows order by account_id")
    assert found == [("first", "5"), ("second", '"second"'), ("third", '"third"')]


def test_a_corrected_row_is_no_longer_rejected(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", '"abc"'))])
    pipeline.derive_cost()

    pipeline.land([row("r1", charge("net", "2"))])
    pipeline.derive_cost()

    assert pipeline.query("select reason from rejected_rows") == []
    assert pipeline.query("select row_id, cost from cost") == [("r1", 2)]


@pytest.mark.parametrize("charges", ["null", "[]"])
def test_a_row_without_charges_is_not_rejected(pipeline: Pipeline, charges: str) -> None:
    pipeline.land([f'{{"id": "r1", "start_date": "2026-06-10", "charges": {charges}}}'])

    pipeline.derive_cost()

    assert pipeline.query("select cost, currency, cost_basis from cost") == [(None, "USD", "none")]


def test_the_word_true_outside_an_amount_rejects_nothing(pipeline: Pipeline) -> None:
    pipeline.land([row("true", charge("net", "2"), remote_data={"is_true": True})])

    pipeline.derive_cost()

    assert pipeline.query("select row_id, cost from cost") == [("true", 2)]


def _account_of(case: str) -> str:
    return case.replace(" ", "-")
