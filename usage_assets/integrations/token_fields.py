"""Find the fields of a row that look like token counts and that a profile does not know.

Pure functions over field names; callers take the names from a schema or from loaded rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from usage_assets.integrations.meters import IGNORED, NOT_TOKENS, UNREAD, known_paths
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
        profile: Its `meters` name the known paths; a path that is not counted includes all paths below it.
    """
    unread = unread_paths(profile, *UNREAD)
    return sorted(path for path in _uncounted_tokens(paths, profile) if not _is_under(path, unread))


def ignored_token_fields(paths: Iterable[str], profile: Profile) -> list[str]:
    """Return the sorted `paths` that look like token counts and that the profile ignores, because others have them."""
    ignored, not_tokens = unread_paths(profile, IGNORED), unread_paths(profile, NOT_TOKENS)
    uncounted = _uncounted_tokens(paths, profile)
    return sorted(path for path in uncounted if _is_under(path, ignored) and not _is_under(path, not_tokens))


def _uncounted_tokens(paths: Iterable[str], profile: Profile) -> set[str]:
    return {path for path in paths if looks_like_tokens(path)} - known_paths(profile.meters)


def unread_paths(profile: Profile, *names: str) -> list[str]:
    """Return the paths that a profile lists under these names of `meters`, such as `ignored`."""
    listed = (profile.meters.get(name, []) for name in names)
    paths = (path for given in listed for path in (given if isinstance(given, list) else [given]))
    return [path for path in paths if isinstance(path, str)]


def _is_under(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)
