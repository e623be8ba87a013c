"""`usage-assets allocation check` as a user starts it: what it prints, its exit code, and that it changes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

ANN, BOB = ({"id": name, "email": f"{name}@acme.example"} for name in ("ann", "bob"))
HEADER = "valid_from,user_key,team,cost_centre,share"

Ended = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Ann costs 1 USD on each of two days, Bob 2 EUR on the second, and a row has no cost."""
    pipeline = Pipeline(tmp_path_factory.mktemp("data"))
    pipeline.land([row("a", charge("net", "1"), user=ANN)])
    pipeline.land(
        [
            row("a", charge("net", "1"), day=NEXT_DAY, user=ANN),
            row("b", charge("net", "2", "EUR"), day=NEXT_DAY, user=BOB),
            row("c", day=NEXT_DAY),
        ],
        day=NEXT_DAY,
    )
    pipeline.run()
    return pipeline


def check(pipeline: Pipeline, *arguments: str, rules: list[str] | None = None) -> Ended:
    file = pipeline.folder / "allocation.csv"
    file.unlink(missing_ok=True)
    if rules is not None:
        file.write_text("\n".join([*rules, ""]), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "usage_assets", "allocation", "check", *arguments],
        env={**os.environ, "USAGE_DATA_DIR": str(pipeline.folder), "TRUTO_API_TOKEN": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


def test_each_rule_is_shown_with_what_it_gets_and_what_is_left(pipeline: Pipeline) -> None:
    rules = [
        HEADER,
        f"{NEXT_DAY},ann*,Research,4711,0.25",
        f"{NEXT_DAY},ann*,Platform,,0.75",
        ",ann@acme.example,Old,,",
    ]

    ended = check(pipeline, rules=[*rules, f"{NEXT_DAY},ann@acme*,Never,,", ",eve*,Nobody,,"])

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        f"{pipeline.folder / 'allocation.csv'}: 4 rules, on the cost of {DAY} to {NEXT_DAY}",
        "",
        f"lines 2 to 3: user_key ann*, from {NEXT_DAY}",
        "  team Research, cost centre 4711, share 0.25: 1 row, 0.25 USD",
        "  team Platform, share 0.75: 1 row, 0.75 USD",
        "",
        "line 4: user_key ann@acme.example",
        "  team Old: 1 row, 1 USD",
        "",
        f"line 5: user_key ann@acme*, from {NEXT_DAY}",
        "  team Never: nothing",
        "  it never matches: the rule of line 2 comes first and matches all that it matches",
        "",
        "line 6: user_key eve*",
        "  team Nobody: nothing",
        "  it never matches: no cost has these values on these days",
        "",
        "of no team: 2 rows, 2 EUR",
        "  account_id acme, integration confluent, provider confluent, user_key bob@acme.example: 1 row, 2 EUR",
        "  account_id acme, integration confluent, provider confluent: 1 row, no cost",
        "",
        "all teams together: 2 EUR and 2 USD; without rules: 2 EUR and 2 USD; equal",
        f"2 days ({DAY} to {NEXT_DAY}) will change when these rules are derived",
    ]


def test_a_rule_whose_cost_several_earlier_rules_take_says_so(pipeline: Pipeline) -> None:
    ended = check(pipeline, rules=["user_key,team", "ann*,A", "bob*,B", "*@acme.example,Literal", "(none),N", ",Rest"])

    assert (
        "line 6: everything\n  team Rest: nothing\n  it never matches: earlier rules match all the cost that it matches"
        in (ended.stdout)
    )
    assert "of no team: nothing\n" in ended.stdout


def test_the_document_has_the_same_figures(pipeline: Pipeline) -> None:
    ended = check(pipeline, "--json", rules=["user_key,team,share", "ann*,A,0.5", "ann*,B,0.5"])

    document = json.loads(ended.stdout)
    [rule] = document["rules"]
    assert (rule["conditions"], rule["state"], rule["valid_from"]) == ({"user_key": "ann*"}, "matches", None)
    assert [(share["line"], share["team"], share["rows"], share["cost"]) for share in rule["shares"]] == [
        (2, "A", 2, {"USD": "1"}),
        (3, "B", 2, {"USD": "1"}),
    ]
    assert document["with_rules"] == document["without_rules"] == {"EUR": "2", "USD": "2"}
    assert document["unallocated"] == {"rows": 2, "cost": {"EUR": "2"}}
    assert document["changed_days"] == [str(DAY), str(NEXT_DAY)]


def test_mistakes_are_all_named_and_end_with_two(pipeline: Pipeline) -> None:
    ended = check(pipeline, rules=["user_key,team,share", "ann,,", "bob,A,half"])

    assert (ended.returncode, ended.stdout) == (2, "")
    assert [line.split(": ")[0].rpartition("/")[2] for line in ended.stderr.splitlines()] == [
        "allocation.csv, line 2, column team",
        "allocation.csv, line 3, column share",
    ]


def test_without_a_file_everything_is_of_no_team(pipeline: Pipeline) -> None:
    ended = check(pipeline)

    assert ended.returncode == 0
    assert "there is no such file, so there is no rule" in ended.stdout
    assert "of no team: 4 rows, 2 EUR and 2 USD" in ended.stdout
    assert "no day changes" in ended.stdout


def test_nothing_is_changed(pipeline: Pipeline) -> None:
    rules = ["team", "A"]
    check(pipeline, rules=rules)
    before = files_of(pipeline.folder)

    check(pipeline, rules=rules)

    assert files_of(pipeline.folder) == before
    assert not (pipeline.folder / "warehouse" / "in_force").exists()


def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path) -> None:
    ended = check(Pipeline(tmp_path), rules=["team", "A"])

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "holds no usage yet: run `usage-assets sync` first" in ended.stderr


def test_a_team_cannot_control_the_terminal(pipeline: Pipeline) -> None:
    ended = check(pipeline, rules=["team", "\x1b[31mred"])

    assert "\x1b" not in ended.stdout
    assert "team [31mred: 4 rows" in ended.stdout


def test_a_rule_that_begins_after_the_last_day_is_not_said_to_match_nothing(pipeline: Pipeline) -> None:
    ended = check(pipeline, rules=[HEADER, "2027-01-01,ann*,Research,,"])

    assert "it begins on 2027-01-01, after the last day with cost" in ended.stdout
    assert "never matches" not in ended.stdout
