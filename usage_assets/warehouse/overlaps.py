"""Resolve overlaps between windows of a day and of a month, after a profile changes from one to the other.

Pure: the caller reads the manifests. Those of the wanted windows are enough, unless an account has both kinds of
window.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import ONE_DAY, Window, day_window, days_between, month_window, window_of
from usage_assets.landing.manifest import Manifest, WindowKey

Manifests = Mapping[WindowKey, Manifest]
Listing = tuple[str, str]


@dataclass(frozen=True)
class Resolution:
    """The windows that count in the tables, and the loaded windows that they replace."""

    active: frozenset[WindowKey] = frozenset()
    replaced: frozenset[WindowKey] = frozenset()

    def __or__(self, other: Resolution) -> Resolution:
        return Resolution(self.active | other.active, self.replaced | other.replaced)


def overlapping_windows(wanted: Set[WindowKey], loaded: Set[WindowKey]) -> set[WindowKey]:
    """Return the windows whose manifests `resolve_overlaps` needs besides those of `wanted`.

    These are all days, and the month itself, of every month of an account and report with both kinds of window.
    """
    by_listing = _by_listing(wanted | loaded)
    return {
        WindowKey(*listing, window.start, window.end)
        for listing in _by_listing(wanted)
        if _has_days_and_months(by_listing[listing])
        for month in {month_window(key.window_start) for key in by_listing[listing]}
        for window in (month, *map(day_window, month.days))
    }


def resolve_overlaps(
    wanted: Set[WindowKey], loaded: Set[WindowKey], landed: Manifests, profiles: Profiles
) -> Resolution:
    """Return which windows are active, and which loaded windows they replace.

    Within a month, the windows of the earlier profile stay active until windows of the present profile, fetched
    later, cover all their days; until then the present windows wait. So every day counts once, and a newer response
    is never replaced by an older response.

    Args:
        wanted: Windows that have landed and are to be loaded.
        loaded: The loaded windows of their months.
        landed: The manifests of `wanted`, and of the `overlapping_windows` that have landed.
        profiles: The present profiles.
    """
    loaded_by_listing = _by_listing(loaded)
    resolution = Resolution()
    for listing, keys in _by_listing(wanted).items():
        loaded_keys = loaded_by_listing[listing]
        if _has_days_and_months(keys | loaded_keys):
            profile = profiles.of(landed[min(keys)].integration)
            resolution |= _resolve_listing(keys, loaded_keys, landed, profile)
        else:
            resolution |= Resolution(active=frozenset(keys))
    return resolution


def _resolve_listing(wanted: set[WindowKey], loaded: set[WindowKey], landed: Manifests, profile: Profile) -> Resolution:
    outdated = {key for key in wanted | loaded if window_of(key.window_start, profile) != key.window}
    active, replaced = wanted - outdated, outdated - landed.keys()
    for month in {month_window(key.window_start) for key in outdated & landed.keys()}:
        before = {key for key in outdated & landed.keys() if month_window(key.window_start) == month}
        present = _present_windows(month, min(before), profile) & landed.keys()
        kept, removed = (present, before) if _covers(present, before, landed) else (before, present)
        active = (active - removed) | kept
        replaced |= removed
    return Resolution(frozenset(active), frozenset(replaced & loaded))


def _present_windows(month: Window, like: WindowKey, profile: Profile) -> set[WindowKey]:
    windows = {window_of(day, profile) for day in month.days}
    return {WindowKey(like.account_id, like.report, window.start, window.end) for window in windows}


def _covers(present: Iterable[WindowKey], before: Iterable[WindowKey], landed: Manifests) -> bool:
    """Return whether every fetched day of `before` was fetched again, later, by a window of `present`."""
    fetched_at = {day: landed[key].fetched_at for key in present for day in _fetched_days(landed[key])}
    return all(
        day in fetched_at and fetched_at[day] >= landed[key].fetched_at
        for key in before
        for day in _fetched_days(landed[key])
    )


def _fetched_days(manifest: Manifest) -> list[date]:
    """Return the days of a window that had begun when it was fetched."""
    return days_between(manifest.window_start, manifest.window_start + ONE_DAY * (manifest.elapsed_days - 1))


def _by_listing(keys: Iterable[WindowKey]) -> defaultdict[Listing, set[WindowKey]]:
    """Return `keys` by account and report."""
    found = defaultdict[Listing, set[WindowKey]](set)
    for key in keys:
        found[key.account_id, key.report].add(key)
    return found


def _has_days_and_months(keys: Iterable[WindowKey]) -> bool:
    return len({key.window_end - key.window_start > ONE_DAY for key in keys}) > 1
