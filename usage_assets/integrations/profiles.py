"""Read `profiles.toml` and the user's own file into one `Profile` per integration.

`windows` computes request windows from a profile.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from usage_assets.errors import WRONG_CALL, UsageAssetsError

DEFAULT_REPORT = "default"
COUNTS = ("input", "cached_input", "cache_write", "output", "reasoning", "requests", "sessions")
IGNORED = "ignored"
PATH = re.compile(r'[^."\\]+(?:\.[^."\\]+)*')
REPORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = {"start", "last", "end"}

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
    input_includes_cache: bool
    leading_charge: Literal["net", "total"]
    amount_divisor: Literal[1, 10, 100, 1000]
    bills_by: Literal["row", "charges", "reports"]
    tokens: dict[str, list[str]]
    reduction_sign: Literal["positive", "negative"] = "positive"
    aliases: list[str] = []
    vendor: str | None = None
    restated_until: Annotated[int, msgspec.Meta(ge=1, le=28)] | None = None
    history: Positive | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{3}$")] | None = None
    report_list: list[Report] = msgspec.field(name="reports", default_factory=list)
    is_known: bool = True

    @property
    def reports(self) -> list[Report]:
        """The reports to request: the listed reports, else a single report with the profile's own parameters."""
        return self.report_list or [Report(DEFAULT_REPORT, self.parameters)]

    def __post_init__(self) -> None:
        for count, paths in self.tokens.items():
            if count not in {*COUNTS, IGNORED}:
                raise ValueError(f"tokens.{count} is no count: it must be one of {', '.join(COUNTS)} or {IGNORED}")
            for path in paths:
                _check_path(count, path)
        for report in self.reports:
            _check_report(report)


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
        if not isinstance(settings, dict) or not isinstance(settings.get("tokens", {}), dict):
            raise ProfileError(f"{path} sets {name} outside a table: write settings below a line such as [claude].")
    return tables


def _merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    tokens = {**base.get("tokens", {}), **overrides.get("tokens", {})}
    return {**base, **overrides, **({"tokens": tokens} if tokens else {})}


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


def _check_path(count: str, path: str) -> None:
    if PATH.fullmatch(path) is None:
        raise ValueError(f"tokens.{count} holds {path!r}: write a path as members with dots between, such as usage.in")


def _check_report(report: Report) -> None:
    if REPORT_NAME.fullmatch(report.name) is None:
        raise ValueError(f"the report {report.name!r} needs a name of letters, digits, '.', '_' and '-'")
    for name, text in report.parameters.items():
        if not set(PLACEHOLDER.findall(text)) <= PLACEHOLDERS:
            raise ValueError(f"the parameter {name} is {text!r}: the placeholders are {{start}}, {{last}} and {{end}}")
