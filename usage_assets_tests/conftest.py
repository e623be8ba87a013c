"""Options of the whole suite, and a folder outside the checkout for hypothesis's database."""

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
    # No test reaches out: rates and prices are those of the packages, or come from a server on loopback.
    os.environ.update({"USAGE_RATES_URL": "off", "USAGE_PRICES_URL": "off"})
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir()) / "hypothesis"))
    times = config.getoption("--cases")
    # By default every run tries the same cases, so a failure is reproducible; with `--cases N`, cases are random.
    settings.register_profile("cases", max_examples=USUAL_EXAMPLES * times, derandomize=times == 1)
    settings.load_profile("cases")


def pytest_unconfigure() -> None:
    # Hypothesis registers a garbage collector callback that outlives the interpreter's modules. DuckDB's binding then
    # prints a page of supposed leaks.
    gc.callbacks.clear()
