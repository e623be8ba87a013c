"""Find the fields of a row that look like token counts and that a profile does not know.

Pure functions over field names; callers take the names from a schema or from loaded rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from usage_assets.integrations.meters import IGNORED, Sources, known_paths
from usage_assets.integrations.profiles import Profile

MONEY = re.compile(
    r"(?:cents|fees?|costs?|prices?|charges?|spend|amount|usd)(?:\.|$)|percent|discount|ratio", re.IGNORECASE
)
CACHE = re.compile(
    r"(?:^|\.)(?:uncached_input|cached_input|cache_(?:read|write|creation))(?:[._][\w.]*)?$", re.IGNORECASE
)
"""Members that are token counts by their name alone."""
IDENTITY = re.compile(r"(?:_id|Id)$")


def looks_like_tokens(path: str) -> bool:
    """Return whether a dotted path names a count of tokens.

    A member has "token" in its name, in any case, or the name of a cache count, and neither it nor a member below it
    names money or an id.
    """
    found = CACHE.search(path)
    place = max(path.lower().rfind("token"), found.start() if found else -1)
    return place >= 0 and MONEY.search(path, place) is None and IDENTITY.search(path, place) is None


def unknown_token_fields(paths: Iterable[str], profile: Profile) -> list[str]:
    """Return the sorted `paths` that look like token counts and that the profile neither counts nor ignores.

    Args:
        paths: Dotted paths into a row, such as `usage.tokens.input`; `[]` follows the name of a list.
        profile: Its `meters` name the known paths; an `ignored` path includes all paths below it.
    """
    unread = {path for path in paths if looks_like_tokens(path)} - known_paths(profile.meters)
    ignored = ignored_paths(profile.meters)
    return sorted(path for path in unread if not _is_under(path, ignored))


def ignored_paths(meters: dict[str, Sources]) -> list[str]:
    """Return the paths that a profile ignores."""
    ignored = meters.get(IGNORED, [])
    return [path for path in (ignored if isinstance(ignored, list) else [ignored]) if isinstance(path, str)]


def _is_under(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)
