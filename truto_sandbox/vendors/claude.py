"""Claude: a day per request, `date` only, three days behind, restated for a month.

Coding and API rows carry charges and tokens; chat and office rows, which seats pay for, only tokens.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.bills import net_of_discount, net_with_tax, total_only
from truto_sandbox.companies import Account
from truto_sandbox.draws import Draws, fixed_hex
from truto_sandbox.items import Bill, Item, Row, Tokens, whole_day
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.rhythm import Restatement, busyness, presence
from truto_sandbox.vendors.models import Model, draw_tokens
from truto_sandbox.vendors.people import user_of
from truto_sandbox.vendors.vendor import Span, days_between

_RESTATED = Restatement(first_age=3, final_age=30)
_MODELS = (
    Model("claude-sonnet-4-5-20250929", "anthropic", 3000, 15_000),
    Model("claude-sonnet-4-5-20250929", "anthropic", 3000, 15_000),
    Model("claude-opus-4-5", "anthropic", 5000, 25_000),
    Model("claude-haiku-4-5", "anthropic", 1000, 5000),
)
_SURFACES = ("claude_code", "chat", "claude_code", "api", "cowork", "office_agent")
_PRODUCT_OF = {
    "claude_code": "claude_code",
    "cowork": "claude_code",
    "api": "claude_api",
    "chat": "claude_chat",
    "office_agent": "claude_chat",
}
_SEATS_PAY = {"claude_chat"}


class Claude:
    """Anthropic's organisation analytics."""

    integration = "claude"
    label = "Claude"
    products: ClassVar[dict[str, str]] = {
        "claude_code": "Claude Code",
        "claude_api": "Claude API",
        "claude_chat": "Claude",
    }
    by_month = False

    def span(self, query: Query, now: datetime) -> Span:
        """`date`, else three days ago; start and end dates are ignored."""
        today = now.date()
        day = query.day("date") or today - timedelta(days=3)
        return Span(days_between(day, day + timedelta(days=1), today))

    def slots(self, account: Account) -> int:
        """Everybody in the company."""
        return account.users

    def items(self, account: Account, step: date, slot: int, today: date) -> list[Item]:
        """One item per surface that the person used."""
        draws = account.draws(step.toordinal(), slot)
        if draws.below(1000) >= presence(step):
            return []
        person, busy = account.person(slot), busyness(account, step)
        first, count = draws.below(len(_SURFACES)), draws.between(1, 3)
        surfaces = dict.fromkeys(_SURFACES[(first + n) % len(_SURFACES)] for n in range(count))
        age = (today - step).days
        known = {surface: _RESTATED.known(age, draws) for surface in surfaces}
        seen = {surface: share for surface, share in known.items() if share}
        return [self._item(account, person, step, name, busy * share // 1000) for name, share in seen.items()]

    def user_id(self, account: Account, person: Person) -> str:
        """Anthropic's id of a person."""
        return f"user_01{fixed_hex(14, account.id, 'user', person.index)}"

    def _item(self, account: Account, person: Person, day: date, surface: str, volume: int) -> Item:
        draws = account.draws(day.toordinal(), person.index, surface)
        model, product = draws.one_of(_MODELS), _PRODUCT_OF[surface]
        tokens = draw_tokens(draws, draws.between(6, 60), volume)
        bill = None if product in _SEATS_PAY else _bill(model.cost(tokens), account.currency, draws)
        user = user_of(person, self.user_id(account, person))
        row = {
            "id": f"claude_{user['id']}_{day.isoformat()}_{surface}",
            "product": {"id": product, "name": self.products[product]},
            "metric_name": "tokens",
            "user": user,
            "model": model.as_json(),
            "surface": surface,
            **({"charges": bill.as_json()} if bill else {}),
            "usage": _usage(surface, tokens, draws),
            **whole_day(day),
        }
        row["remote_data"] = _original(row, tokens, bill)
        return Item(row, day, bill, tokens)


def _bill(cost: int, currency: str, draws: Draws) -> Bill:
    style = draws.below(3)
    if style == 0:
        return net_of_discount(cost, currency, draws.between(5, 20))
    return net_with_tax(cost, currency, 19) if style == 1 else total_only(cost, currency)


def _usage(surface: str, tokens: Tokens, draws: Draws) -> Row:
    usage: Row = {
        "activity": {"is_active": True},
        "requests": {"total": tokens.requests},
        "sessions": {"distinct": draws.between(1, 8)},
        "tokens": tokens.as_json(input_includes_cache=False),
    }
    if surface == "cowork":
        usage["sessions"]["dispatch_turns"] = draws.between(0, 9)
    if surface == "claude_code":
        edits = {"accepted": draws.between(0, 60), "rejected": draws.between(0, 9)}
        usage["code"] = {
            "commits": draws.between(0, 6),
            "pull_requests": draws.between(0, 2),
            "lines_added": draws.between(0, 900),
            "lines_deleted": draws.between(0, 400),
            "tool_actions": {"edit": edits},
        }
    return usage


def _original(row: Row, tokens: Tokens, bill: Bill | None) -> Row:
    """The report's line as Anthropic words it: amounts are text, in cents."""
    cost = {"amount": str(bill.cost * 100), "currency": bill.currency} if bill else {}
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
