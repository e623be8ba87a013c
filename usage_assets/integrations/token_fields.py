"""Which fields of a usage object look like counts of tokens, and which of those a profile does not know.

Only names are looked at. Where the names come from (a schema, loaded rows) and what is said about them is not here.
"""

from __future__ import annotations

from collections.abc import Iterable

from usage_assets.integrations.profiles import IGNORED, Profile


def looks_like_tokens(path: str) -> bool:
    """Returns whether a part of the dotted `path` has "token" in its name, in any case."""
    return "token" in path.lower()


def unknown_token_fields(paths: Iterable[str], profile: Profile) -> list[str]:
    """Returns, sorted, those of `paths` that look like tokens and that the profile neither counts nor ignores.

    Args:
        paths: dotted paths into a row, such as `usage.tokens.input`.
        profile: its `tokens` name the known paths; what stands below an `ignored` one is ignored with it.
    """
    counted = {path for count, own in profile.tokens.items() if count != IGNORED for path in own}
    ignored = profile.tokens.get(IGNORED, [])
    suspects = {path for path in paths if looks_like_tokens(path)} - counted
    return sorted(path for path in suspects if not _is_under(path, ignored))


def known_groups(profile: Profile) -> list[str]:
    """Returns, sorted, the members of a usage object in which `profile` looks, such as `tokens`; none has a quote."""
    paths = [path.split(".") for own in profile.tokens.values() for path in own]
    return sorted({"quantity", "unit", *(path[1] for path in paths if len(path) > 1 and '"' not in path[1])})


def _is_under(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)
