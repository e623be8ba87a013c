"""Confluent: day rows of clusters, from a start up to, not including, an end; else the current month."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from truto_sandbox.bills import total_after
from truto_sandbox.companies import Account
from truto_sandbox.draws import fixed_hex
from truto_sandbox.items import Bill, Item, Row, money, whole_day
from truto_sandbox.people import Person
from truto_sandbox.query import Query
from truto_sandbox.rhythm import Restatement, busyness
from truto_sandbox.vendors.vendor import Span, days_between, month_of, next_month

_RESTATED = Restatement(first_age=1, final_age=7)
_ENVIRONMENTS = ("production", "staging")
_CLUSTERS = ("orders", "events", "billing")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line type of the bill; the price is in millionths per unit, the quantity in thousandths a day."""

    product: str
    type: str
    unit: str
    price: int
    quantity: int


_LINES = (
    _Line("KAFKA", "KAFKA_NUM_CKUS", "CKU-hour", 1_500_000, 24_000),
    _Line("KAFKA", "KAFKA_NETWORK_WRITE", "GB", 60_000, 310_000),
    _Line("KAFKA", "KAFKA_STORAGE", "GB-hour", 109, 52_000_000),
    _Line("CONNECT", "CONNECT_NUM_TASKS", "Task-hour", 34_700, 96_000),
    _Line("FLINK", "FLINK_NUM_CFUS", "CFU-minute", 3_500, 1_440_000),
)


class Confluent:
    """Confluent Cloud's costs."""

    integration = "confluent"
    label = "Confluent"
    products: ClassVar[dict[str, str]] = {"KAFKA": "Kafka", "CONNECT": "Connect", "FLINK": "Flink"}
    by_month = False

    def span(self, query: Query, now: datetime) -> Span:
        """From the start (the month's first day) up to the end (the end of the start's month)."""
        start = query.day("start_date") or month_of(now.date())
        return Span(days_between(start, query.day("end_date") or next_month(start), now.date()))

    def slots(self, _account: Account) -> int:
        """Every line of every cluster in every environment."""
        return len(_LINES) * len(_CLUSTERS) * len(_ENVIRONMENTS)

    def items(self, account: Account, step: date, slot: int, today: date) -> list[Item]:
        """The line's cost of that day."""
        draws = account.draws(step.toordinal(), slot)
        known = _RESTATED.known((today - step).days, draws)
        if not known:
            return []
        place, number = divmod(slot, len(_LINES))
        line = _LINES[number]
        busy = 1000 + busyness(account, step)  # clusters run at night and on Sundays as well
        quantity = line.quantity * busy * draws.between(800, 1200) // 2_000_000 * known // 1000
        quantity = quantity // (4 if place % len(_ENVIRONMENTS) else 1)
        cost = quantity * line.price // 1000
        discount = cost * 8 // 100 if number == 0 else 0
        credit = cost * 3 // 100 if draws.chance(20) else 0
        bill = total_after(cost, account.currency, discount, credit, cost * 19 // 100 if number == 1 else 0)
        return [Item(self._row(account, step, place, line, quantity, bill), step, bill)]

    def user_id(self, _account: Account, _person: Person) -> None:
        """Confluent's costs know no people."""

    def _row(self, account: Account, day: date, place: int, line: _Line, quantity: int, bill: Bill) -> Row:
        resource = clusters(account)[place]
        amount = money(quantity * 1000)
        identity = fixed_hex(10, account.id, day.toordinal(), place, line.type)
        return {
            "id": f"dlz-{identity}",
            "product": {"id": line.product, "name": self.products[line.product]},
            "metric_name": line.type,
            "resources": [resource],
            "organization": organization(account),
            "charges": bill.as_json(),
            "usage": {"quantity": amount, "unit": line.unit},
            **whole_day(day),
            "remote_data": _original(day, line, amount, bill, resource),
        }


def organization(account: Account) -> Row:
    """The company in Confluent's words."""
    return {"id": f"org-{account.id[:8]}", "name": account.company}


def workspaces(account: Account) -> list[Row]:
    """Confluent's environments."""
    return [{"id": f"env-{fixed_hex(6, account.id, name)}", "name": name} for name in _ENVIRONMENTS]


def clusters(account: Account) -> list[Row]:
    """Every cluster with the environment it is in."""
    return [
        {
            "id": f"lkc-{fixed_hex(6, account.id, name, workspace['name'])}",
            "name": f"{workspace['name']}-{name}",
            "workspace": workspace,
        }
        for name in _CLUSTERS
        for workspace in workspaces(account)
    ]


def _original(day: date, line: _Line, quantity: Decimal, bill: Bill, resource: Row) -> Row:
    """The cost as Confluent words it."""
    environment = {"id": resource["workspace"]["id"]}
    return {
        "start_date": day.isoformat(),
        "granularity": "DAILY",
        "product": line.product,
        "line_type": line.type,
        "amount": bill.cost,
        "price": money(line.price),
        "quantity": quantity,
        "unit": line.unit,
        "resource": {"id": resource["id"], "display_name": resource["name"], "environment": environment},
    }
