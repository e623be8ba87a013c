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

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the text, which a command prints one per line; most errors have one."""
        return (str(self),)


def os_error_sentence(error: OSError) -> str:
    """Return a sentence about an error of the operating system and what to check."""
    reason = (error.strerror or str(error)).lower()
    if error.filename is None:
        return f"The operating system refused: {reason}; check the disk, the permissions and the ports in use."
    return f"{error.filename} cannot be used: {reason}; check that path, its permissions and the disk."


class FileTrouble(UsageAssetsError):
    """A file cannot be read or written, as on a full disk."""


def expected_error(error: UsageAssetsError | OSError) -> UsageAssetsError:
    """Return `error` as an expected error, an error of the operating system with its sentence."""
    return error if isinstance(error, UsageAssetsError) else FileTrouble(os_error_sentence(error))
