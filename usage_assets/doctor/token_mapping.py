"""What the API's own schema says about counts: which field each count of a profile is read from, which none is.

Pure: it gets the answer of `usage/meta/list`, whose shape is nowhere documented in full, and refuses no shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from usage_assets.doctor.findings import Finding, ok, warn
from usage_assets.integrations.profiles import COUNTS, IGNORED, Profile
from usage_assets.integrations.token_fields import looks_like_tokens, unknown_token_fields

SUBJECT = "token fields"
ALWAYS_COUNTED = ("input", "output")
SCHEMA_KEYS = ("response_schema", "schema")
ENVELOPE = frozenset({"result", "results", "data"})
NUMERIC = frozenset({"number", "integer", "float", "double", "decimal", "int", "long"})
BRANCHES = ("allOf", "anyOf", "oneOf")
DEEPEST = 24
MOST_PARTS = 20_000


def mapping_findings(answer: dict[str, Any], profile: Profile, account_id: str) -> list[Finding]:
    """Returns what is mapped to what in an integration's schema, and what is mapped to nothing."""
    fields = number_fields(answer)
    of_usage = [path for path in fields if path.startswith("usage.")]
    if not of_usage:
        look = f"compare a row yourself with `usage-assets usage list -a {account_id} --limit 1 -o json`"
        return [warn(SUBJECT, f"{profile.name}: no numbers under `usage` were found in Truto's schema: {look}")]
    mapped = {count: [path for path in profile.tokens.get(count, []) if path in fields] for count in COUNTS}
    return [_overview(profile.name, mapped), *_uncounted(of_usage, profile), *_without_field(of_usage, mapped, profile)]


def number_fields(answer: dict[str, Any]) -> list[str]:
    """Returns the dotted paths of all numbers in the schema of a row, in its order."""
    schema = row_schema(answer)
    return list(dict.fromkeys(_within_row(path) for path in _Reader(schema).numbers(schema)))


def row_schema(answer: dict[str, Any]) -> Any:
    """Returns what describes a row: under one of the known names, also in an envelope, else the answer itself."""
    for holder in (answer, *(answer[name] for name in ENVELOPE & answer.keys())):
        for key in SCHEMA_KEYS:
            if isinstance(holder, dict) and holder.get(key):
                return _unpacked(holder[key])
    return answer


class _Reader:
    """Walks one schema; references are followed, but never into themselves, and not without end."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._parts_left = MOST_PARTS

    def numbers(self, node: Any, path: str = "", followed: tuple[str, ...] = (), depth: int = 0) -> Iterator[str]:
        """The dotted paths of the numbers that `node`, which stands at `path`, describes."""
        self._parts_left -= 1
        kind = node.get("type") if isinstance(node, dict) else node
        if _is_numeric(kind):
            yield path
        elif isinstance(node, dict) and depth < DEEPEST and self._parts_left > 0:
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in followed:
                yield from self.numbers(self._referred(reference), path, (*followed, reference), depth + 1)
            for name, inner in _children(node):
                yield from self.numbers(inner, _joined(path, name), followed, depth + 1)

    def _referred(self, reference: str) -> Any:
        node = self._root
        for step in reference.removeprefix("#/").split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        return node


def _children(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The described parts of a node: named ones, and with an empty name those that describe the node itself."""
    for branch in BRANCHES:
        alternatives = node.get(branch)
        if isinstance(alternatives, list):
            yield from (("", inner) for inner in alternatives)
    if isinstance(node.get("properties"), dict):
        yield from node["properties"].items()
    elif isinstance(node.get("items"), dict):
        yield "", node["items"]
    elif not isinstance(node.get("type"), str):
        yield from ((name, inner) for name, inner in node.items() if _is_named_field(name))


def _is_named_field(name: str) -> bool:
    return name not in BRANCHES and not name.startswith("$") and name not in {"definitions", "query_schema"}


def _is_numeric(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.strip().lower() in NUMERIC for one in kinds)


def _unpacked(schema: Any) -> Any:
    """A schema that comes as JSON in a text."""
    if not isinstance(schema, str):
        return schema
    try:
        return msgspec.json.decode(schema)
    except (msgspec.DecodeError, RecursionError):
        return None


def _within_row(path: str) -> str:
    first, dot, rest = path.partition(".")
    return rest if dot and first in ENVELOPE else path


def _joined(path: str, name: str) -> str:
    return ".".join(part for part in (path, name) if part)


def _overview(integration: str, mapped: dict[str, list[str]]) -> Finding:
    if not any(mapped.values()):
        return ok(SUBJECT, f"{integration}: its schema has no field for any count; quantity and charges are read")
    parts = [f"{count} ← {', else '.join(paths) or '(none)'}" for count, paths in mapped.items()]
    return ok(SUBJECT, f"{integration}: {' · '.join(parts)}")


def _uncounted(of_usage: list[str], profile: Profile) -> Iterator[Finding]:
    if unknown := unknown_token_fields(of_usage, profile):
        says = f"{profile.name}: {', '.join(unknown)} may be tokens that nothing counts"
        yield warn(SUBJECT, f"{says}: {_name_it(profile.name, f'its count or `{IGNORED}`')}")


def _without_field(of_usage: list[str], mapped: dict[str, list[str]], profile: Profile) -> Iterator[Finding]:
    if not any(looks_like_tokens(path) for path in of_usage):
        return
    for count in ALWAYS_COUNTED:
        if not mapped[count]:
            says = f"{profile.name}: the schema has none of the profile's paths for {count} tokens"
            yield warn(SUBJECT, f"{says}: look for the field in a row and {_name_it(profile.name, f'`{count}`')}")


def _name_it(integration: str, count: str) -> str:
    where = f"under {count} in [{integration}.tokens] of your profiles.toml"
    return f"name the path {where} (a list there replaces the shipped one)"
