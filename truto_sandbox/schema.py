"""The schema of a usage row, as `usage/meta/list` answers it. The rows themselves are made in `vendors`."""

from typing import Any

CHARGE_TYPES = (
    "total",
    "net",
    "on_demand",
    "committed",
    "included",
    "usage_based",
    "discount",
    "tax",
    "credit",
    "platform_fee",
)

_REQUESTS = (
    "total",
    "chat",
    "agent",
    "composer",
    "cmdk",
    "tab_shown",
    "tab_accepted",
    "api_key",
    "included",
    "usage_based",
    "bugbot",
)
_TOKENS = ("input", "cached_input", "cache_write", "output", "reasoning", "total")
_CODE = ("accepts", "applies", "rejects", "lines_added", "lines_deleted", "commits", "pull_requests")

Schema = dict[str, Any]


def _text() -> Schema:
    return {"type": "string"}


def _time() -> Schema:
    return {"type": "string", "format": "date-time"}


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _requiring(name: str, record: Schema) -> Schema:
    return {**record, "required": [name]}


def _numbers(*names: str) -> Schema:
    return _record(**{name: {"type": "number"} for name in names})


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_USAGE = _record(
    activity=_record(client_version=_text(), is_active={"type": "boolean"}, max_mode={"type": "boolean"}),
    code=_record(**_numbers(*_CODE)["properties"], tool_actions={"type": "object"}),
    quantity={"type": "number"},
    requests=_numbers(*_REQUESTS),
    sessions=_numbers("distinct", "dispatch_turns"),
    tokens=_numbers(*_TOKENS),
    unit=_text(),
)
_NAMED = _record(id=_text(), name=_text())
_CHARGE = _record(amount={"type": "number"}, currency=_text(), type={"type": "string", "enum": list(CHARGE_TYPES)})

USAGE_ROW = _requiring(
    "id",
    _record(
        id=_text(),
        product=_requiring("id", _NAMED),
        metric_name=_text(),
        resources=_list_of(_record(id=_text(), name=_text(), workspace=_NAMED)),
        organization=_requiring("id", _NAMED),
        user=_record(id=_text(), email=_text(), name=_text()),
        model=_record(id=_text(), provider=_text()),
        surface=_text(),
        charges=_list_of(_CHARGE),
        usage=_USAGE,
        start_date=_time(),
        end_date=_time(),
        created_at=_time(),
        updated_at=_time(),
        remote_data={"type": "object"},
    ),
)
UNIFIED_FIELDS = tuple(name for name in USAGE_ROW["properties"] if name != "remote_data")


def usage_list_schema() -> Schema:
    """What `GET /unified/usage-metering/usage/meta/list` answers: parameters and the row."""
    parameters = (
        "integrated_account_id",
        "date",
        "start_date",
        "end_date",
        "user_id",
        "limit",
        "next_cursor",
    )
    query = _requiring("integrated_account_id", _record(**{name: _text() for name in parameters}))
    return {
        "resource": "usage",
        "method": "list",
        "query_schema": query,
        "response_schema": USAGE_ROW,
    }
