"""Read the user's `accounts.csv`: names of accounts, accounts that replace others, and days that do not count.

Pure. `warehouse.account_rules` applies the rules to the usage that is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from usage_assets.user_files.csv_lines import Line, parse_lines

REQUIRED = ("account_id",)
OPTIONAL = ("display_name", "replaces", "ignore_from", "ignore_to")


@dataclass(frozen=True)
class AccountRule:
    """One line of the file; an account may have several. Days are included; an open end is `date.min` or `date.max`."""

    account_id: str
    display_name: str = ""
    replaces: str = ""
    ignored: tuple[date, date] | None = None


@dataclass(frozen=True)
class AccountRules:
    """The lines of the file, and the sha256 of its content; `""` where there is no file."""

    lines: tuple[AccountRule, ...] = ()
    sha256: str = ""

    @property
    def names(self) -> dict[str, str]:
        """The names of accounts by account id."""
        return {line.account_id: line.display_name for line in self.lines if line.display_name}

    @property
    def account_ids(self) -> set[str]:
        """Every account that a line names."""
        return {name for line in self.lines for name in (line.account_id, line.replaces) if name}

    @property
    def ignored_days(self) -> list[IgnoredDays]:
        """The days that lines exclude by `ignore_from` and `ignore_to`."""
        return [IgnoredDays(line.account_id, *line.ignored, "ignored") for line in self.lines if line.ignored]

    @property
    def successors(self) -> dict[str, set[str]]:
        """The accounts that replace an account, directly or by replacing its successor, by account id."""
        direct: dict[str, set[str]] = {}
        for line in self.lines:
            if line.replaces:
                direct.setdefault(line.replaces, set()).add(line.account_id)
        return {account_id: _all_successors(account_id, direct) for account_id in direct}


@dataclass(frozen=True, order=True)
class IgnoredDays:
    """A span of days, both included, on which the rows of an account do not count."""

    account_id: str
    first_day: date
    last_day: date
    reason: str


def replaced_days(rules: AccountRules, first_days: Mapping[str, date]) -> list[IgnoredDays]:
    """Return the days of replaced accounts that do not count: from the first day that a successor holds.

    Args:
        rules: The rules.
        first_days: The first day on which each account has a row that counts.
    """
    spans = []
    for account_id, successors in rules.successors.items():
        held = {name: first_days[name] for name in successors if name in first_days}
        if held:
            first = min(held, key=lambda name: (held[name], name))
            spans.append(IgnoredDays(account_id, held[first], date.max, f"replaced by {first}"))
    return spans


def parse_account_rules(path: Path, content: bytes) -> AccountRules:
    """Return the rules in the content of the file.

    Only the column `account_id` is required. `ignore_from` alone means from that day on, `ignore_to` alone up to it.

    Raises:
        UserFileError: A line is invalid, names an account twice in different ways, or replacements form a circle.
    """
    rules = list[AccountRule]()
    for line in parse_lines(path, content, REQUIRED, optional=OPTIONAL):
        rule = _rule(line)
        _refuse_other_name(line, rule, rules)
        _refuse_circle(line, rule, rules)
        rules.append(rule)
    return AccountRules(tuple(rules), sha256(content).hexdigest())


def _rule(line: Line) -> AccountRule:
    return AccountRule(
        account_id=line.text("account_id"),
        display_name=line.values["display_name"],
        replaces=line.values["replaces"],
        ignored=_ignored(line),
    )


def _ignored(line: Line) -> tuple[date, date] | None:
    if not line.values["ignore_from"] and not line.values["ignore_to"]:
        return None
    first = line.day("ignore_from") if line.values["ignore_from"] else date.min
    last = line.day("ignore_to") if line.values["ignore_to"] else date.max
    if last < first:
        line.reject("ignore_to", "is before ignore_from: write the last day that does not count")
    return first, last


def _refuse_other_name(line: Line, rule: AccountRule, earlier: Iterable[AccountRule]) -> None:
    names = {other.display_name for other in earlier if other.account_id == rule.account_id and other.display_name}
    if rule.display_name and names - {rule.display_name}:
        line.reject("display_name", "differs from the name in an earlier line of this account: delete one of them")


def _refuse_circle(line: Line, rule: AccountRule, earlier: Iterable[AccountRule]) -> None:
    if not rule.replaces:
        return
    if rule.replaces == rule.account_id:
        line.reject("replaces", "is the account itself: write the id of the older account")
    successors = AccountRules((*earlier, rule)).successors
    if rule.account_id in successors[rule.replaces] and rule.replaces in successors.get(rule.account_id, ()):
        line.reject("replaces", "replaces this account by an earlier line: delete one of them")


def _all_successors(account_id: str, direct: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set[str](), set(direct.get(account_id, ()))
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= direct.get(name, set()) - found
    return found
