"""Chance that depends on nothing but its keys, so any day can be drawn alone and again. No state is kept."""

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

_WORDS = struct.Struct("<16I")

T = TypeVar("T")


class Draws:
    """Whole numbers drawn from a hash of the keys, equal in every process and on every machine.

    Args:
        *keys: What the numbers depend on; equal keys give equal numbers.
    """

    __slots__ = ("_digest", "_left")

    def __init__(self, *keys: object) -> None:
        self._digest = blake2b("|".join(map(str, keys)).encode()).digest()
        self._left = list(_WORDS.unpack(self._digest))

    def below(self, bound: int) -> int:
        """A number from 0 up to, not including, `bound`."""
        if not self._left:
            self._digest = blake2b(self._digest).digest()
            self._left = list(_WORDS.unpack(self._digest))
        word: int = self._left.pop()
        return (word * bound) >> 32

    def between(self, lowest: int, highest: int) -> int:
        """A number from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of a hundred draws."""
        return self.below(100) < percent

    def one_of(self, options: Sequence[T]) -> T:
        """One of the options, each as likely; repeat an option to weigh it."""
        return options[self.below(len(options))]


def fixed_hex(length: int, *keys: object) -> str:
    """`length` hex digits that belong to the keys, at most 128."""
    return blake2b("|".join(map(str, keys)).encode()).hexdigest()[:length]


def fixed_uuid(*keys: object) -> str:
    """A UUID that belongs to the keys, in the form of a random one."""
    return str(UUID(hex=fixed_hex(32, *keys), version=4))
