"""Compare a profile with the API's schema: the fields that each count is read from, and fields that no count reads.

Pure. The schema is the response of `usage/meta/list`, whose shape is not fully documented, so every shape is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from usage_assets.doctor.findings import Finding, ok, warn
from usage_assets.integrations.meters import IGNORED, NOT_TOKENS, quantities
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import looks_like_tokens, unknown_token_fields
from usage_assets.truto.display_text import truncate

SUBJECT = "token fields"
REQUIRED_COUNTS = ("input", "output")
SCHEMA_KEYS = ("response_schema", "schema")
ENVELOPE = frozenset({"result", "results", "data"})
NUMERIC = frozenset({"number", "integer", "float", "double", "decimal", "int", "long"})
BRANCHES = ("allOf", "anyOf", "oneOf")
MAX_DEPTH = 24
MAX_NODES = 20_000
MAX_LISTED_LENGTH = 500


def mapping_findings(answer: dict[str, Any], profile: Profile, account_id: str) -> list[Finding]:
    """Return the field that each count of `profile` is read from, and what the profile or the schema lacks.

    Args:
        answer: The response of `usage/meta/list`.
        profile: The profile of the integration.
        account_id: The account whose request returned the response.
    """
    fields = number_fields(answer)
    usage_fields = [path for path in fields if path.startswith("usage.")]
    if not usage_fields:
        remedy = f"compare a row yourself with `usage-assets usage list -a {account_id} --limit 1 -o json`"
        return [warn(SUBJECT, f"{profile.name}: no numbers under `usage` were found in Truto's schema: {remedy}")]
    mapped = {
        quantity.name: [path for source in quantity.sources for path in source if path in fields]
        for quantity in quantities(profile.meters)
    }
    return [
        _mapping(profile.name, mapped),
        *_unknown_fields(usage_fields, profile),
        *_counts_without_field(usage_fields, mapped, profile),
    ]


def number_fields(answer: dict[str, Any]) -> list[str]:
    """Return the dotted paths of all numbers in the schema of a row, in the order of the schema."""
    schema = row_schema(answer)
    return list(dict.fromkeys(_path_in_row(path) for path in _SchemaWalk(schema).numbers(schema)))


def row_schema(answer: dict[str, Any]) -> Any:
    """Return the schema of a row: the member with a known name, also inside an envelope, else the whole response."""
    for holder in (answer, *(answer[name] for name in ENVELOPE & answer.keys())):
        for key in SCHEMA_KEYS:
            if isinstance(holder, dict) and holder.get(key):
                return _parse_text(holder[key])
    return answer


class _SchemaWalk:
    """A walk through one schema. It follows references without cycles; its depth and number of nodes are bounded."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._nodes_left = MAX_NODES

    def numbers(self, node: Any, path: str = "", followed: tuple[str, ...] = (), depth: int = 0) -> Iterator[str]:
        """Yield the dotted paths of the numbers that `node`, at `path`, describes."""
        self._nodes_left -= 1
        kind = node.get("type") if isinstance(node, dict) else node
        if _is_numeric(kind):
            yield path
        elif isinstance(node, dict) and depth < MAX_DEPTH and self._nodes_left > 0:
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in followed:
                yield from self.numbers(self._target(reference), path, (*followed, reference), depth + 1)
            for name, part in _parts(node):
                yield from self.numbers(part, _joined(path, name), followed, depth + 1)

    def _target(self, reference: str) -> Any:
        node = self._root
        for step in reference.removeprefix("#/").split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        return node


def _parts(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a node with their names; a part that describes the node itself has an empty name."""
    for branch in BRANCHES:
        alternatives = node.get(branch)
        if isinstance(alternatives, list):
            yield from (("", part) for part in alternatives)
    if isinstance(node.get("properties"), dict):
        yield from node["properties"].items()
    elif isinstance(node.get("items"), dict):
        yield "", node["items"]
    elif not isinstance(node.get("type"), str):
        yield from ((name, part) for name, part in node.items() if _is_field_name(name))


def _is_field_name(name: str) -> bool:
    return name not in BRANCHES and not name.startswith("$") and name not in {"definitions", "query_schema"}


def _is_numeric(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and name.strip().lower() in NUMERIC for name in kinds)


def _parse_text(schema: Any) -> Any:
    """Parse a schema that is sent as JSON text; return any other schema unchanged."""
    if not isinstance(schema, str):
        return schema
    try:
        return msgspec.json.decode(schema)
    except (msgspec.DecodeError, RecursionError):
        return None


def _path_in_row(path: str) -> str:
    first, dot, rest = path.partition(".")
    return rest if dot and first in ENVELOPE else path


def _joined(path: str, name: str) -> str:
    return ".".join(part for part in (path, name) if part)


def _mapping(integration: str, mapped: dict[str, list[str]]) -> Finding:
    if not any(mapped.values()):
        return ok(SUBJECT, f"{integration}: its schema has no field for any count; quantity and charges are read")
    parts = [f"{meter} ← {', else '.join(paths)}" for meter, paths in mapped.items() if paths]
    return ok(SUBJECT, f"{integration}: {' · '.join(parts)}")


def _unknown_fields(usage_fields: list[str], profile: Profile) -> Iterator[Finding]:
    if unknown := unknown_token_fields(usage_fields, profile):
        message = (
            f"{profile.name}: {truncate(', '.join(unknown), MAX_LISTED_LENGTH)} may be tokens that no count includes"
        )
        lists = f"its count, `{IGNORED}` (it repeats counts) or `{NOT_TOKENS}`"
        yield warn(SUBJECT, f"{message}: {_remedy(profile.name, lists)}")


def _counts_without_field(usage_fields: list[str], mapped: dict[str, list[str]], profile: Profile) -> Iterator[Finding]:
    if not any(looks_like_tokens(path) for path in usage_fields):
        return
    for count in REQUIRED_COUNTS:
        if not mapped.get(count):
            message = f"{profile.name}: the schema has none of the profile's paths for {count} tokens"
            yield warn(SUBJECT, f"{message}: look for the field in a row and {_remedy(profile.name, f'`{count}`')}")


def _remedy(integration: str, count: str) -> str:
    where = f"under {count} in [{integration}.meters] of your profiles.toml"
    return f"add the path {where} (a list there replaces the shipped one)"
