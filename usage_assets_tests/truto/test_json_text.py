"""Cutting JSON text into its parts: every valid text is cut as a parser reads it."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.truto.json_text import members_of, parts_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
SPACING = st.sampled_from([{}, {"indent": 2}, {"separators": (" , ", " : ")}, {"ensure_ascii": False}])


@given(st.lists(JSON, max_size=5), SPACING)
def test_the_parts_of_an_array_are_its_elements(elements: list[object], spacing: dict[str, object]) -> None:
    text = json.dumps(elements, **spacing).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]

    assert [json.loads(part) for part in parts_of(text)] == elements


@given(st.dictionaries(st.text(), JSON, max_size=5), SPACING)
def test_the_members_of_an_object_are_its_names_and_values(
    members: dict[str, object], spacing: dict[str, object]
) -> None:
    text = json.dumps(members, **spacing).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]

    assert {json.loads(name): json.loads(value) for name, value in members_of(text)} == members


@given(st.lists(JSON, min_size=1, max_size=4), st.data())
def test_a_truncated_text_is_not_cut(elements: list[object], data: st.DataObject) -> None:
    text = msgspec.json.encode(elements)
    length = data.draw(st.integers(0, len(text) - 1))

    with pytest.raises(ValueError, match=r"truncated|no JSON array"):
        parts_of(text[:length])


@pytest.mark.parametrize(
    "text", [b"", b"<html>", b"1", b"[1}", b"[{]}", b"[1] x", b"[1][2]", b"[,]", b"[1,,2]", b'["a]', b"]"]
)
def test_a_text_that_is_no_array_or_object_is_not_cut(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        parts_of(text)


@pytest.mark.parametrize("text", [b"[1]", b"{1}", b'{"a"}', b'{"a":}', b'{"a" 1}', b"{a:1}"])
def test_a_text_without_named_members_is_no_object(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        members_of(text)
