"""Whatever JSON, or text that is none, a row holds: nothing fails, and each row is in usage, rejected or counted."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from usage_assets_tests.warehouse.any_rows import cases, lines
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

ROWS = 20
ANSWERS = 25  # 500 rows, and 20,000 with `--cases 40`
INTEGRATIONS = ["claude", "openai_codex", "cursor", "confluent", "snowflake"]
answers = st.tuples(*(lines(number) for number in range(ROWS)))


@given(answer=answers, integration=st.sampled_from(INTEGRATIONS))
@cases(ANSWERS)
def test_each_row_is_loaded_or_accounted_for(answer: tuple[bytes, ...], integration: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(Path(folder))
        pipeline.land(answer, account="any", integration=integration)
        pipeline.land([row("good", charge("net", "2"))], account="good", integration=integration)

        pipeline.run()

        assert pipeline.query("select cost from cost where account_id = 'good'") == [(2,)]
        assert pipeline.query("select reason from bookkeeping.windows_set_aside") == []
        assert pipeline.one("select duplicate_rows from loads where account_id = 'any'") == ROWS - len(found(pipeline))


def found(pipeline: Pipeline) -> list[int]:
    """Return the lines of the account `any` that are in usage, rejected or outside their window."""
    lines_found = pipeline.query(
        "select file_row from usage where account_id = 'any' "
        "union all select file_row from rejected_rows where account_id = 'any' "
        "union all select distinct file_row from bookkeeping.outside_rows where account_id = 'any'"
    )
    numbers = sorted(number for (number,) in lines_found)
    assert numbers == sorted(set(numbers))
    return numbers
