"""The names that the package exports."""

import usage_assets.truto


def test_every_exported_name_exists() -> None:
    assert all(hasattr(usage_assets.truto, name) for name in usage_assets.truto.__all__)


def test_exports_are_sorted() -> None:
    assert usage_assets.truto.__all__ == sorted(usage_assets.truto.__all__)


def test_every_error_is_exported() -> None:
    errors = vars(usage_assets.truto.errors).values()
    names = {
        error.__name__
        for error in errors
        if isinstance(error, type) and issubclass(error, usage_assets.truto.TrutoError)
    }
    assert names <= set(usage_assets.truto.__all__)
