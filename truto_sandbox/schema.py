"""The schema of a usage row, as `usage/meta/list` returns it. The `vendors` package generates the rows."""

from typing import Any

Schema = dict[str, Any]

_CHARGE_TYPES = "total net on_demand committed included usage_based discount tax credit platform_fee"
_REQUESTS = "total chat agent composer cmdk tab_shown tab_accepted api_key included usage_based bugbot"
_TOKENS = "input cached_input cache_write output reasoning total"
_CODE = "accepts applies rejects lines_added lines_deleted commits pull_requests"
_PARAMETERS = "integrated_account_id date start_date end_date user_id limit next_cursor"

CHARGE_TYPES = tuple(_CHARGE_TYPES.split())
_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_BOOLEAN: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "number"}
_OBJECT: Schema = {"type": "object"}


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _requiring(name: str, record: Schema) -> Schema:
    return {**record, "required": [name]}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _numbers(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), _NUMBER)


_USAGE = _record(
    activity=_record(client_version=_TEXT, is_active=_BOOLEAN, max_mode=_BOOLEAN),
    code=_record(**_numbers(_CODE), tool_actions=_OBJECT),
    quantity=_NUMBER,
    requests=_record(**_numbers(_REQUESTS)),
    sessions=_record(**_numbers("distinct dispatch_turns")),
    tokens=_record(**_numbers(_TOKENS)),
    unit=_TEXT,
)
_NAMED = _record(id=_TEXT, name=_TEXT)
_CHARGE = _record(amount=_NUMBER, currency=_TEXT, type={"type": "string", "enum": list(CHARGE_TYPES)})

USAGE_ROW = _requiring(
    "id",
    _record(
        id=_TEXT,
        product=_requiring("id", _NAMED),
        metric_name=_TEXT,
        resources=_list_of(_record(id=_TEXT, name=_TEXT, workspace=_NAMED)),
        organization=_requiring("id", _NAMED),
        user=_record(id=_TEXT, email=_TEXT, name=_TEXT),
        model=_record(id=_TEXT, provider=_TEXT),
        surface=_TEXT,
        charges=_list_of(_CHARGE),
        usage=_USAGE,
        start_date=_TIME,
        end_date=_TIME,
        created_at=_TIME,
        updated_at=_TIME,
        remote_data=_OBJECT,
    ),
)
UNIFIED_FIELDS = tuple(name for name in USAGE_ROW["properties"] if name != "remote_data")


def usage_list_schema() -> Schema:
    """Return the body of `GET /unified/usage-metering/usage/meta/list`: the parameters and the row."""
    query = _requiring("integrated_account_id", _record(**dict.fromkeys(_PARAMETERS.split(), _TEXT)))
    return {"resource": "usage", "method": "list", "query_schema": query, "response_schema": USAGE_ROW}
