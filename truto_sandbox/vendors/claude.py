"""Claude: one day per request, selected by `date`, three days late, restated for a month.

Coding and API rows have charges and tokens; chat and office rows, covered by seats, have tokens only.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.activity import Restatement, person_volumes
from truto_sandbox.charges import Charges, net_of_discount, net_with_tax, total_only
from truto_sandbox.companies import Account
from truto_sandbox.gradual_changes import uses_new_model
from truto_sandbox.items import Item, Row, Tokens, whole_day
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.seeded_random import SeededRandom, fixed_hex
from truto_sandbox.vendors.models import Model, random_tokens
from truto_sandbox.vendors.users import user_json
from truto_sandbox.vendors.vendor import Scope, Vendor, days_between

_RESTATEMENT = Restatement(first_age=3, final_age=30)
_MODELS = (
    Model("claude-sonnet-4-5-20250929", "anthropic", 3000, 15_000),
    Model("claude-sonnet-4-5-20250929", "anthropic", 3000, 15_000),
    Model("claude-opus-4-5", "anthropic", 5000, 25_000),
    Model("claude-haiku-4-5", "anthropic", 1000, 5000),
)
_OLD_SONNET = Model("claude-sonnet-4-20250514", "anthropic", 3000, 15_000)
_SURFACES = ("claude_code", "chat", "claude_code", "api", "cowork", "office_agent")
_PRODUCT_OF = {
    "claude_code": "claude_code",
    "cowork": "claude_code",
    "api": "claude_api",
    "chat": "claude_chat",
    "office_agent": "claude_chat",
}
_PAID_BY_SEATS = {"claude_chat"}


class Claude(Vendor):
    """Anthropic's organization analytics."""

    integration = "claude"
    label = "Claude"
    products: ClassVar[dict[str, str]] = {
        "claude_code": "Claude Code",
        "claude_api": "Claude API",
        "claude_chat": "Claude",
    }
    lasting_models = ("claude-opus-4-5", "claude-haiku-4-5")
    surfaces = ("claude_code", "api", "cowork")
    replaced_model = (_OLD_SONNET.id, _MODELS[0].id)

    def scope(self, query: Query, now: datetime) -> Scope:
        """Return the day of `date`, else three days ago; start and end dates are ignored."""
        today = now.date()
        day = query.day("date") or today - timedelta(days=3)
        return Scope(days_between(day, day + timedelta(days=1), today))

    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return one item per surface that the person used."""
        volumes = person_volumes(account, period, source, _SURFACES, 3, _RESTATEMENT, today)
        person = account.person(source)
        items = (self._item(account, person, period, surface, volume) for surface, volume in volumes)
        return self.without_surfaces_down(account, period, items)

    def user_id(self, account: Account, person: Person) -> str:
        """Return Anthropic's id of a person."""
        return f"user_01{fixed_hex(14, account.id, 'user', person.index)}"

    def _item(self, account: Account, person: Person, day: date, surface: str, volume: int) -> Item:
        random = account.random(day.toordinal(), person.index, surface)
        model, product = random.choice(_MODELS), _PRODUCT_OF[surface]
        tokens = random_tokens(random, random.between(6, 60), self.model_volume(account, day, model.id, volume))
        if model == _MODELS[0] and not uses_new_model(account, day, person.index):
            model = _OLD_SONNET
        charges = None if product in _PAID_BY_SEATS else _charges(model.cost(tokens), account.currency, random)
        user = user_json(person, self.user_id(account, person))
        row = {
            "id": f"claude_{user['id']}_{day.isoformat()}_{surface}",
            "product": {"id": product, "name": self.products[product]},
            "metric_name": "tokens",
            "user": user,
            "model": model.as_json(),
            "surface": surface,
            **({"charges": charges.as_json()} if charges else {}),
            "usage": _usage(surface, tokens, random),
            **whole_day(day),
        }
        row["remote_data"] = _vendor_record(row, tokens, charges)
        return Item(row, day, charges, tokens)


def _charges(cost: int, currency: str, random: SeededRandom) -> Charges:
    form = random.below(3)
    if form == 0:
        return net_of_discount(cost, currency, random.between(5, 20))
    return net_with_tax(cost, currency, 19) if form == 1 else total_only(cost, currency)


def _usage(surface: str, tokens: Tokens, random: SeededRandom) -> Row:
    usage: Row = {
        "activity": {"is_active": True},
        "requests": {"total": tokens.requests},
        "sessions": {"distinct": random.between(1, 8)},
        "tokens": tokens.as_json(input_includes_cache=False),
    }
    if surface == "cowork":
        usage["sessions"]["dispatch_turns"] = random.between(0, 9)
    if surface == "claude_code":
        edits = {"accepted": random.between(0, 60), "rejected": random.between(0, 9)}
        usage["code"] = {
            "commits": random.between(0, 6),
            "pull_requests": random.between(0, 2),
            "lines_added": random.between(0, 900),
            "lines_deleted": random.between(0, 400),
            "tool_actions": {"edit": edits},
        }
    return usage


def _vendor_record(row: Row, tokens: Tokens, charges: Charges | None) -> Row:
    """Return the record in Anthropic's own form; the amount is text, in cents."""
    cost = {"amount": str(charges.cost * 100), "currency": charges.currency} if charges else {}
    return {
        "actor": {"type": "user", "user_id": row["user"]["id"], "email_address": row["user"].get("email")},
        "product": row["product"]["id"],
        "model": row["model"]["id"],
        "starting_at": row["start_date"],
        "ending_at": row["end_date"],
        "uncached_input_tokens": tokens.uncached,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation": {"ephemeral_5m_input_tokens": tokens.written},
        "output_tokens": tokens.output,
        **cost,
    }
