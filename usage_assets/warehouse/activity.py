"""Write `activity_by_user`: the numbers of the `usage` objects of a day's rows that no meter reads.

Most rows of a vendor have the same members, with plain names. Statements find these combinations and sum the numbers at
their paths. What remains, such as lists, unusual names and rows whose members few others have, is read row by row by
`activity_leaves`. A name of the API is a value; only a plain one ever stands in a path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from typing import Any, ClassVar

import duckdb

from usage_assets.integrations.activity_fields import ActivityFields, metric_of
from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.warehouse.activity_leaves import is_plain, numbers_in, plain_objects_in
from usage_assets.warehouse.row_reading import json_path
from usage_assets.warehouse.stale_days import PUBLISHED, Days, claim_stale_days, record_stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import ACTIVITY_BY_USER
from usage_assets.warehouse.temp_tables import create_temp_table

Path = tuple[str, ...]
"""The plain names of the members from `usage` to a part of it; `()` is `usage` itself."""

KNOWN_GROUPS: tuple[Path, ...] = ((), ("requests",), ("tokens",), ("sessions",), ("code",), ("activity",))
"""Objects that rows are known to have; the rows of any other object take longer."""
MOST_GROUPS = 60
MOST_PATHS = 96
PATHS_AT_ONCE = 24
LEAVES_AT_ONCE = 100_000
LEAF_COLUMNS = ("usage_date", "account_id", "provider", "surface", "user_key", "metric", "number")


@dataclass(frozen=True)
class ActivityRows(TempTable):
    """The usage rows of the days of a step that count and have a `usage` object, as a view."""

    name: ClassVar[str] = "activity_rows"


@dataclass(frozen=True)
class ActivityLeaves(TempTable):
    """Numbers of usage rows, as texts."""

    name: ClassVar[str] = "activity_leaves"


@dataclass(frozen=True)
class ActivityValues(TempTable):
    """The sums and maxima of the numbers of some rows each."""

    name: ClassVar[str] = "activity_values"


@dataclass(frozen=True)
class Shape:
    """The members of some rows of an integration.

    Attributes:
        number: The number that identifies it.
        members: The names of the members of each group, empty where it is no object.
        has_more: Whether its rows may have objects besides the groups, or lists.
    """

    number: int
    members: dict[Path, list[str]]
    has_more: bool

    @property
    def places(self) -> list[Path]:
        """The paths of all members that are not themselves groups."""
        return [
            (*group, name)
            for group, names in self.members.items()
            for name in dict.fromkeys(names)
            if not self.members.get((*group, name))
        ]


@dataclass(frozen=True)
class Reading:
    """How the rows of an integration are read: at `places` by statements, rows of `slow_shapes` one by one."""

    integration: str
    groups: tuple[Path, ...]
    places: tuple[Path, ...]
    slow_shapes: tuple[int, ...]
    has_more: bool

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of its statements."""
        return {
            "integration": self.integration,
            "groups": _json_paths(self.groups),
            "slow_shapes": list(self.slow_shapes) or None,
        }


def derive_activity(connection: duckdb.DuckDBPyConnection, days: Iterable[date], profiles: Profiles) -> set[date]:
    """Write `activity_by_user` for `days` and its stale days; return the written days."""
    claimed = claim_stale_days(connection, ACTIVITY_BY_USER, days)
    if claimed.days:
        execute(connection, "activity/delete", claimed)
        _insert(connection, claimed, profiles)
        record_stale_days(connection, [PUBLISHED], claimed.days)
    return set(claimed.days)


def _insert(connection: duckdb.DuckDBPyConnection, days: Days, profiles: Profiles) -> None:
    execute(connection, "activity/activity_rows", days)
    execute(connection, "activity/create_values")
    for integration, shapes in _shapes(connection, ActivityRows(), KNOWN_GROUPS).items():
        profile = profiles.of(integration)
        reading = _complete_reading(connection, ActivityRows(), integration, shapes)
        _insert_plain(connection, ActivityRows(), reading, profile)
        _insert_others(connection, ActivityRows(), reading, profile, days)
    execute(connection, "activity/insert", ActivityValues())


def _shapes(
    connection: duckdb.DuckDBPyConnection, rows: ActivityRows, groups: Sequence[Path], integration: str | None = None
) -> dict[str, list[Shape]]:
    """Return the shapes of the rows of each integration, or of one, those of most rows first."""
    result = execute(connection, "activity/shapes", rows, groups=_json_paths(groups), integration=integration)
    return {
        name: [_shape(groups, *found) for _, *found in of_integration]
        for name, of_integration in groupby(result.fetchall(), key=lambda row: str(row[0]))
    }


def _shape(groups: Sequence[Path], number: int, members: Sequence[list[str] | None], objects: int, *rest: Any) -> Shape:
    named = {group: names or [] for group, names in zip(groups, members, strict=True)}
    has_lists, _rows = rest
    return Shape(number, named, has_lists or objects > max(1, sum(bool(names) for names in named.values())))


def _complete_reading(
    connection: duckdb.DuckDBPyConnection, rows: ActivityRows, integration: str, shapes: list[Shape]
) -> Reading:
    """Return how an integration is read, with the plain objects of its rows among the groups."""
    reading = _reading(integration, KNOWN_GROUPS, shapes)
    found = _nested_objects(connection, rows, reading) if reading.has_more else set()
    more = sorted(found - {*KNOWN_GROUPS})[: MOST_GROUPS - len(KNOWN_GROUPS)]
    if not more:
        return reading
    groups = (*KNOWN_GROUPS, *more)
    return _reading(integration, groups, _shapes(connection, rows, groups, integration)[integration])


def _reading(integration: str, groups: tuple[Path, ...], shapes: Sequence[Shape]) -> Reading:
    places, slow, has_more = dict[Path, None](), list[int](), False
    for shape in shapes:
        own = shape.places
        if not all(is_plain(path[-1]) for path in own) or len({*places, *own}) > MOST_PATHS:
            slow.append(shape.number)
            continue
        places |= dict.fromkeys(own)
        has_more |= shape.has_more
    return Reading(integration, groups, tuple(places), tuple(slow), has_more)


def _nested_objects(connection: duckdb.DuckDBPyConnection, rows: ActivityRows, reading: Reading) -> set[Path]:
    """Return the paths of the objects in examples of the objects that are no groups yet."""
    examples = execute(
        connection, "activity/nested_places", rows, paths=_json_paths(reading.places), **reading.parameters
    ).fetchall()
    return {(*reading.places[place - 1], *names) for place, example in examples for names in plain_objects_in(example)}


def _insert_plain(
    connection: duckdb.DuckDBPyConnection, rows: ActivityRows, reading: Reading, profile: Profile
) -> None:
    """Insert the sums and maxima of the numbers at the paths of an integration, some paths at a time."""
    fields = ActivityFields(profile)
    metrics = {metric: place for place in reading.places if fields.is_activity(metric := metric_of(place))}
    maxima = [metric for metric in metrics if fields.is_maximum(metric)]
    added = [metric for metric in metrics if not fields.is_maximum(metric)]
    for statement, chosen in (("insert_sums", iter(added)), ("insert_maxima", iter(maxima))):
        while some := list(islice(chosen, PATHS_AT_ONCE)):
            paths = _json_paths(metrics[metric] for metric in some)
            execute(
                connection,
                f"activity/{statement}",
                rows,
                ActivityValues(),
                paths=paths,
                metrics=some,
                **reading.parameters,
            )


def _insert_others(
    connection: duckdb.DuckDBPyConnection, rows: ActivityRows, reading: Reading, profile: Profile, days: Days
) -> None:
    """Insert the numbers of lists, of other objects, and of rows that the statements do not read, day by day."""
    if not (reading.slow_shapes or reading.has_more):
        return
    fields = ActivityFields(profile)
    for day in sorted(days.days):
        leaves = _leaves(_unread_parts(connection, rows, reading, day), reading, fields)
        while some := list(islice(leaves, LEAVES_AT_ONCE)):
            created = create_temp_table(connection, ActivityLeaves(), LEAF_COLUMNS, some)
            maxima = sorted({row[5] for row in some if fields.is_maximum(row[5])})
            execute(
                connection,
                "activity/insert_leaves",
                created,
                ActivityValues(),
                integration=reading.integration,
                maxima=maxima,
            )


def _unread_parts(
    connection: duckdb.DuckDBPyConnection, rows: ActivityRows, reading: Reading, day: date
) -> list[tuple[Any, ...]]:
    """Return the parts of a day's rows to read one by one: dimensions, number of the place or 0, JSON text."""
    parts = list[tuple[Any, ...]]()
    if reading.slow_shapes:
        parts += execute(connection, "activity/slow_rows", rows, day=day, **reading.parameters).fetchall()
    if reading.has_more:
        paths, places = _json_paths(reading.places), list(range(1, len(reading.places) + 1))
        parts += execute(
            connection, "activity/nested_parts", rows, day=day, paths=paths, places=places, **reading.parameters
        ).fetchall()
    return parts


def _leaves(parts: Iterable[tuple[Any, ...]], reading: Reading, fields: ActivityFields) -> Iterator[tuple[Any, ...]]:
    for *dimensions, place, text in parts:
        start = reading.places[place - 1] if place else ()
        if place and start in reading.groups and text.startswith("{"):
            continue  # the statements read its members
        for names, number in numbers_in(text):
            metric = metric_of((*start, *names))
            if fields.is_activity(metric):
                yield (*dimensions, metric, number)


def _json_paths(paths: Iterable[Path]) -> list[str]:
    return ["$" if not path else json_path(".".join(path)) for path in paths]
