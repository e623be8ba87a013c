"""Query strings as Truto reads them: `foo[]=a`, `foo[0]=a`, `foo[bar]=baz`, booleans and dates."""

from collections import defaultdict
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

from truto_sandbox.errors import bad_request

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False, "": False}
_YEARS = range(1900, 2200)
_PAGE_PARAMETERS = {"next_cursor", "cursor", "limit"}


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
        """Return a single value; an empty value counts as absent."""
        return self._plain.get(name) or None

    def flag(self, name: str) -> bool:
        """Return a boolean, False if absent."""
        value = self._plain.get(name, "").lower()
        if value not in _BOOLEANS:
            raise bad_request(f"{name} must be true or false, not {value!r}")
        return _BOOLEANS[value]

    def values(self, name: str) -> list[str]:
        """Return an array in any encoding: `foo[]=a&foo[]=b`, `foo[0]=a&foo[1]=b` or `foo=a,b`."""
        listed = [value for member, value in self._members[name] if not member or member.isdigit()]
        return listed + [part for part in self._plain.get(name, "").split(",") if part]

    def members(self, name: str) -> dict[str, str]:
        """Return an object, `foo[bar]=baz`, or the operators of a filter, `id[in]=a,b`."""
        return {member: value for member, value in self._members[name] if member}

    def day(self, name: str) -> date | None:
        """Return a date, or the date of a date-time."""
        moment = self.moment(name)
        return moment.date() if moment else None

    def moment(self, name: str) -> datetime | None:
        """Return a date or an RFC 3339 date-time, in UTC."""
        value = self.text(name)
        return parse_moment(name, value) if value else None

    def selection(self) -> str:
        """Return the parameters that select rows, for the key of a cursor; without parameters of the page format."""
        plain = {k: v for k, v in self._plain.items() if v and k not in _PAGE_PARAMETERS and not _is_format(k)}
        members = {k: sorted(v) for k, v in self._members.items() if v and not _is_format(k)}
        return repr((sorted(plain.items()), sorted(members.items())))


def _is_format(name: str) -> bool:
    return name.startswith("truto_")


def parse_moment(name: str, value: str) -> datetime:
    """Return the date or date-time in `value`, in UTC.

    Raises:
        ApiError: 400 with the name of the parameter.
    """
    try:
        # A "+" that the client did not encode arrives as a space.
        moment = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except ValueError as error:
        raise bad_request(f"{name} must be YYYY-MM-DD or an RFC 3339 date-time, not {value!r}") from error
    if moment.year not in _YEARS:
        raise bad_request(f"{name} must be between the years {_YEARS[0]} and {_YEARS[-1]}, not {value!r}")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
