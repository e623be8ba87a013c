"""OpenAI Codex: a day per request, tokens without charges, input that includes the cached part."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.companies import Account
from truto_sandbox.draws import fixed_hex
from truto_sandbox.items import Item, Row, Tokens, whole_day
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.rhythm import Restatement, busyness, presence
from truto_sandbox.vendors.models import Model, draw_tokens
from truto_sandbox.vendors.people import user_of
from truto_sandbox.vendors.vendor import Span, days_between

_RESTATED = Restatement(first_age=1, final_age=6)
_MODELS = (
    Model("gpt-5-codex", "openai", 1250, 10_000),
    Model("gpt-5", "openai", 1250, 10_000),
    Model("gpt-5-mini", "openai", 250, 2000),
)
_SURFACES = ("cli", "cli", "code", "api")


class Codex:
    """OpenAI's organisation usage."""

    integration = "openai_codex"
    label = "OpenAI Codex"
    products: ClassVar[dict[str, str]] = {"completions": "Completions"}
    by_month = False

    def span(self, query: Query, now: datetime) -> Span:
        """`date`, else the day of `start_date`, else yesterday; perhaps one user. `end_date` is ignored."""
        today = now.date()
        day = query.day("date") or query.day("start_date") or today - timedelta(days=1)
        return Span(days_between(day, day + timedelta(days=1), today), query.text("user_id"))

    def slots(self, account: Account) -> int:
        """Everybody in the company."""
        return account.users

    def items(self, account: Account, step: date, slot: int, today: date) -> list[Item]:
        """One item per model that the person used."""
        draws = account.draws(step.toordinal(), slot)
        if draws.below(1000) >= presence(step):
            return []
        person, busy, age = account.person(slot), busyness(account, step), (today - step).days
        first, count = draws.below(len(_MODELS)), draws.between(1, 2)
        models = [_MODELS[(first + n) % len(_MODELS)] for n in range(count)]
        known = [(model, _RESTATED.known(age, draws)) for model in models]
        return [self._item(account, person, step, model, busy * share // 1000) for model, share in known if share]

    def user_id(self, account: Account, person: Person) -> str:
        """OpenAI's id of a person."""
        return f"user-{fixed_hex(20, account.id, 'user', person.index)}"

    def _item(self, account: Account, person: Person, day: date, model: Model, volume: int) -> Item:
        draws = account.draws(day.toordinal(), person.index, model.id)
        drawn = draw_tokens(draws, draws.between(4, 70), volume)
        tokens = Tokens(drawn.uncached, drawn.cached, 0, drawn.output, drawn.reasoning, drawn.requests)
        user = user_of(person, self.user_id(account, person))
        row = {
            "id": f"completions_{user['id']}_{day.isoformat()}_{model.id}",
            "product": {"id": "completions", "name": "Completions"},
            "metric_name": "completions",
            "user": user,
            "model": model.as_json(),
            "surface": draws.one_of(_SURFACES),
            "usage": {
                "requests": {"total": tokens.requests},
                "tokens": tokens.as_json(input_includes_cache=True),
            },
            **whole_day(day),
        }
        row["remote_data"] = _original(day, user, model, tokens)
        return Item(row, day, None, tokens)


def _original(day: date, user: Row, model: Model, tokens: Tokens) -> Row:
    """The bucket's result as OpenAI words it."""
    return {
        "object": "organization.usage.completions.result",
        "bucket": day.isoformat(),
        "user_id": user["id"],
        "model": model.id,
        "num_model_requests": tokens.requests,
        "input_tokens": tokens.uncached + tokens.cached,
        "input_cached_tokens": tokens.cached,
        "output_tokens": tokens.output,
    }
