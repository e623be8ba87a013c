"""The sentence that says through which day figures are complete."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from usage_assets.completeness import CoverageSpan
from usage_assets.completeness_report import accounts_behind, completeness_sentence
from usage_assets.integrations.windows import Window
from usage_assets_tests.warehouse.pipeline import account


def november(day: int) -> date:
    return date(2026, 11, day)


def days(state: str, first: int, last: int, reason: str | None = None) -> CoverageSpan:
    return CoverageSpan(Window(november(first), november(last) + timedelta(days=1)), state, reason)


def sentence(coverage: dict[str, list[CoverageSpan]], **given: Any) -> str:
    accounts = [account(name, name=name, **given) for name in coverage]
    return completeness_sentence(coverage, accounts, set(coverage))


COMPLETE = [days("provisional", 1, 25), days("not_ready", 26, 27)]
FASTER = [days("provisional", 1, 27)]


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        ({"a": FASTER, "b": COMPLETE}, "Complete through 2026-11-25."),
        (
            {"a": COMPLETE, "b": [days("final", 1, 20), days("failed", 21, 27, "Its token was refused.")]},
            "Complete through 2026-11-25; b only through 2026-11-20 (Its token was refused).",
        ),
        (
            {"a": COMPLETE, "b": [days("final", 1, 9), days("missing", 10, 11), days("final", 12, 27)]},
            "Complete through 2026-11-25; b only through 2026-11-09 (2026-11-10 to 2026-11-11 is missing).",
        ),
        (
            {"b": [days("missing", 10, 10, "its status is needs_reauth"), days("final", 11, 27)]},
            "No account is complete; b without 2026-11-10 (its status is needs_reauth).",
        ),
        ({}, ""),
    ],
    ids=["the slowest lag", "a failure", "a gap", "the first day", "no history"],
)
def test_the_sentence_names_the_day_and_the_accounts_behind(coverage: dict[str, list[CoverageSpan]], said: str) -> None:
    assert sentence(coverage) == said


def test_five_accounts_are_named_and_the_others_counted() -> None:
    behind = [days("final", 1, 20), days("failed", 21, 27, "no answer")]

    said = sentence({f"a{number}": behind for number in range(8)})

    assert said.count("(no answer)") == 5
    assert said.endswith("; 3 more accounts are incomplete.")


def test_a_deleted_account_is_not_behind() -> None:
    deleted = account("a", deleted_at=datetime(2026, 11, 20, tzinfo=UTC))

    assert accounts_behind({"a": [days("missing", 1, 2)]}, [deleted]) == []
