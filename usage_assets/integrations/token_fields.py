"""Find the fields of a usage object that look like token counts and that a profile does not know.

Pure functions over field names; callers take the names from a schema or from loaded rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from usage_assets.integrations.profiles import IGNORED, Profile


def looks_like_tokens(path: str) -> bool:
    """Return whether a member of the dotted `path` has "token" in its name, in any case."""
    return "token" in path.lower()


def unknown_token_fields(paths: Iterable[str], profile: Profile) -> list[str]:
    """Return the sorted `paths` that look like token counts and that the profile neither counts nor ignores.

    Args:
        paths: Dotted paths into a row, such as `usage.tokens.input`.
        profile: Its `tokens` name the known paths; an `ignored` path includes all paths below it.
    """
    counted = {path for count, known in profile.tokens.items() if count != IGNORED for path in known}
    ignored = profile.tokens.get(IGNORED, [])
    suspects = {path for path in paths if looks_like_tokens(path)} - counted
    return sorted(path for path in suspects if not _is_under(path, ignored))


def known_groups(profile: Profile) -> list[str]:
    """Return the sorted members of a usage object that the profile's paths go through, such as `tokens`.

    Members with a quote are left out, because SQL paths cannot name them.
    """
    paths = [path.split(".") for known in profile.tokens.values() for path in known]
    return sorted({"quantity", "unit", *(path[1] for path in paths if len(path) > 1 and '"' not in path[1])})


def _is_under(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)
