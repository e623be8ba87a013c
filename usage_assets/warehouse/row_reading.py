"""How a profile's rows are read: its settings as the parameters of `load/stage.sql`."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from usage_assets.integrations.profiles import COUNTS, Profile

FACTORS = {1: "1", 10: "0.1", 100: "0.01", 1000: "0.001"}


def reading_parameters(profile: Profile) -> dict[str, Any]:
    """Returns the parameters that read a row of `profile`."""
    return {
        "vendor": profile.vendor or profile.name,
        "currency": profile.currency and profile.currency.strip().upper(),
        "end_is_inclusive": profile.row_end == "inclusive",
        "input_includes_cache": profile.input_includes_cache,
        "units_per_amount": FACTORS[profile.amount_divisor],
        **_count_paths(profile),
    }


def json_path(dotted: str) -> str:
    """Returns a dotted path in the form DuckDB reads, members quoted."""
    return "$" + "".join(f'."{member}"' for member in dotted.split("."))


def _count_paths(profile: Profile) -> dict[str, Any]:
    """The paths of all counts in one list, which is searched in one go, and where those of each count stand in it."""
    lists = [profile.tokens.get(count, []) for count in COUNTS]
    ends = list(accumulate(map(len, lists)))
    places = {f"{count}_last": end for count, end in zip(COUNTS, ends, strict=True)}
    places |= {f"{count}_first": end - len(one) + 1 for count, end, one in zip(COUNTS, ends, lists, strict=True)}
    return {"count_paths": [json_path(path) for one in lists for path in one], **places}
