"""Random numbers computed from keys alone, so any day can be generated independently and repeatedly."""

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

_WORDS = struct.Struct("<16I")

T = TypeVar("T")


class SeededRandom:
    """Generates integers from a hash of its keys, equal in every process and on every machine.

    Args:
        *keys: The seed; equal keys give equal numbers.
    """

    __slots__ = ("_digest", "_words")

    def __init__(self, *keys: object) -> None:
        self._digest = blake2b("|".join(map(str, keys)).encode()).digest()
        self._words = list(_WORDS.unpack(self._digest))

    def below(self, bound: int) -> int:
        """Return a number from 0 to `bound` - 1."""
        if not self._words:
            self._digest = blake2b(self._digest).digest()
            self._words = list(_WORDS.unpack(self._digest))
        word: int = self._words.pop()
        return (word * bound) >> 32

    def between(self, lowest: int, highest: int) -> int:
        """Return a number from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        """Return True with a probability of `percent`."""
        return self.below(100) < percent

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options with equal probability; repeat an option to give it more weight."""
        return options[self.below(len(options))]


def fixed_hex(length: int, *keys: object) -> str:
    """Return `length` hex digits computed from the keys, at most 128."""
    return blake2b("|".join(map(str, keys)).encode()).hexdigest()[:length]


def fixed_uuid(*keys: object) -> str:
    """Return a version 4 UUID computed from the keys."""
    return str(UUID(hex=fixed_hex(32, *keys), version=4))
