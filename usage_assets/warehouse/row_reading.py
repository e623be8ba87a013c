"""Convert the settings of a profile to the parameters of `load/stage.sql`."""

from __future__ import annotations

from itertools import accumulate, chain
from typing import Any

from usage_assets.integrations.profiles import COUNTS, Profile

FACTORS = {1: "1", 10: "0.1", 100: "0.01", 1000: "0.001"}
USAGE = "usage."


def reading_parameters(profile: Profile) -> dict[str, Any]:
    """Return the parameters that read rows of `profile`."""
    return {
        "vendor": profile.vendor or profile.name,
        "currency": profile.currency and profile.currency.strip().upper(),
        "end_is_inclusive": profile.row_end == "inclusive",
        "input_includes_cache": profile.input_includes_cache,
        "units_per_amount": FACTORS[profile.amount_divisor],
        **_count_paths(profile),
    }


def json_path(dotted: str) -> str:
    """Return a dotted path in DuckDB's notation, its members quoted."""
    return "$" + "".join(f'."{member}"' for member in dotted.split("."))


def _count_paths(profile: Profile) -> dict[str, Any]:
    """Return the paths of all counts: into the usage object, which is short and read first, and into the whole row.

    A text is searched for all paths at once; the places say which of these paths belong to each count.
    """
    paths = [_split(profile.tokens.get(count, [])) for count in COUNTS]
    usage_paths, row_paths = [own for own, _ in paths], [own for _, own in paths]
    return {
        "usage_paths": [json_path(path.removeprefix(USAGE)) for path in chain(*usage_paths)],
        "usage_places": _places(usage_paths),
        "row_paths": [json_path(path) for path in chain(*row_paths)],
        "row_places": _places(row_paths),
        "row_members": sorted({f'"{path.rpartition(".")[2]}"' for path in chain(*row_paths)}),
        "counts_in_row": [number for number, own in enumerate(row_paths, start=1) if own],
    }


def _split(paths: list[str]) -> tuple[list[str], list[str]]:
    """Return the leading paths into the usage object, and the remaining paths, which are searched in the whole row.

    A usage path after another path is among the remaining paths, so that the order of the profile is kept.
    """
    leading = next((n for n, path in enumerate(paths) if not path.startswith(USAGE)), len(paths))
    return paths[:leading], paths[leading:]


def _places(paths: list[list[str]]) -> dict[str, dict[str, int]]:
    """Return the first and last position of each count's paths in the joined `paths`, from 1; 0 without a path."""
    ends = accumulate(map(len, paths))
    return {
        count: {"first_place": end - len(own) + 1 if own else 0, "last_place": end if own else 0}
        for count, own, end in zip(COUNTS, paths, ends, strict=True)
    }
