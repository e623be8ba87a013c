"""OpenAI Codex: one day per request, tokens without charges; input includes the cached part."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.activity import Restatement, person_volumes
from truto_sandbox.companies import Account
from truto_sandbox.gradual_changes import uses_new_model
from truto_sandbox.items import Item, Row, Tokens, whole_day
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.seeded_random import fixed_hex
from truto_sandbox.vendors.models import Model, random_tokens
from truto_sandbox.vendors.users import user_json
from truto_sandbox.vendors.vendor import Scope, Vendor, days_between

_RESTATEMENT = Restatement(first_age=1, final_age=6)
_MODELS = (
    Model("gpt-5-codex", "openai", 1250, 10_000),
    Model("gpt-5", "openai", 1250, 10_000),
    Model("gpt-5-mini", "openai", 250, 2000),
)
_OLD_CODEX = Model("codex-mini-latest", "openai", 1500, 6000)
_SURFACES = ("cli", "cli", "code", "api")


class Codex(Vendor):
    """OpenAI's organization usage."""

    integration = "openai_codex"
    label = "OpenAI Codex"
    products: ClassVar[dict[str, str]] = {"completions": "Completions"}
    lasting_models = ("gpt-5", "gpt-5-mini")
    surfaces = ("cli", "code", "api")
    replaced_model = (_OLD_CODEX.id, _MODELS[0].id)

    def scope(self, query: Query, now: datetime) -> Scope:
        """Return the day of `date`, else of `start_date`, else yesterday, and the user; `end_date` is ignored."""
        today = now.date()
        day = query.day("date") or query.day("start_date") or today - timedelta(days=1)
        return Scope(days_between(day, day + timedelta(days=1), today), query.text("user_id"))

    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return one item per model that the person used."""
        volumes = person_volumes(account, period, source, _MODELS, 2, _RESTATEMENT, today)
        person = account.person(source)
        items = (self._item(account, person, period, model, volume) for model, volume in volumes)
        return self.without_surfaces_down(account, period, items)

    def user_id(self, account: Account, person: Person) -> str:
        """Return OpenAI's id of a person."""
        return f"user-{fixed_hex(20, account.id, 'user', person.index)}"

    def _item(self, account: Account, person: Person, day: date, model: Model, volume: int) -> Item:
        random = account.random(day.toordinal(), person.index, model.id)
        volume = self.model_volume(account, day, model.id, volume)
        tokens = replace(random_tokens(random, random.between(4, 70), volume), written=0)
        if model == _MODELS[0] and not uses_new_model(account, day, person.index):
            model = _OLD_CODEX
        user = user_json(person, self.user_id(account, person))
        row = {
            "id": f"completions_{user['id']}_{day.isoformat()}_{model.id}",
            "product": {"id": "completions", "name": "Completions"},
            "metric_name": "completions",
            "user": user,
            "model": model.as_json(),
            "surface": random.choice(_SURFACES),
            "usage": {
                "requests": {"total": tokens.requests},
                "tokens": tokens.as_json(input_includes_cache=True),
            },
            **whole_day(day),
        }
        row["remote_data"] = _vendor_record(day, user, model, tokens)
        return Item(row, day, None, tokens)


def _vendor_record(day: date, user: Row, model: Model, tokens: Tokens) -> Row:
    """Return the result of a bucket in OpenAI's own form."""
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
