"""Options of the whole suite, and where hypothesis keeps its notes: not in the checkout."""

import gc
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

USUAL_EXAMPLES = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cases", type=int, default=1, metavar="N", help="try N times as many random cases")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir()) / "hypothesis"))
    times = config.getoption("--cases")
    # What has to hold before a change lands is the same at every run; looking further is at random.
    settings.register_profile("cases", max_examples=USUAL_EXAMPLES * times, derandomize=times == 1)
    settings.load_profile("cases")


def pytest_unconfigure() -> None:
    # Hypothesis times the collector by a callback that outlives the interpreter's modules, and DuckDB's binding then
    # prints a page about everything it sees as leaked.
    gc.callbacks.clear()
