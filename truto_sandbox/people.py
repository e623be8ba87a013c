"""Who works in a company: the same person in every account of it. Vendors give them ids of their own."""

from dataclasses import dataclass
from functools import lru_cache

from truto_sandbox.draws import Draws

_FIRST = (
    "Ada",
    "Alan",
    "Amara",
    "Anders",
    "Anya",
    "Arjun",
    "Beatriz",
    "Bilal",
    "Carla",
    "Chen",
    "Daria",
    "David",
    "Elena",
    "Emeka",
    "Farah",
    "Felix",
    "Grace",
    "Hana",
    "Hugo",
    "Ines",
    "Ivan",
    "Jamal",
    "Jonas",
    "Kaito",
    "Lena",
    "Liam",
    "Maya",
    "Mina",
    "Nadia",
    "Noah",
    "Olga",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sana",
    "Tomas",
    "Uma",
    "Viktor",
    "Yara",
)
_LAST = (
    "Abe",
    "Adeyemi",
    "Almeida",
    "Andersson",
    "Bauer",
    "Becker",
    "Bianchi",
    "Brooks",
    "Castillo",
    "Chaudhry",
    "Costa",
    "Dubois",
    "Eriksen",
    "Evans",
    "Fischer",
    "Garcia",
    "Gupta",
    "Haddad",
    "Hansen",
    "Hughes",
    "Ibrahim",
    "Ito",
    "Jansen",
    "Kaur",
    "Kim",
    "Kowalski",
    "Lange",
    "Laurent",
    "Lopez",
    "Martin",
    "Meyer",
    "Moreau",
    "Nakamura",
    "Novak",
    "Nguyen",
    "Okafor",
    "Olsen",
    "Park",
    "Patel",
    "Petrov",
    "Reyes",
    "Rossi",
    "Sato",
    "Schmidt",
    "Silva",
    "Singh",
    "Tanaka",
    "Virtanen",
    "Weber",
    "Zhou",
)
_NAMES = len(_FIRST) * len(_LAST)
_STRIDE = 1237  # shares no factor with the number of names, so a walk meets every name once


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the tools; some vendors' accounts know no e-mail of them."""

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
    """The company's person number `index`; one in eight has no e-mail."""
    offset = Draws(seed, tenant, "names").below(_NAMES)
    place = (offset + index * _STRIDE) % _NAMES
    first, last = _FIRST[place % len(_FIRST)], _LAST[place // len(_FIRST)]
    again = index // _NAMES
    mailbox = f"{first}.{last}{again or ''}".lower()
    known = Draws(seed, tenant, "e-mail", index).below(8) > 0
    return Person(index, first, last, f"{mailbox}@{tenant}.example" if known else None)
