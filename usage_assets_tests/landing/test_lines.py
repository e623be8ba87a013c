"""Lines read back from a landing file."""

import hashlib
import io

import pytest
import zstandard

from usage_assets.landing.lines import FileLines, lines_of

PAGES = [b'{"id":1}\n{"id":2}\n', b"", b'{"id":3}\n']


def data_file(*pages: bytes) -> bytes:
    return b"".join(zstandard.ZstdCompressor().compress(page) for page in pages)


def read(content: bytes, wanted: list[int]) -> FileLines:
    return lines_of(io.BytesIO(content), wanted)


def test_a_line_is_found_with_its_page() -> None:
    assert read(data_file(*PAGES), [1, 3]).found == {1: (1, b'{"id":1}'), 3: (3, b'{"id":3}')}


@pytest.mark.parametrize("number", [0, 4])
def test_a_line_that_the_file_lacks_is_not_found(number: int) -> None:
    assert read(data_file(*PAGES), [number]).found == {}


def test_the_pages_of_the_whole_file_are_counted() -> None:
    assert read(data_file(*PAGES), [1]).pages == 3


def test_the_hash_is_that_of_the_whole_file() -> None:
    content = data_file(*PAGES)

    assert read(content, [1]).sha256 == hashlib.sha256(content).hexdigest()


def test_a_truncated_file_is_an_error() -> None:
    with pytest.raises(zstandard.ZstdError, match="truncated"):
        read(data_file(*PAGES)[:-3], [1])
