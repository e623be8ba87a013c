"""What the package exports."""

import usage_assets.truto


def test_everything_exported_exists() -> None:
    assert all(hasattr(usage_assets.truto, name) for name in usage_assets.truto.__all__)


def test_exports_are_sorted() -> None:
    assert usage_assets.truto.__all__ == sorted(usage_assets.truto.__all__)


def test_every_error_is_exported() -> None:
    errors = vars(usage_assets.truto.errors).values()
    names = {error.__name__ for error in errors if isinstance(error, type) and issubclass(error, Exception)}
    assert names <= set(usage_assets.truto.__all__)
