"""Query parameters and their encoding."""

import pytest

from usage_assets.truto import QueryValue, UsageQuery
from usage_assets.truto.query import encode, with_cursor


def test_only_fields_that_are_set_become_parameters() -> None:
    assert UsageQuery(account_id="a-1").parameters() == [("integrated_account_id", "a-1")]


def test_every_documented_parameter_has_its_documented_name() -> None:
    query = UsageQuery(
        account_id="a-1",
        date="2026-11-20",
        start_date="2026-11-20T00:00:00.000Z",
        end_date="2026-11-20T23:59:59.999Z",
        user_id="u-1",
        limit=50,
        next_cursor="c-1",
        response_format="debug",
        key_by="id",
        ignore_limit=True,
        ignore_remote_data=True,
        exclude_fields=("id", "name"),
        remote_query={"foo": "bar"},
        extra={"report_type": "user_cost", "product_ids": ["chat", "code"]},
    )
    assert query.parameters() == [
        ("integrated_account_id", "a-1"),
        ("date", "2026-11-20"),
        ("start_date", "2026-11-20T00:00:00.000Z"),
        ("end_date", "2026-11-20T23:59:59.999Z"),
        ("user_id", "u-1"),
        ("limit", "50"),
        ("next_cursor", "c-1"),
        ("truto_response_format", "debug"),
        ("truto_key_by", "id"),
        ("truto_ignore_limit", "true"),
        ("truto_ignore_remote_data", "true"),
        ("truto_exclude_fields[]", "id"),
        ("truto_exclude_fields[]", "name"),
        ("remote_query[foo]", "bar"),
        ("report_type", "user_cost"),
        ("product_ids[]", "chat"),
        ("product_ids[]", "code"),
    ]


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("", [("p", "")]),
        ("héllo & co", [("p", "héllo & co")]),
        (0, [("p", "0")]),
        (1.5, [("p", "1.5")]),
        (True, [("p", "true")]),
        (False, [("p", "false")]),
        (None, []),
        ([], []),
        (["a", "b"], [("p[]", "a"), ("p[]", "b")]),
        (("a", True), [("p[]", "a"), ("p[]", "true")]),
        ({"bar": "baz"}, [("p[bar]", "baz")]),
        ({"in": ["a", "b"]}, [("p[in][]", "a"), ("p[in][]", "b")]),
        ({"a": {"b": 1}}, [("p[a][b]", "1")]),
    ],
)
def test_a_value_is_encoded_in_the_notation_of_the_api(value: QueryValue, pairs: list[tuple[str, str]]) -> None:
    assert encode({"p": value}) == pairs


def test_a_name_in_list_notation_is_unchanged() -> None:
    assert encode({"product_ids[]": ["a"]}) == [("product_ids[]", "a")]


def test_a_cursor_replaces_the_previous_cursor() -> None:
    assert with_cursor([("next_cursor", "1"), ("limit", "5")], "2") == [("limit", "5"), ("next_cursor", "2")]


def test_an_empty_cursor_is_left_out() -> None:
    assert UsageQuery(account_id="a-1", next_cursor="").parameters() == [("integrated_account_id", "a-1")]
