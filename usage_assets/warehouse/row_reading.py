"""How a profile's rows are read: its settings as the parameters of `load/stage.sql`."""

from __future__ import annotations

from typing import Any

from usage_assets.integrations.profiles import COUNTS, Profile

FACTORS = {1: "1", 10: "0.1", 100: "0.01", 1000: "0.001"}
USAGE = "usage."

Places = dict[str, int | list[int]]


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
    """Where each count is looked for: in the usage object, which is short, and only then in the whole row.

    All paths into one text are searched in one go; each count knows the places of its own among them.
    """
    in_usage, elsewhere, places = list[str](), list[str](), dict[str, Places]()
    for count in COUNTS:
        first, others = _parted(profile.tokens.get(count, []))
        places[count] = {
            "in_usage": list(range(len(in_usage) + 1, len(in_usage) + len(first) + 1)),
            "first_in_usage": len(in_usage) + 1,
            "last_in_usage": len(in_usage) + len(first),
            "first_elsewhere": len(elsewhere) + 1,
            "last_elsewhere": len(elsewhere) + len(others),
            "outside_window": bool(others),
        }
        in_usage += first
        elsewhere += others
    return {
        **places,
        "usage_paths": [json_path(path.removeprefix(USAGE)) for path in in_usage],
        "other_paths": [json_path(path) for path in elsewhere],
        "other_members": sorted({f'"{path.rpartition(".")[2]}"' for path in elsewhere}),
    }


def _parted(paths: list[str]) -> tuple[list[str], list[str]]:
    """Returns the paths into the usage object, and those to be tried after them.

    A usage path that stands behind another path is tried in its turn, in the whole row.
    """
    leading = next((n for n, path in enumerate(paths) if not path.startswith(USAGE)), len(paths))
    return paths[:leading], paths[leading:]
