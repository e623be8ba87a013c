"""Reads `profiles.toml`: one `Profile` per integration. What a window is stands in `windows`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

DEFAULT_REPORT = "default"
COUNTS = ("input", "cached_input", "cache_write", "output", "reasoning", "requests", "sessions")
IGNORED = "ignored"
PATH = re.compile(r'[^."\\]+(?:\.[^."\\]+)*')
REPORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
PLACE = re.compile(r"\{([^{}]*)\}")
PLACES = {"start", "last", "end"}

NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class ProfileError(ValueError):
    """A profile file cannot be read; the text names file and setting."""


class Report(msgspec.Struct, frozen=True):
    """One kind of answer to ask an account for."""

    name: str
    parameters: dict[str, str]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one integration is asked and read; the settings are explained at the top of `profiles.toml`."""

    name: str
    window: Literal["day", "month"]
    parameters: dict[str, str]
    lag: NotNegative
    reread: NotNegative
    page_limit: Positive
    row_end: Literal["exclusive", "inclusive"]
    input_includes_cache: bool
    leading_charge: Literal["net", "total"]
    amount_divisor: Literal[1, 10, 100, 1000]
    bills_by: Literal["row", "charges"]
    tokens: dict[str, list[str]]
    aliases: list[str] = []
    vendor: str | None = None
    restated_until: Annotated[int, msgspec.Meta(ge=1, le=28)] | None = None
    history: Positive | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{3}$")] | None = None
    report_list: list[Report] = msgspec.field(name="reports", default_factory=list)
    is_known: bool = True

    @property
    def reports(self) -> list[Report]:
        """What to ask for: the listed reports, else the one answer the parameters give."""
        return self.report_list or [Report(DEFAULT_REPORT, self.parameters)]

    def __post_init__(self) -> None:
        for name, paths in self.tokens.items():
            if name not in {*COUNTS, IGNORED}:
                raise ValueError(f"tokens.{name} is no count: it must be one of {', '.join(COUNTS)} or {IGNORED}")
            for path in paths:
                _refuse_path(name, path)
        for report in self.reports:
            _refuse_report(report)


def _refuse_path(count: str, path: str) -> None:
    if PATH.fullmatch(path) is None:
        raise ValueError(f"tokens.{count} holds {path!r}: write a path as members with dots between, such as usage.in")


def _refuse_report(report: Report) -> None:
    if REPORT_NAME.fullmatch(report.name) is None:
        raise ValueError(f"the report {report.name!r} needs a name of letters, digits, '.', '_' and '-'")
    for name, text in report.parameters.items():
        if not set(PLACE.findall(text)) <= PLACES:
            raise ValueError(f"the parameter {name} is {text!r}: only {{start}}, {{last}} and {{end}} can stand in it")


class Profiles:
    """All profiles, found by the slug the API uses."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._default = tables["default"]
        self._by_name = {name: _profile(name, self._default, own) for name, own in tables.items()}
        self._names = _names_of(self._by_name.values())

    @property
    def all(self) -> list[Profile]:
        """Every profile that has a name of its own, and that of all others under the name `default`."""
        return list(self._by_name.values())

    def of(self, slug: str) -> Profile:
        """Returns the profile of an integration; an unknown slug keeps its name and gets the defaults."""
        name = self._names.get(slug.strip().lower())
        if name is None or name == "default":
            return _profile(slug.strip().lower(), self._default, {"is_known": False})
        return self._by_name[name]


def _names_of(profiles: Iterable[Profile]) -> dict[str, str]:
    names = dict[str, str]()
    for profile in profiles:
        for name in [profile.name, *profile.aliases]:
            if names.setdefault(name, profile.name) != profile.name:
                raise ProfileError(
                    f"{name} names the profiles of {names[name]} and {profile.name}; mend profiles.toml."
                )
    return names


@lru_cache(maxsize=8)
def load_profiles(overrides: Path | None = None) -> Profiles:
    """Reads the shipped profiles, with the user's file laid over them where it exists.

    Raises:
        ProfileError: a file is not TOML or holds a setting that does not exist.
    """
    shipped = resources.files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(shipped)
    if overrides is not None and overrides.exists():
        for name, own in _parsed(overrides).items():
            tables[name] = _laid_over(tables.get(name, {}), own)
    return Profiles(tables)


def _parsed(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path} is not TOML ({error}): mend or remove it.") from error
    for name, own in tables.items():
        if not isinstance(own, dict) or not isinstance(own.get("tokens", {}), dict):
            raise ProfileError(f"{path} sets {name} wrongly: settings stand in tables, such as [claude].")
    return tables


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    tokens = {**below.get("tokens", {}), **above.get("tokens", {})}
    return {**below, **above, **({"tokens": tokens} if tokens else {})}


def _profile(name: str, default: Mapping[str, Any], own: Mapping[str, Any]) -> Profile:
    try:
        return msgspec.convert({**_laid_over(default, own), "name": name}, Profile)
    except msgspec.ValidationError as error:
        raise ProfileError(f"The profile of {name} cannot be read: {error}; mend profiles.toml.") from error
