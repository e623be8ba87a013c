"""Decide which content of a user's file counts: the present one, or the last good one while the present one is wrong.

A good file is copied when the pipeline reads it. While the file has mistakes, the copy stays in force. Commands that
only look at a file write nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from usage_assets.errors import os_error_sentence
from usage_assets.landing.whole_files import write_whole
from usage_assets.user_files.csv_lines import UserFileError

Value = TypeVar("Value")
NO_CONTENT = ""
"""The sha256 where no content is in force."""


@dataclass(frozen=True)
class FileInForce(Generic[Value]):
    """The content of a user's file that counts.

    Attributes:
        value: The parsed content.
        content: The content, None where no content is in force: there is no file, or it was never good.
        mistakes: The mistakes of the present file, None if it has none. With mistakes, `value` is that of the last good
            content.
    """

    value: Value
    content: bytes | None = None
    mistakes: UserFileError | None = None

    @property
    def sha256(self) -> str:
        """The sha256 of the content, `""` where no content is in force."""
        return NO_CONTENT if self.content is None else sha256(self.content).hexdigest()


@dataclass(frozen=True)
class UserFile(Generic[Value]):
    """A file that the user may write, and the copy of its last good content.

    Attributes:
        path: The file.
        copy: The copy; only the pipeline writes it.
        parse: Parses the content of the file at a path, or raises `UserFileError`.
        without_file: The value where there is no file.
    """

    path: Path
    copy: Path
    parse: Callable[[Path, bytes], Value]
    without_file: Value

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def look(self) -> FileInForce[Value]:
        """Return the content that counts; write nothing."""
        try:
            content = self._content()
            return FileInForce(self.parse(self.path, content), content)
        except FileNotFoundError:
            return FileInForce(self.without_file)
        except OSError as error:
            return self._last_good(UserFileError(os_error_sentence(error)))
        except UserFileError as mistakes:
            return self._last_good(mistakes)

    def mistakes(self) -> UserFileError | None:
        """Return the mistakes of the present file; one that is equal to its copy has none and is not parsed."""
        with suppress(OSError, UserFileError):
            if self._content() == self._copied():
                return None
        return self.look().mistakes

    def put_in_force(self) -> FileInForce[Value]:
        """Return the content that counts; copy a good file, and remove the copy of a file that was removed.

        Raises:
            OSError: The copy cannot be written.
        """
        found = self.look()
        if found.mistakes is None and found.content != self._copied():
            self._replace_copy(found.content)
        return found

    def differs_from(self, content_sha256: str) -> bool:
        """Return whether another content is in force than that of `content_sha256`; an equal file is not parsed."""
        with suppress(OSError, UserFileError):
            if sha256(self._content()).hexdigest() == content_sha256:
                return False
        return self.look().sha256 != content_sha256

    def _content(self) -> bytes:
        """Return the content of the file; a pipe would wait for ever, and a link to nothing is no removed file."""
        if self.path.is_symlink() and not self.path.exists():
            raise UserFileError(f"{self.path} is a link to a file that does not exist: mend or remove the link.")
        if self.path.exists() and not self.path.is_file():
            raise UserFileError(f"{self.path} is no file: remove it, or put a file in its place.")
        return self.path.read_bytes()

    def _replace_copy(self, content: bytes | None) -> None:
        if content is None:
            self.copy.unlink()
        else:
            self.copy.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.copy, content)

    def _last_good(self, mistakes: UserFileError) -> FileInForce[Value]:
        content = self._copied()
        if content is None:
            return FileInForce(self.without_file, None, mistakes)
        try:
            return FileInForce(self.parse(self.copy, content), content, mistakes)
        except UserFileError:  # an earlier version of this program accepted it
            return FileInForce(self.without_file, None, mistakes)

    def _copied(self) -> bytes | None:
        try:
            return self.copy.read_bytes()
        except FileNotFoundError:
            return None
