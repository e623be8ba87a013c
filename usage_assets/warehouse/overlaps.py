"""Which windows stand where a vendor is asked by month now and was asked by day before, or the other way round.

Pure over window names, but for the manifests it has to look at; in the usual case, one grain, it looks at none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import ONE_DAY, Window, days_between, month_window, window_of
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing

Manifests = Mapping[WindowKey, Manifest]
Listing = tuple[str, str]


@dataclass
class Resolution:
    """The windows to show, and the loaded ones that give way to them."""

    standing: set[WindowKey] = field(default_factory=set)
    giving_way: set[WindowKey] = field(default_factory=set)


def settle(wanted: Manifests, loaded: Iterable[WindowKey], landing: Landing, profiles: Profiles) -> Resolution:
    """Returns which of the `wanted` windows stand, with those that have to come along, and which loaded ones go.

    Within a month, windows of the grain asked for before stand until later answers of the present grain cover every
    day that they cover; until then these wait. So no day counts twice, none is lost in between, and none goes back
    to an older answer.
    """
    loaded_of = _by_listing(loaded)
    settled = Resolution()
    for listing, keys in _by_listing(wanted).items():
        loaded_keys = loaded_of.get(listing, set())
        if len({_is_month(key) for key in keys | loaded_keys}) == 1:
            settled.standing |= keys
        else:
            profile = profiles.of(wanted[next(iter(keys))].integration)
            _settle_listing(settled, keys, loaded_keys, landing, profile)
    return settled


def _settle_listing(
    settled: Resolution, wanted: set[WindowKey], loaded: set[WindowKey], landing: Landing, profile: Profile
) -> None:
    outdated = {key for key in wanted | loaded if window_of(key.window_start, profile) != key.window}
    settled.standing |= wanted - outdated
    known = _landed(outdated, landing)
    settled.giving_way |= (outdated - set(known)) & loaded
    for month in {month_window(key.window_start) for key in known}:
        before = {key: manifest for key, manifest in known.items() if month_window(key.window_start) == month}
        present = _landed(_keys_within(month, next(iter(before)), profile), landing)
        stand, go = (present, before) if _covers(present.values(), before.values()) else (before, present)
        settled.standing = (settled.standing - set(go)) | set(stand)
        settled.giving_way |= set(go) & loaded


def _keys_within(month: Window, like: WindowKey, profile: Profile) -> list[WindowKey]:
    windows = {window_of(day, profile) for day in month.days}
    return [WindowKey(like.account_id, like.report, window.start, window.end) for window in sorted(windows)]


def _landed(keys: Iterable[WindowKey], landing: Landing) -> dict[WindowKey, Manifest]:
    return {key: manifest for key in keys if (manifest := landing.manifest(key)) is not None}


def _covers(present: Iterable[Manifest], before: Iterable[Manifest]) -> bool:
    """Returns whether every day that `before` answers for has a later answer in `present`."""
    answered = {day: manifest.fetched_at for manifest in present for day in _answered_days(manifest)}
    return all(
        day in answered and answered[day] >= manifest.fetched_at
        for manifest in before
        for day in _answered_days(manifest)
    )


def _answered_days(manifest: Manifest) -> list[date]:
    """Returns the days of a window that had begun when it was fetched."""
    return days_between(manifest.window_start, manifest.window_start + ONE_DAY * (manifest.elapsed_days - 1))


def _by_listing(keys: Iterable[WindowKey]) -> dict[Listing, set[WindowKey]]:
    found: dict[Listing, set[WindowKey]] = defaultdict(set)
    for key in keys:
        found[key.account_id, key.report].add(key)
    return found


def _is_month(key: WindowKey) -> bool:
    return key.window_end - key.window_start > ONE_DAY
