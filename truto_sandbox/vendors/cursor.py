"""Cursor: daily rows in a range with an inclusive end, requests of many kinds, seats once a month.

Rows paid by the subscription have charges; rows that use the company's own API key have tokens only.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.activity import Restatement, person_volumes
from truto_sandbox.charges import Charges, fee_less_discount, included, net_with_tax, usage_with_fee
from truto_sandbox.companies import Account
from truto_sandbox.gradual_changes import uses_new_model
from truto_sandbox.incidents import ORDINARY, user_size
from truto_sandbox.items import Item, Row, Tokens, midnight
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.seeded_random import SeededRandom
from truto_sandbox.vendors.models import Model, random_tokens
from truto_sandbox.vendors.users import user_json
from truto_sandbox.vendors.vendor import Scope, Vendor, days_between

_RESTATEMENT = Restatement(first_age=0, final_age=3)
_MODELS = (
    Model("auto", "cursor", 1250, 6000),
    Model("claude-4.5-sonnet-thinking", "cursor", 3000, 15_000),
    Model("composer-2.5", "cursor", 500, 2500),
    Model("gpt-5", "cursor", 1250, 10_000),
)
_OWN_KEY_MODELS = (_MODELS[1], _MODELS[3])
_OLD_SONNET = Model("claude-4-sonnet-thinking", "cursor", 3000, 15_000)
_SURFACES = ("composer", "chat", "agent")
_SEAT = 40_000_000
_EPOCH_MILLISECONDS = re.compile(r"[0-9]{9,14}")
_OWN_KEY_OF, _OWN_KEY_REST = 9, 4  # every ninth person uses the company's own API key


class Cursor(Vendor):
    """Cursor's team administration."""

    integration = "cursor"
    label = "Cursor"
    products: ClassVar[dict[str, str]] = {
        "cursor": "Cursor",
        "cursor_own_key": "Cursor on an own API key",
        "cursor_seats": "Cursor seats",
    }
    lasting_models = ("auto", "composer-2.5", "gpt-5")
    surfaces = _SURFACES
    replaced_model = (_OLD_SONNET.id, _MODELS[1].id)

    def scope(self, query: Query, now: datetime) -> Scope:
        """Return the days that start between the bounds, both included; the last thirty days by default."""
        end = _bound(query, "end_date") or now
        start = _bound(query, "start_date") or end - timedelta(days=30)
        first = start.date() if start == _start_of(start.date()) else start.date() + timedelta(days=1)
        return Scope(days_between(first, end.date() + timedelta(days=1), now.date()))

    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return the person's seat on the first of a month, and one item per model that the person used."""
        person = account.person(source)
        seat = [self._seat(account, person, period)] if period.day == 1 and period <= today else []
        models = _OWN_KEY_MODELS if _has_own_key(person) else _MODELS
        volumes = person_volumes(account, period, source, models, 2, _RESTATEMENT, today)
        items = (self._item(account, person, period, model, volume) for model, volume in volumes)
        return self.without_surfaces_down(account, period, [*seat, *items])

    def user_id(self, account: Account, person: Person) -> str:
        """Return Cursor's id of a person, a number."""
        return str(10_000 * (account.index + 1) + person.index)

    def _item(self, account: Account, person: Person, day: date, model: Model, volume: int) -> Item:
        random = account.random(day.toordinal(), person.index, model.id)
        has_own_key = _has_own_key(person)
        tokens = random_tokens(random, random.between(5, 80), self.model_volume(account, day, model.id, volume))
        # A subscription includes no more than ordinary usage.
        is_ordinary = user_size(account, day, person.index) == ORDINARY
        charges = None
        if not has_own_key:
            charges = _charges(model.cost(tokens), account.currency, random, can_be_included=is_ordinary)
        if model == _MODELS[1] and not uses_new_model(account, day, person.index):
            model = _OLD_SONNET
        user = user_json(person, self.user_id(account, person))
        product = "cursor_own_key" if has_own_key else "cursor"
        row = {
            "id": f"cursor_{user['id']}_{day.isoformat()}_{model.id}",
            "product": {"id": product, "name": self.products[product]},
            "metric_name": "daily_usage",
            "user": user,
            "model": model.as_json(),
            "surface": random.choice(_SURFACES),
            **({"charges": charges.as_json()} if charges else {}),
            "usage": _usage(tokens, charges, random),
            **_day(day),
        }
        row["remote_data"] = _vendor_record(day, user, model, row["usage"])
        return Item(row, day, charges, tokens)

    def _seat(self, account: Account, person: Person, day: date) -> Item:
        charges = fee_less_discount(_SEAT * 9 // 10, account.currency, _SEAT // 10)
        user = user_json(person, self.user_id(account, person))
        row = {
            "id": f"cursor_seat_{user['id']}_{day.isoformat()}",
            "product": {"id": "cursor_seats", "name": self.products["cursor_seats"]},
            "metric_name": "seat",
            "user": user,
            "charges": charges.as_json(),
            **_day(day),
            "remote_data": {"userId": user["id"], "seat": True, "cycleStart": day.isoformat()},
        }
        return Item(row, day, charges)


def _has_own_key(person: Person) -> bool:
    return person.index % _OWN_KEY_OF == _OWN_KEY_REST


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _bound(query: Query, name: str) -> datetime | None:
    """Return a bound of the range; Cursor also accepts epoch milliseconds."""
    text = query.text(name)
    if text and _EPOCH_MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:-3]), UTC) + timedelta(milliseconds=int(text[-3:]))
    return query.moment(name)


def _day(day: date) -> Row:
    return {"start_date": midnight(day), "end_date": f"{day.isoformat()}T23:59:59.999Z"}


def _charges(cost: int, currency: str, random: SeededRandom, *, can_be_included: bool) -> Charges:
    if random.chance(40) and can_be_included:
        return included(cost, currency)
    if random.chance(33):
        return net_with_tax(cost, currency, 8)
    return usage_with_fee(cost, currency, cost // 10 if random.chance(50) else 0)


def _usage(tokens: Tokens, charges: Charges | None, random: SeededRandom) -> Row:
    chat = tokens.requests * random.between(20, 50) // 100
    cmdk = tokens.requests // 10
    is_included = charges is not None and not charges.cost
    shown = random.between(20, 400)
    return {
        "activity": {"is_active": True, "client_version": "2.4.31", "max_mode": random.chance(10)},
        "requests": {
            "total": tokens.requests,
            "chat": chat,
            "agent": tokens.requests - chat - cmdk,
            "composer": 0,
            "cmdk": cmdk,
            "tab_shown": shown,
            "tab_accepted": shown * random.between(30, 80) // 100,
            "api_key": 0 if charges else tokens.requests,
            "included": tokens.requests if is_included else 0,
            "usage_based": tokens.requests if charges and not is_included else 0,
            "bugbot": random.below(3),
        },
        "tokens": tokens.as_json(input_includes_cache=False),
        "code": {
            "applies": (applies := random.between(1, 90)),
            "accepts": applies * 4 // 5,
            "rejects": applies - applies * 4 // 5,
            "lines_added": random.between(10, 1600),
            "lines_deleted": random.between(0, 700),
        },
    }


def _vendor_record(day: date, user: Row, model: Model, usage: Row) -> Row:
    """Return the day in Cursor's own form."""
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
