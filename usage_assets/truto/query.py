"""Encode query parameters in the API's notation.

Every documented parameter of List Usage has a field; any other parameter goes into `extra`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

QueryValue: TypeAlias = "str | int | float | bool | Sequence[QueryValue] | Mapping[str, QueryValue] | None"
"""A parameter's value: a list becomes `foo[]=a&foo[]=b`, a mapping `foo[bar]=baz`, None is left out."""

ResponseFormat = Literal["unified", "raw", "normalized", "stream", "debug"]
Parameters: TypeAlias = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class UsageQuery:
    """The parameters of a List Usage request; the API has defaults for omitted parameters.

    Attributes:
        account_id: Integrated account whose usage is listed.
        date: Day for providers that report by day.
        start_date: Start for providers that report by range.
        end_date: End for providers that report by range; inclusive or exclusive as the provider defines it.
        user_id: The only user to list.
        limit: Rows of a page.
        next_cursor: Page to start at; empty or None for the first.
        response_format: `unified` rows, or another of Truto's response formats.
        key_by: Field whose value keys the rows of a page.
        ignore_limit: Makes the API ignore `limit`.
        ignore_remote_data: Leaves `remote_data` out of the rows.
        exclude_fields: Fields to leave out of the rows.
        remote_query: Parameters that Truto passes on to the provider.
        extra: Any other parameter, such as those of a profile's report.
    """

    account_id: str
    date: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    user_id: str | None = None
    limit: int | None = None
    next_cursor: str | None = None
    response_format: ResponseFormat = "unified"
    key_by: str | None = None
    ignore_limit: bool = False
    ignore_remote_data: bool = False
    exclude_fields: tuple[str, ...] = ()
    remote_query: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, QueryValue] = field(default_factory=dict)

    def parameters(self) -> Parameters:
        """Return the query string as name and value pairs: the account, then the fields that are set."""
        named: dict[str, QueryValue] = {
            "integrated_account_id": self.account_id,
            "date": self.date,
            "start_date": self.start_date,
            "end_date": self.end_date,
            "user_id": self.user_id,
            "limit": self.limit,
            "next_cursor": self.next_cursor or None,
            "truto_response_format": None if self.response_format == "unified" else self.response_format,
            "truto_key_by": self.key_by,
            "truto_ignore_limit": self.ignore_limit or None,
            "truto_ignore_remote_data": self.ignore_remote_data or None,
            "truto_exclude_fields": self.exclude_fields,
            "remote_query": self.remote_query,
        }
        return encode(named) + encode(self.extra)


def encode(parameters: Mapping[str, QueryValue]) -> Parameters:
    """Return the pairs of a query string, in the API's notation for lists, mappings and booleans."""
    return [pair for name, value in parameters.items() for pair in _pairs(name, value)]


def with_cursor(parameters: Parameters, cursor: str) -> Parameters:
    """Return `parameters` with `cursor` in place of any other cursor."""
    return [pair for pair in parameters if pair[0] != "next_cursor"] + [("next_cursor", cursor)]


def _pairs(name: str, value: QueryValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _pairs(f"{name}[{key}]", inner)
    elif isinstance(value, str):
        yield name, value
    elif isinstance(value, Sequence):
        list_name = name if name.endswith("[]") else f"{name}[]"
        for inner in value:
            yield from _pairs(list_name, inner)
    elif value is not None:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
