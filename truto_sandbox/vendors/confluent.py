"""Confluent: daily rows of clusters from a start to an exclusive end, the current month by default."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from truto_sandbox.activity import Restatement, activity_of
from truto_sandbox.charges import Charges, money, total_after
from truto_sandbox.companies import Account
from truto_sandbox.incidents import account_size
from truto_sandbox.items import Item, Row, whole_day
from truto_sandbox.query import Query
from truto_sandbox.seeded_random import fixed_hex
from truto_sandbox.vendors.vendor import Scope, Vendor, days_between, month_of, next_month

_RESTATEMENT = Restatement(first_age=1, final_age=7)
_ENVIRONMENTS = ("production", "staging")
_CLUSTERS = ("orders", "events", "billing")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line type of the bill; the price is in millionths per unit, the quantity in thousandths per day."""

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


class Confluent(Vendor):
    """Confluent Cloud's costs."""

    integration = "confluent"
    label = "Confluent"
    products: ClassVar[dict[str, str]] = {"KAFKA": "Kafka", "CONNECT": "Connect", "FLINK": "Flink"}

    def scope(self, query: Query, now: datetime) -> Scope:
        """Return the days from `start_date` (default: this month) to `end_date` (default: the end of the month)."""
        start = query.day("start_date") or month_of(now.date())
        return Scope(days_between(start, query.day("end_date") or next_month(start), now.date()))

    def source_count(self, _account: Account) -> int:
        """Return the number of line types of all clusters in all environments."""
        return len(_LINES) * len(_CLUSTERS) * len(_ENVIRONMENTS)

    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return the daily cost of one line type of a cluster."""
        random = account.random(period.toordinal(), source)
        share = _RESTATEMENT.reported_share((today - period).days, random)
        if not share or not account_size(account, period):
            return []
        cluster, number = divmod(source, len(_LINES))
        line = _LINES[number]
        activity = 1000 + activity_of(account, period)  # clusters also run at night and on Sundays
        quantity = line.quantity * activity * random.between(800, 1200) // 2_000_000 * share // 1000
        quantity = quantity // (4 if cluster % len(_ENVIRONMENTS) else 1)
        cost = quantity * line.price // 1000
        discount = cost * 8 // 100 if number == 0 else 0
        credit = cost * 3 // 100 if random.chance(20) else 0
        charges = total_after(cost, account.currency, discount, credit, cost * 19 // 100 if number == 1 else 0)
        return [Item(self._row(account, period, cluster, line, quantity, charges), period, charges)]

    def _row(self, account: Account, day: date, cluster: int, line: _Line, quantity: int, charges: Charges) -> Row:
        resource = clusters(account)[cluster]
        amount = money(quantity * 1000)
        return {
            "id": f"dlz-{fixed_hex(10, account.id, day.toordinal(), cluster, line.type)}",
            "product": {"id": line.product, "name": self.products[line.product]},
            "metric_name": line.type,
            "resources": [resource],
            "organization": organization(account),
            "charges": charges.as_json(),
            "usage": {"quantity": amount, "unit": line.unit},
            **whole_day(day),
            "remote_data": _vendor_record(day, line, amount, charges.cost, resource),
        }


def organization(account: Account) -> Row:
    """Return the company as an organization."""
    return {"id": f"org-{account.id[:8]}", "name": account.company}


def workspaces(account: Account) -> list[Row]:
    """Return the environments."""
    return [{"id": f"env-{fixed_hex(6, account.id, name)}", "name": name} for name in _ENVIRONMENTS]


def clusters(account: Account) -> list[Row]:
    """Return every cluster with its environment."""
    return [
        {
            "id": f"lkc-{fixed_hex(6, account.id, name, workspace['name'])}",
            "name": f"{workspace['name']}-{name}",
            "workspace": workspace,
        }
        for name in _CLUSTERS
        for workspace in workspaces(account)
    ]


def _vendor_record(day: date, line: _Line, quantity: Decimal, cost: Decimal, resource: Row) -> Row:
    """Return the cost in Confluent's own form."""
    environment = {"id": resource["workspace"]["id"]}
    return {
        "start_date": day.isoformat(),
        "granularity": "DAILY",
        "product": line.product,
        "line_type": line.type,
        "amount": cost,
        "price": money(line.price),
        "quantity": quantity,
        "unit": line.unit,
        "resource": {"id": resource["id"], "display_name": resource["name"], "environment": environment},
    }
