"""The people of a company; a person is the same in every account of the company. Vendors assign their own ids.

The names are listed here so that a name depends on a person's number alone. Faker generates names in sequence: it
needs a seed for each person (0.14 ms), repeats names, and takes 0.2 s and 25 MB to load.
"""

from dataclasses import dataclass
from functools import lru_cache

from truto_sandbox.seeded_random import SeededRandom

_FIRST_NAMES = """
Ada Alan Amara Anders Anya Arjun Beatriz Bilal Carla Chen Daria David Elena Emeka Farah Felix Grace Hana Hugo Ines
Ivan Jamal Jonas Kaito Lena Liam Maya Mina Nadia Noah Olga Omar Priya Quinn Rosa Sana Tomas Uma Viktor Yara
"""
_LAST_NAMES = """
Abe Adeyemi Almeida Andersson Bauer Becker Bianchi Brooks Castillo Chaudhry Costa Dubois Eriksen Evans Fischer Garcia
Gupta Haddad Hansen Hughes Ibrahim Ito Jansen Kaur Kim Kowalski Lange Laurent Lopez Martin Meyer Moreau Nakamura Novak
Nguyen Okafor Olsen Park Patel Petrov Reyes Rossi Sato Schmidt Silva Singh Tanaka Virtanen Weber Zhou
"""
_FIRST, _LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()
_NAME_COUNT = len(_FIRST) * len(_LAST)
_STRIDE = 1237  # coprime with the number of names, so the first 2,000 people have different names


@dataclass(frozen=True, slots=True)
class Person:
    """A person who uses the tools; `email` is None for people whose e-mail the vendors do not report."""

    index: int
    first_name: str
    last_name: str
    email: str | None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@lru_cache(maxsize=100_000)
def person(seed: int, tenant: str, index: int) -> Person:
    """Return person number `index` of a company; one in eight has no e-mail."""
    offset = SeededRandom(seed, tenant, "names").below(_NAME_COUNT)
    position = (offset + index * _STRIDE) % _NAME_COUNT
    first, last = _FIRST[position % len(_FIRST)], _LAST[position // len(_FIRST)]
    namesakes = index // _NAME_COUNT
    mailbox = f"{first}.{last}{namesakes or ''}".lower()
    has_email = SeededRandom(seed, tenant, "e-mail", index).below(8) > 0
    return Person(index, first, last, f"{mailbox}@{tenant}.example" if has_email else None)
