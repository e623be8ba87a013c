"""Query strings as Truto reads them: `foo[]=a`, `foo[0]=a`, `foo[bar]=baz`, booleans, dates."""

from collections import defaultdict
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

from truto_sandbox.errors import bad_request

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False, "": False}
_YEARS = range(1900, 2200)


class Query:
    """The parameters of one request.

    Args:
        text: The query string, still encoded.
    """

    def __init__(self, text: str) -> None:
        self._plain: dict[str, str] = {}
        self._members: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, value in parse_qsl(text, keep_blank_values=True):
            base, bracket, member = name.partition("[")
            if bracket and member.endswith("]"):
                self._members[base].append((member[:-1], value))
            else:
                self._plain[name] = value

    def text(self, name: str) -> str | None:
        """A single value; an empty one counts as absent."""
        return self._plain.get(name) or None

    def flag(self, name: str) -> bool:
        """A boolean, false where it is absent."""
        value = self._plain.get(name, "").lower()
        if value not in _BOOLEANS:
            raise bad_request(f"{name} must be true or false, not {value!r}")
        return _BOOLEANS[value]

    def values(self, name: str) -> list[str]:
        """An array in any encoding: `foo[]=a&foo[]=b`, `foo[0]=a&foo[1]=b` or `foo=a,b`."""
        listed = [value for member, value in self._members[name] if not member or member.isdigit()]
        return listed + [part for part in self._plain.get(name, "").split(",") if part]

    def members(self, name: str) -> dict[str, str]:
        """An object, `foo[bar]=baz`; also the operators of a filter, `id[in]=a,b`."""
        return {member: value for member, value in self._members[name] if member}

    def day(self, name: str) -> date | None:
        """A date; of a date-time only the day counts."""
        moment = self.moment(name)
        return moment.date() if moment else None

    def moment(self, name: str) -> datetime | None:
        """A date or an RFC 3339 date-time, in UTC."""
        value = self.text(name)
        return parse_moment(name, value) if value else None

    def selection(self) -> str:
        """What a cursor is bound to: all parameters that choose rows, none that shape the page."""
        plain = {k: v for k, v in self._plain.items() if k not in {"next_cursor", "cursor", "limit"}}
        chosen = {k: v for k, v in plain.items() if v and not k.startswith("truto_")}
        members = {k: sorted(v) for k, v in self._members.items() if v and not k.startswith("truto_")}
        return repr((sorted(chosen.items()), sorted(members.items())))


def parse_moment(name: str, value: str) -> datetime:
    """The moment that a parameter names.

    Raises:
        ApiError: 400, naming the parameter.
    """
    try:
        # a `+` that was not encoded arrives as a blank
        moment = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except ValueError as error:
        raise bad_request(f"{name} must be YYYY-MM-DD or an RFC 3339 date-time, not {value!r}") from error
    if moment.year not in _YEARS:
        raise bad_request(f"{name} must be between the years {_YEARS[0]} and {_YEARS[-1]}, not {value!r}")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
