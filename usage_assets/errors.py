"""The root of every expected error. A command prints its text as one sentence and ends with its exit code."""

from typing import ClassVar

FAILED, WRONG_CALL = 1, 2


class UsageAssetsError(Exception):
    """An expected failure.

    Its text is one sentence: what happened, to which account and window, what to do next.

    Attributes:
        exit_code: The exit code of a command that ends with this error: 1 for a failure, 2 for a wrong call.
        is_permanent: Whether a retry fails until somebody acts.
    """

    exit_code: ClassVar[int] = FAILED
    is_permanent: ClassVar[bool] = False
