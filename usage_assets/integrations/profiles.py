"""Read `profiles.toml` and the user's own file into one `Profile` per integration.

`windows` computes request windows from a profile.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.integrations.meters import Sources, check_includes, check_meters, check_path
from usage_assets.integrations.price_context import ContextRule, ContextRules, CoverRule, FactorRule

DEFAULT_REPORT = "default"
HUNDREDTHS = 100
MERGED_TABLES = ("meters", "context")
EARLIER_SETTINGS = ("tokens", "input_includes_cache")
EARLIER_METERS = {"cached_input": "cache_read"}
REPORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = ("start", "last", "end")
USERS_PLACEHOLDERS = ("day",)

NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class ProfileError(UsageAssetsError):
    """A profile file is not valid; the text names the file and the setting."""

    exit_code = WRONG_CALL
    is_permanent = True


class Report(msgspec.Struct, frozen=True):
    """A report: one request of each window, with its query parameters."""

    name: str
    parameters: dict[str, str]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rules to request and read usage of one integration; the top of `profiles.toml` explains each setting."""

    name: str
    window: Literal["day", "month"]
    parameters: dict[str, str]
    lag: NotNegative
    reread: NotNegative
    page_limit: Positive
    row_end: Literal["exclusive", "inclusive"]
    leading_charge: Literal["net", "total"]
    amount_unit: Literal["whole", "minor"]
    amount_divisor: Literal[1, 10, 100, 1000]
    reduction_sign: Literal["positive", "negative"]
    duplicates: Literal["replace", "keep"]
    meters: dict[str, Sources]
    input_includes: list[str]
    cache_read_includes: list[str]
    cache_write_includes: list[str]
    output_includes: list[str]
    list_models: list[str]
    context: dict[str, ContextRule] = {}
    factor: FactorRule | list[FactorRule] = []
    covered_when: CoverRule | None = None
    billing: Literal["row", "charges", "reports"] | None = msgspec.field(name="bills_by", default=None)
    aliases: list[str] = []
    vendor: str | None = None
    restated_until: Annotated[int, msgspec.Meta(ge=1, le=28)] | None = None
    history: Positive | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{3}$")] | None = None
    report_list: list[Report] = msgspec.field(name="reports", default_factory=list)
    distinct_counts: list[str] = []
    seats: Literal["none", "members", "active_users"] = "none"
    users_parameters: dict[str, str] = {}
    seat_type: list[str] = []
    is_known: bool = True

    @property
    def reports(self) -> list[Report]:
        """The reports to request: the listed reports, else a single report with the profile's own parameters."""
        return self.report_list or [Report(DEFAULT_REPORT, self.parameters)]

    @property
    def bills_by(self) -> Literal["row", "charges", "reports"]:
        """Which rows are the bill; a profile with several reports has the bill in one of them, unless it says so."""
        return self.billing or ("reports" if len(self.reports) > 1 else "row")

    @property
    def divides_by_minor_units(self) -> bool:
        """Whether amounts are in the minor unit of their currency; a divisor of 100 says the same in dollars."""
        return self.amount_unit == "minor" or self.amount_divisor == HUNDREDTHS

    @property
    def includes(self) -> dict[str, list[str]]:
        """The meters whose numbers another meter's number includes, by that meter."""
        return {
            "input": self.input_includes,
            "cache_read": self.cache_read_includes,
            "cache_write": self.cache_write_includes,
            "output": self.output_includes,
        }

    @property
    def context_rules(self) -> ContextRules:
        """The rules that read the price context of a row."""
        factors = [self.factor] if isinstance(self.factor, FactorRule) else self.factor
        return ContextRules(self.context, factors, self.covered_when)

    def __post_init__(self) -> None:
        check_meters(self.meters)
        for meter, parts in self.includes.items():
            check_includes(meter, parts)
        self.context_rules.check()
        for path in self.list_models:
            check_path("list_models", path, lists=True)
        for path in self.distinct_counts:
            check_path("distinct_counts", path, lists=True)
        for path in self.seat_type:
            check_path("seat_type", path)
        for report in self.reports:
            _check_report(report)
        _check_placeholders(self.users_parameters, USERS_PLACEHOLDERS)


class Profiles:
    """All profiles, by the integration's slug in the API.

    Args:
        tables: The settings of each integration, and of `default`.
        source: The file that errors name.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], source: str = "profiles.toml") -> None:
        self._default = tables["default"]
        self._source = source
        self._by_name = {name: self._profile(name, settings) for name, settings in tables.items()}
        self._names = _profile_names(self._by_name.values(), source)

    @property
    def all(self) -> list[Profile]:
        """Every named profile, and the profile `default`, which all other integrations use."""
        return list(self._by_name.values())

    def of(self, slug: str) -> Profile:
        """Return the profile of an integration; an unknown slug keeps its name and gets the default settings.

        Slugs are compared by their letters and digits alone: "OpenAI Codex" is `openai_codex`.
        """
        name = self._names.get(_letters(slug))
        if name is None or name == "default":
            return self._profile(slug.strip().lower(), {"is_known": False})
        return self._by_name[name]

    def _profile(self, name: str, settings: Mapping[str, Any]) -> Profile:
        try:
            return msgspec.convert({**_merged(self._default, settings), "name": name}, Profile)
        except msgspec.ValidationError as error:
            raise ProfileError(
                f"The profile of {name} in {self._source} is not valid ({error}): correct or remove that setting."
            ) from error


def load_profiles(overrides: Path | None = None) -> Profiles:
    """Return the shipped profiles, overridden by the user's file if it exists.

    The file is read on each call and parsed only when its content has changed.

    Raises:
        ProfileError: The file is not TOML, or a setting does not exist or has a wrong value.
    """
    return _parse_profiles(overrides, _content(overrides) if overrides else None)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@lru_cache(maxsize=8)
def _parse_profiles(overrides: Path | None, content: bytes | None) -> Profiles:
    shipped = resources.files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(shipped)
    if overrides is None or content is None:
        return Profiles(tables)
    for name, settings in _parse_tables(overrides, content).items():
        tables[name] = _merged(tables.get(name, {}), settings)
    return Profiles(tables, str(overrides))


def _parse_tables(path: Path, content: bytes) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path} is not TOML ({error}): correct or remove it.") from error
    for name, settings in tables.items():
        tables_within = ("tokens", *MERGED_TABLES)
        if not isinstance(settings, dict) or not all(isinstance(settings.get(t, {}), dict) for t in tables_within):
            raise ProfileError(f"{path} sets {name} outside a table: write settings below a line such as [claude].")
    return {name: _renamed(settings) for name, settings in tables.items()}


def _merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    tables = {name: {**base.get(name, {}), **overrides.get(name, {})} for name in MERGED_TABLES}
    return {**base, **overrides, **{name: table for name, table in tables.items() if table}}


def _renamed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a user's file under their present names; earlier versions had other names for them."""
    renamed = {name: value for name, value in settings.items() if name not in EARLIER_SETTINGS}
    if "tokens" in settings:
        meters = {EARLIER_METERS.get(name, name): paths for name, paths in settings["tokens"].items()}
        renamed["meters"] = {**meters, **settings.get("meters", {})}
    if "input_includes_cache" in settings:
        renamed.setdefault("input_includes", ["cache_read"] if settings["input_includes_cache"] is True else [])
    return renamed


def _letters(slug: str) -> str:
    return "".join(filter(str.isalnum, slug.casefold()))


def _profile_names(profiles: Iterable[Profile], source: str) -> dict[str, str]:
    """Return the name of the profile for each name and alias."""
    names = dict[str, str]()
    for profile in profiles:
        for name in [profile.name, *profile.aliases]:
            if names.setdefault(_letters(name), profile.name) != profile.name:
                raise ProfileError(
                    f"{name} names both the profiles of {names[_letters(name)]} and {profile.name} in {source}: "
                    "remove one of the aliases."
                )
    return names


def _check_report(report: Report) -> None:
    if REPORT_NAME.fullmatch(report.name) is None:
        raise ValueError(f"the report {report.name!r} needs a name of letters, digits, '.', '_' and '-'")
    _check_placeholders(report.parameters, PLACEHOLDERS)


def _check_placeholders(parameters: Mapping[str, str], known: Sequence[str]) -> None:
    for name, text in parameters.items():
        if not set(PLACEHOLDER.findall(text)) <= set(known):
            names = " and ".join(f"{{{placeholder}}}" for placeholder in known)
            raise ValueError(f"the parameter {name} is {text!r}: the placeholders are {names}")
