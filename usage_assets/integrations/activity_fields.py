"""Decide which numbers of a `usage` object are activity, and name them. Pure.

Activity is every number that has no column of its own in `cost` or `usage`: neither a meter, a count of the profile, a
token count nor `quantity`, which means nothing without its unit. Counts that must not be added are activity too, also
where a count of the profile reads them.
"""

from __future__ import annotations

import json
import re

from usage_assets.integrations.meters import IGNORED, LIST, known_paths
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import looks_like_tokens, unread_paths

USAGE = "usage"
QUANTITY = "quantity"
NAME_TO_QUOTE = re.compile(r'[."\[\]\s\\]')

Names = tuple[str | None, ...]
"""The names of the members from `usage` to a number; None stands for an element of a list."""


def metric_of(names: Names) -> str:
    """Return the dotted path below `usage`, such as `requests.agent`; `[]` follows the name of a list.

    A name that could be read as several, or that cannot be printed, is written in quotes as in JSON. So two numbers in
    different places never have the same metric.
    """
    text = ""
    for name in names:
        if name is None:
            text += LIST
        else:
            text += f".{_written(name)}" if text else _written(name)
    return text


class ActivityFields:
    """The activity of one integration."""

    def __init__(self, profile: Profile) -> None:
        self._distinct = {path.removeprefix(f"{USAGE}.") for path in profile.distinct_counts}
        self._read = {path.removeprefix(f"{USAGE}.") for path in known_paths(profile.meters)} | {QUANTITY}
        self._ignored = tuple(path.removeprefix(f"{USAGE}.") for path in unread_paths(profile, IGNORED))

    def is_activity(self, metric: str) -> bool:
        """Return whether a number in this place is activity."""
        if metric in self._distinct:
            return True
        is_ignored = any(metric == path or metric.startswith(f"{path}.") for path in self._ignored)
        return not is_ignored and metric not in self._read and not looks_like_tokens(f"{USAGE}.{metric}")

    def is_maximum(self, metric: str) -> bool:
        """Return whether counts in this place must not be added."""
        return metric in self._distinct


def _written(name: str) -> str:
    is_plain = name and name.isprintable() and not NAME_TO_QUOTE.search(name)
    return name if is_plain else json.dumps(name)
