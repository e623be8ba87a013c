"""A row that cannot be read costs that row: the other rows of its window and all other windows are loaded."""

from pathlib import Path
from typing import Any

import pytest

from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.unloadable import MOST_ROWS
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row, tokens

GOOD = row("good", charge("net", "2"))
LARGE = 10**15 - 1


def text(members: str) -> bytes:
    """Return the line of a row with these members."""
    return b'{"id": "bad", "start_date": "2026-06-10", %b}' % members.encode()


def nested(opening: str, closing: str, depth: int) -> bytes:
    return text(f'"usage": {opening * depth}1{closing * depth}')


def check(pipeline: Pipeline, name: str) -> CheckFindings:
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, name, pipeline.profiles, examples=3)


BAD: dict[str, tuple[bytes, str]] = {
    "bytes that are no UTF-8": (text('"surface": "*"').replace(b"*", b"\xff\xfe"), "the row is not UTF-8"),
    "half a pair in raw bytes": (text('"surface": "*"').replace(b"*", b"\xed\xa0\xbd"), "the row is not UTF-8"),
    "NaN": (text('"usage": {"quantity": NaN}'), "the row holds NaN, which is not JSON"),
    "minus Infinity": (text('"usage": {"quantity": -Infinity}'), "the row holds -Infinity, which is not JSON"),
    "nan": (text('"usage": {"quantity": nan}'), "the row is not JSON"),
    "a raw NUL": (text('"surface": "a\x00b"'), "the row holds a NUL character"),
    "a raw control character": (text('"surface": "a\x01b"'), "the row is not JSON"),
    "a raw escape sequence": (text('"surface": "\x1b[31m"'), "the row is not JSON"),
    "a trailing comma": (text('"usage": {"tokens": {"thinking": 5,}}'), "the row is not JSON"),
    "no value": (text('"usage": }'), "the row is not JSON"),
    "no end": (b'{"id": "bad", "usage": {', "the row is not JSON"),
    "text after its end": (text('"usage": {}') + b" x", "the row is not JSON"),
    "two rows": (text('"usage": {}') + b" {}", "the row is not JSON"),
    "a number": (b"5", "the row is not an object"),
    "a list": (b'[{"id": "bad"}]', "the row is not an object"),
    "null": (b"null", "the row is not an object"),
    "no text": (b" ", "the row is not an object"),
    "objects that nest": (nested('{"a":', "}", 980), "the row nests deeper than 100 levels"),
    "lists that nest": (nested("[", "]", 980), "the row nests deeper than 100 levels"),
    "both that nest": (nested('{"a":[', "]}", 490), "the row nests deeper than 100 levels"),
    "nesting with blanks": (nested("[", "] ", 3_000), "the row nests deeper than 100 levels"),
    "nesting of 100,000": (nested("[", "]", 100_000), "the row nests deeper than 100 levels"),
    "17 MB": (text(f'"surface": "{"x" * 17_000_000}"'), "the row has 17,000,056 bytes, and 16,000,000 are the most"),
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline with a window for each case, which has a valid row before and after the bad one."""
    pipeline = Pipeline(Path(tmp_path_factory.mktemp("bad")))
    for number, (bad, _) in enumerate(BAD.values()):
        pipeline.land([GOOD, bad, row("last", charge("net", "3"))], account=f"a{number}", integration="claude")
    pipeline.land([row("only", charge("net", "5"))], account="other", integration="claude")
    pipeline.run()
    return pipeline


@pytest.mark.parametrize(("case", "reason"), [(case, reason) for case, (_, reason) in BAD.items()])
def test_a_bad_row_costs_that_row(loaded: Pipeline, case: str, reason: str) -> None:
    of_case = f"where account_id = 'a{list(BAD).index(case)}'"

    [(found, file_row)] = loaded.query(f"select reason, file_row from rejected_rows {of_case}")
    assert (found.partition(" (")[0], file_row) == (reason, 2)
    assert loaded.query(f"select row_id, file_row from usage {of_case} order by all") == [("good", 1), ("last", 3)]
    assert loaded.query(f"select sum(cost) from cost {of_case}") == [(2 + 3,)]


def test_the_window_of_no_other_account_is_lost(loaded: Pipeline) -> None:
    assert loaded.query("select cost from cost where account_id = 'other'") == [(5,)]
    assert check(loaded, "windows_set_aside").count == 0


def test_bad_rows_of_one_kind_are_one_finding_of_their_window(pipeline: Pipeline) -> None:
    pipeline.land([text(f'"surface": "{"x" * n}", ') for n in range(5)])
    pipeline.load()

    findings = check(pipeline, "rejected_rows")

    assert (findings.count, findings.rows, findings.examples[0]["reason"]) == (1, 5, "the row is not JSON")


def test_the_text_of_a_bad_row_is_kept_without_what_a_terminal_obeys(pipeline: Pipeline) -> None:
    line = b'{"id": "\xff\x00\x1b[31m\xc2\x9b", NaN}'
    pipeline.land([line])

    pipeline.load()

    assert pipeline.query("select row_json from rejected_rows") == [('{"id": "\\xff\\x00\\x1b[31m\\x9b", NaN}',)]


def test_the_text_of_a_very_long_row_is_truncated(pipeline: Pipeline) -> None:
    pipeline.land([text(f'"surface": "{"x" * 17_000_000}"')])

    pipeline.load()

    kept = pipeline.one("select row_json from rejected_rows")
    assert len(kept) < 21_000
    assert kept.endswith("xxx… (17,000,056 bytes)")


# Rows that are repaired, and rows that look bad and are not


def test_half_a_character_is_replaced_and_counted(pipeline: Pipeline) -> None:
    cut = r'{"id": "cut \ud83d", "start_date": "2026-06-10", "surface": "\udc00", "remote_data": {"\ud83d": 1}}'
    pipeline.land([cut, GOOD])

    pipeline.run()

    assert pipeline.query("select row_id, surface from usage order by all") == [("cut �", "�"), ("good", "(none)")]
    assert check(pipeline, "repaired_rows").rows == 1
    assert check(pipeline, "rejected_rows").count == 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\ud83d\ude00", "😀"),
        (r"\\ud83d", r"\ud83d"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("}}}}}}}}}}", "}}}}}}}}}}"),
        (r"a\u0000b", "a\x00b"),
        (r"\u001b[31m", "\x1b[31m"),
        (r"\"\\", '"\\'),
        ("\u2028\x7f\x85", "\u2028\x7f\x85"),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_a_text_that_only_looks_bad_is_loaded_as_it_is(pipeline: Pipeline, written: str, read: str) -> None:
    pipeline.land([text(f'"surface": "{written}"'), GOOD])

    pipeline.run()

    assert pipeline.query("select surface from usage where row_id = 'bad'") == [(read,)]
    assert pipeline.query("select check_name from bookkeeping.load_findings") == []


@pytest.mark.parametrize("digits", [19, 400, 4_300, 4_301, 100_000])
def test_an_integer_of_any_length_costs_at_most_its_row(pipeline: Pipeline, digits: int) -> None:
    number = "9" * digits
    pipeline.land(
        [
            text(f'"usage": {{"quantity": {number}, "tokens": {{"input": {number}, "thinking": {number}}}}}'),
            f'{{"id": {number}, "start_date": "2026-06-10"}}',
            row("amount", charge("net", number)),
            GOOD,
        ]
    )

    pipeline.run()

    assert pipeline.query("select row_id from usage where row_id <> 'amount' and length(row_id) < 9 order by all") == [
        ("bad",),
        ("good",),
    ]
    assert pipeline.query("select row_id from rejected_rows") == [("amount",)] * (digits > 22 or digits == 400)


HOSTILE_NAMES = [
    "",
    "*",
    '"',
    "'",
    "\\",
    "$",
    "$.a",
    ".",
    "a.b",
    "[]",
    "[*]",
    "**",
    "a[0]",
    "#",
    "\x00",
    "\x01",
    "\x1b[31m",
]
HOSTILE_NAMES += [
    "\n",
    "\u2028",
    "é",
    "[/x]",
    "{}",
    "%s",
    ";drop table usage;--",
    "tokens\x00",
    "x" * 10_000,
    "tokens" * 99,
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_the_name_of_a_member_is_only_text(pipeline: Pipeline, name: str) -> None:
    known = {"tokens": {"input": 1}}
    pipeline.land(
        [
            row("r1", usage={**known, name: 5}, remote_data={name: {name: {"tokens": 7}}}),
            row("r2", usage={**known, "tokens": {"input": 1, name: 5}}, remote_data={name: [{name: "tier"}, 5]}),
            row("r3", model={name: 1}, user={name: 1}, product={name: 1}, resources=[{name: 1}], usage={name: {}}),
            {**row("r4", charge("net", "2")), name: 5},
        ],
        integration="claude",
    )

    pipeline.run()

    assert pipeline.one("select count(*) from usage") == 4
    findings = check(pipeline, "unknown_token_fields")
    assert findings.tokens >= 7 + 5
    assert all(example["field"].isprintable() and len(example["field"]) <= 200 for example in findings.examples)


# Rows that only a step of the load refuses


def overflowing(row_id: str) -> dict[str, Any]:
    """Return a valid row whose counts, each below the limit, no column can hold when they are added."""
    return row(row_id, remote_data={"model_breakdown": [{"tokens": {"input": LARGE}}] * 9_300})


def test_a_row_that_a_statement_fails_over_is_found_among_the_others(pipeline: Pipeline) -> None:
    pipeline.land(
        [GOOD, *(row(f"r{n}", usage=tokens(uncached=1)) for n in range(14)), overflowing("odd")], integration="claude"
    )
    pipeline.land([row("only", charge("net", "5"))], account="other", integration="claude")

    report = pipeline.run()

    assert (report.rows, report.rejected) == (1 + 14 + 1, 1)
    [(file_row, reason, row_json)] = pipeline.query("select file_row, reason, row_json from rejected_rows")
    assert (file_row, row_json[:12]) == (16, '{"id":"odd",')
    assert reason.startswith("it cannot be read: ")


def test_two_windows_with_such_rows_are_both_loaded(pipeline: Pipeline) -> None:
    for account in ("first", "second"):
        pipeline.land([GOOD, overflowing("odd"), overflowing("odder")], account=account, integration="claude")

    report = pipeline.run()

    assert (report.rows, report.rejected) == (2, 4)


def test_a_window_of_such_rows_is_set_aside_until_its_content_changes(pipeline: Pipeline) -> None:
    pipeline.land([row("before", charge("net", "2"))], integration="claude")
    pipeline.run()
    pipeline.land([overflowing(f"odd {n}") for n in range(MOST_ROWS + 1)], integration="claude")
    pipeline.land([row("only", charge("net", "5"))], account="other", integration="claude")

    assert pipeline.run().windows == 1
    assert pipeline.query("select row_id, cost from cost order by all") == [("before", 2), ("only", 5)]
    [example] = check(pipeline, "windows_set_aside").examples
    assert (example["account_id"], example["window_start"]) == ("acme", str(DAY))
    assert pipeline.run().windows == 0

    pipeline.land([GOOD], integration="claude")
    assert pipeline.run().windows == 1
    assert pipeline.query("select row_id from usage order by all") == [("good",), ("only",)]
    assert check(pipeline, "windows_set_aside").count == 0


# Damaged landing files


def damage(pipeline: Pipeline, account: str) -> None:
    [data_file] = (pipeline.landing.root / "windows" / account).glob("*/*.zst")
    data_file.write_bytes(data_file.read_bytes()[:-9])


def test_a_damaged_file_is_put_aside_and_the_others_are_loaded(pipeline: Pipeline) -> None:
    for number in range(30):
        pipeline.land([row(f"r{number}", charge("net", "2"))], account=f"a{number}")
    for number in range(25):
        damage(pipeline, f"a{number}")

    pipeline.run()

    assert pipeline.query("select count(*), sum(cost) from cost") == [(5, 5 * 2)]
    assert check(pipeline, "windows_set_aside").count == 25
    assert len(pipeline.landing.quarantined()) == 25 * 2


def test_a_damaged_window_is_loaded_when_it_has_landed_again(pipeline: Pipeline) -> None:
    pipeline.land([GOOD])
    damage(pipeline, "acme")
    pipeline.run()

    pipeline.land([GOOD])
    pipeline.run()

    assert pipeline.query("select row_id from usage") == [("good",)]
    assert check(pipeline, "windows_set_aside").count == 0


# Much at once


@pytest.mark.long
def test_long_rows_among_many_short_ones_fit_in_memory(pipeline: Pipeline) -> None:
    short = [row(f"short {n}", charge("net", "2")) for n in range(10_000)]
    pipeline.land([*short, *(row(f"r{n}", remote_data={"title": f"{n}" * 60_000}) for n in range(1_500))])

    report = pipeline.run()

    assert (report.rows, report.rejected) == (10_000 + 1_500, 0)


@pytest.mark.long
def test_long_rows_fit_in_memory(pipeline: Pipeline) -> None:
    pipeline.land(row(f"r{n}", charge("net", "2"), remote_data={"title": f"{n}" * 60_000}) for n in range(1_500))
    pipeline.land([GOOD], account="other")

    report = pipeline.run()

    assert (report.rows, report.rejected) == (1_500 + 1, 0)
    assert pipeline.one("select sum(cost) from cost") == 2 * 1_501
