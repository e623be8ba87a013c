"""Which windows stand where a vendor is asked by month now and was asked by day before, or the other way round.

Pure over window names, but for the manifests it has to look at; in the usual case, one grain, it looks at none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import ONE_DAY, days_between, window_of
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing

Landed = Mapping[WindowKey, Manifest]
Listing = tuple[str, str]


@dataclass
class Settled:
    """The windows to show, and the loaded ones that give way to them."""

    standing: set[WindowKey] = field(default_factory=set)
    giving_way: set[WindowKey] = field(default_factory=set)


def settle(wanted: Landed, loaded: Iterable[WindowKey], landing: Landing, profiles: Profiles) -> Settled:
    """Returns which of the `wanted` windows stand, with those that have to come along, and which loaded ones go.

    A window of the grain asked for before stands until windows of the present grain cover every day that it
    covered when it was fetched; until then these wait. So no day counts twice, and none is lost in between.
    """
    loaded_of = _by_listing(loaded)
    settled = Settled()
    for listing, keys in _by_listing(wanted).items():
        loaded_keys = loaded_of.get(listing, set())
        if len({_is_month(key) for key in keys | loaded_keys}) == 1:
            settled.standing |= keys
        else:
            profile = profiles.of(wanted[next(iter(keys))].integration)
            _settle_listing(settled, keys, loaded_keys, landing, profile)
    return settled


def _settle_listing(
    settled: Settled, wanted: set[WindowKey], loaded: set[WindowKey], landing: Landing, profile: Profile
) -> None:
    outdated = {key for key in wanted | loaded if window_of(key.window_start, profile) != key.window}
    settled.standing |= wanted - outdated
    for old in outdated:
        present = _landed_within(old, profile, landing)
        if _covers(present, _elapsed(old, landing)):
            settled.standing |= set(present)
            settled.giving_way |= {old} & loaded
        else:
            settled.standing -= set(present)
            settled.standing |= {old} & wanted
            settled.giving_way |= set(present) & loaded


def _landed_within(old: WindowKey, profile: Profile, landing: Landing) -> list[WindowKey]:
    windows = {window_of(day, profile) for day in old.window.days}
    keys = (WindowKey(old.account_id, old.report, window.start, window.end) for window in sorted(windows))
    return [key for key in keys if landing.manifest(key) is not None]


def _elapsed(old: WindowKey, landing: Landing) -> list[date]:
    manifest = landing.manifest(old)
    days = manifest.elapsed_days if manifest else 0
    return days_between(old.window_start, old.window_start + ONE_DAY * (days - 1))


def _covers(keys: Iterable[WindowKey], days: Iterable[date]) -> bool:
    return {day for key in keys for day in key.window.days}.issuperset(days)


def _by_listing(keys: Iterable[WindowKey]) -> dict[Listing, set[WindowKey]]:
    found: dict[Listing, set[WindowKey]] = defaultdict(set)
    for key in keys:
        found[key.account_id, key.report].add(key)
    return found


def _is_month(key: WindowKey) -> bool:
    return key.window_end - key.window_start > ONE_DAY
