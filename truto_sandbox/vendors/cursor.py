"""Cursor: day rows in a range whose bounds both belong to it, requests of many kinds, seats once a month.

Rows of the own subscription carry charges; rows that ran on the company's own API key only tokens.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.bills import fee_less_discount, included, net_with_tax, usage_with_fee
from truto_sandbox.companies import Account
from truto_sandbox.draws import Draws
from truto_sandbox.items import Bill, Item, Row, Tokens, midnight
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.rhythm import Restatement, busyness, presence
from truto_sandbox.vendors.models import Model, draw_tokens
from truto_sandbox.vendors.people import user_of
from truto_sandbox.vendors.vendor import Span, days_between

_RESTATED = Restatement(first_age=0, final_age=3)
_MODELS = (
    Model("auto", "cursor", 1250, 6000),
    Model("claude-4.5-sonnet-thinking", "cursor", 3000, 15_000),
    Model("composer-2.5", "cursor", 500, 2500),
    Model("gpt-5", "cursor", 1250, 10_000),
)
_OWN_KEY_MODELS = (_MODELS[1], _MODELS[3])
_SURFACES = ("composer", "chat", "agent")
_SEAT = 40_000_000
_EPOCH_MILLISECONDS = re.compile(r"[0-9]{9,14}")
_EVERY, _THE_ONE = 9, 4  # of nine people one brings an API key


class Cursor:
    """Cursor's team administration."""

    integration = "cursor"
    label = "Cursor"
    products: ClassVar[dict[str, str]] = {
        "cursor": "Cursor",
        "cursor_own_key": "Cursor on an own API key",
        "cursor_seats": "Cursor seats",
    }
    by_month = False

    def span(self, query: Query, now: datetime) -> Span:
        """Days that start between the bounds, both included; without bounds the last thirty days."""
        end = _bound(query, "end_date") or now
        start = _bound(query, "start_date") or end - timedelta(days=30)
        first = start.date() if start == _start_of(start.date()) else start.date() + timedelta(days=1)
        return Span(days_between(first, end.date() + timedelta(days=1), now.date()))

    def slots(self, account: Account) -> int:
        """Everybody in the company."""
        return account.users

    def items(self, account: Account, step: date, slot: int, today: date) -> list[Item]:
        """The person's seat on the first of a month, and an item per model used."""
        person, draws = account.person(slot), account.draws(step.toordinal(), slot)
        seat = [self._seat(account, person, step)] if step.day == 1 and step <= today else []
        if draws.below(1000) >= presence(step):
            return seat
        pool = _OWN_KEY_MODELS if _has_own_key(person) else _MODELS
        first, count = draws.below(len(pool)), draws.between(1, 2)
        volume, age = busyness(account, step), (today - step).days
        models = [pool[(first + n) % len(pool)] for n in range(count)]
        known = [(model, volume * _RESTATED.known(age, draws) // 1000) for model in models]
        return seat + [self._item(account, person, step, model, size) for model, size in known if size]

    def user_id(self, account: Account, person: Person) -> str:
        """Cursor's id of a person, a number."""
        return str(10_000 * (account.index + 1) + person.index)

    def _item(self, account: Account, person: Person, day: date, model: Model, volume: int) -> Item:
        draws = account.draws(day.toordinal(), person.index, model.id)
        own_key = _has_own_key(person)
        tokens = draw_tokens(draws, draws.between(5, 80), volume)
        bill = None if own_key else _bill(model.cost(tokens), account.currency, draws)
        user = user_of(person, self.user_id(account, person))
        product = "cursor_own_key" if own_key else "cursor"
        row = {
            "id": f"cursor_{user['id']}_{day.isoformat()}_{model.id}",
            "product": {"id": product, "name": self.products[product]},
            "metric_name": "daily_usage",
            "user": user,
            "model": model.as_json(),
            "surface": draws.one_of(_SURFACES),
            **({"charges": bill.as_json()} if bill else {}),
            "usage": _usage(tokens, bill, draws),
            **_day(day),
        }
        row["remote_data"] = _original(day, user, model, row["usage"])
        return Item(row, day, bill, tokens)

    def _seat(self, account: Account, person: Person, day: date) -> Item:
        bill = fee_less_discount(_SEAT * 9 // 10, account.currency, _SEAT // 10)
        user = user_of(person, self.user_id(account, person))
        row = {
            "id": f"cursor_seat_{user['id']}_{day.isoformat()}",
            "product": {"id": "cursor_seats", "name": self.products["cursor_seats"]},
            "metric_name": "seat",
            "user": user,
            "charges": bill.as_json(),
            **_day(day),
            "remote_data": {"userId": user["id"], "seat": True, "cycleStart": day.isoformat()},
        }
        return Item(row, day, bill)


def _has_own_key(person: Person) -> bool:
    return person.index % _EVERY == _THE_ONE


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _bound(query: Query, name: str) -> datetime | None:
    """A bound at Cursor's resolution, the millisecond; its own epoch milliseconds are understood as well."""
    text = query.text(name)
    if text and _EPOCH_MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:-3]), UTC) + timedelta(milliseconds=int(text[-3:]))
    return query.moment(name)


def _day(day: date) -> Row:
    return {"start_date": midnight(day), "end_date": f"{day.isoformat()}T23:59:59.999Z"}


def _bill(cost: int, currency: str, draws: Draws) -> Bill:
    if draws.chance(40):
        return included(cost, currency)
    if draws.chance(33):
        return net_with_tax(cost, currency, 8)
    return usage_with_fee(cost, currency, cost // 10 if draws.chance(50) else 0)


def _usage(tokens: Tokens, bill: Bill | None, draws: Draws) -> Row:
    chat = tokens.requests * draws.between(20, 50) // 100
    cmdk = tokens.requests // 10
    covered = bill is not None and not bill.cost
    shown = draws.between(20, 400)
    return {
        "activity": {"is_active": True, "client_version": "2.4.31", "max_mode": draws.chance(10)},
        "requests": {
            "total": tokens.requests,
            "chat": chat,
            "agent": tokens.requests - chat - cmdk,
            "composer": 0,
            "cmdk": cmdk,
            "tab_shown": shown,
            "tab_accepted": shown * draws.between(30, 80) // 100,
            "api_key": 0 if bill else tokens.requests,
            "included": tokens.requests if covered else 0,
            "usage_based": tokens.requests if bill and not covered else 0,
            "bugbot": draws.below(3),
        },
        "tokens": tokens.as_json(input_includes_cache=False),
        "code": {
            "applies": (applies := draws.between(1, 90)),
            "accepts": applies * 4 // 5,
            "rejects": applies - applies * 4 // 5,
            "lines_added": draws.between(10, 1600),
            "lines_deleted": draws.between(0, 700),
        },
    }


def _original(day: date, user: Row, model: Model, usage: Row) -> Row:
    """The day as Cursor words it."""
    requests, code = usage["requests"], usage["code"]
    return {
        "userId": user["id"],
        "day": day.isoformat(),
        "date": int(_start_of(day).timestamp() * 1000),
        "email": user.get("email"),
        "isActive": True,
        "mostUsedModel": model.id,
        "chatRequests": requests["chat"],
        "agentRequests": requests["agent"],
        "cmdkUsages": requests["cmdk"],
        "subscriptionIncludedReqs": requests["included"],
        "usageBasedReqs": requests["usage_based"],
        "apiKeyReqs": requests["api_key"],
        "totalApplies": code["applies"],
        "totalAccepts": code["accepts"],
        "totalLinesAdded": code["lines_added"],
        "totalLinesDeleted": code["lines_deleted"],
        "clientVersion": usage["activity"]["client_version"],
    }
