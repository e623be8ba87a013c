"""What a copy of rates or prices holds, and why one is refused. `ecb_history` and `price_list` read the two kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from usage_assets.errors import UsageAssetsError


class BadContent(UsageAssetsError):
    """A copy of rates or prices cannot be used; the text says what is wrong with it, without a full stop."""


@dataclass(frozen=True)
class Facts:
    """What a copy holds.

    Attributes:
        newest_day: The day of its newest rate, or of its newest price that has a date.
        counts: How many currencies and days, or models, by the word for them.
    """

    newest_day: date
    counts: Mapping[str, int]


def refuse_shrunk(facts: Facts, before: Facts) -> None:
    """Refuse a copy that has lost a tenth of what the copy in use has.

    Raises:
        BadContent: One of the counts is smaller by a tenth or more.
    """
    for what, count in facts.counts.items():
        if count * 10 <= before.counts.get(what, 0) * 9:
            raise BadContent(f"it has {count} {what}, and the copy in use has {before.counts[what]}")
