"""Responses of the API for the tests of landing: rows and pages."""

from typing import Any

NOTHING: dict[str, Any] = {"result": [], "next_cursor": None}


def row(row_id: int, start: object = "2026-11-20T08:00:00Z", end: object = "2026-11-20T09:00:00Z") -> dict[str, Any]:
    return {"id": row_id, "start_date": start, "end_date": end}


def page(*rows: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {"result": list(rows), "next_cursor": cursor}
