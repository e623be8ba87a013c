"""Books of one's own, and their explanation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from usage_assets.explain.cell import Cell
from usage_assets.explain.explanation import Explainer
from usage_assets.explain.said import Said
from usage_assets_tests.warehouse.books import DAY, Books

Explain: TypeAlias = Callable[..., list[str]]
SayAll: TypeAlias = Callable[..., list[Said]]


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Empty books of its own for each test."""
    return Books(tmp_path)


@pytest.fixture
def said(books: Books) -> SayAll:
    """Everything that is said about a cell of the books."""
    return saying(books)


@pytest.fixture
def explain(books: Books) -> Explain:
    """The lines about a cell of the books, in which no figures contradict each other, without their indents."""
    return agreeing(books)


def saying(books: Books) -> SayAll:
    """Explains cells of `books`; the day is `DAY` unless another is asked for."""

    def said(most_rows: int | None = None, **asked: Any) -> list[Said]:
        explainer = Explainer(books.warehouse, books.landing, books.profiles, lambda: books.rates)
        return list(explainer.explain(Cell(**{"usage_date": DAY, **asked}), most_rows))

    return said


def agreeing(books: Books) -> Explain:
    """The same, where nothing may contradict."""

    def agreed(most_rows: int | None = None, **asked: Any) -> list[str]:
        lines = saying(books)(most_rows, **asked)
        assert [line.text for line in lines if line.contradicts] == []
        return [line.text.strip() for line in lines]

    return agreed
