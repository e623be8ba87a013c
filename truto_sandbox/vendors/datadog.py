"""Datadog: calendar months only; the open month is month-to-date, the last month an estimate until the 16th."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from truto_sandbox.activity import activity_of
from truto_sandbox.charges import commitment
from truto_sandbox.companies import Account
from truto_sandbox.items import Item, Row
from truto_sandbox.query import Query
from truto_sandbox.seeded_random import fixed_hex
from truto_sandbox.vendors.vendor import Scope, Vendor, days_between, month_of, next_month

_DAILY = {
    "infra_host": ("Infrastructure Hosts", 21_300_000),
    "apm_host": ("APM Hosts", 12_900_000),
    "logs_indexed": ("Indexed Logs", 17_450_000),
    "logs_ingested": ("Ingested Logs", 6_120_000),
    "custom_metrics": ("Custom Metrics", 4_050_000),
    "rum": ("Real User Monitoring", 2_310_000),
    "synthetics_api": ("Synthetic API Tests", 1_175_000),
    "serverless": ("Serverless Functions", 980_000),
}
_FINAL_ON = 17
_COMMITTED_PERCENT = 70


class Datadog(Vendor):
    """Datadog's historical and estimated cost."""

    integration = "datadog"
    label = "Datadog"
    products: ClassVar[dict[str, str]] = {product: name for product, (name, _) in _DAILY.items()}
    by_month = True

    def scope(self, query: Query, now: datetime) -> Scope:
        """Return the months that the dates touch, the current month by default."""
        start = month_of(query.day("start_date") or now.date())
        end = month_of(query.day("end_date") or start)
        months = [start]
        while (month := next_month(months[-1])) <= min(end, now.date()):
            months.append(month)
        return Scope(months if start <= min(end, now.date()) else [])

    def source_count(self, _account: Account) -> int:
        """Return the number of products."""
        return len(_DAILY)

    def items(self, account: Account, period: date, source: int, today: date) -> list[Item]:
        """Return the cost of one product in the elapsed part of the month."""
        after = next_month(period)
        product, (_, usual) = list(_DAILY.items())[source]
        days = days_between(period, after, today)
        used = sum(_day_cost(account, product, usual, day) for day in days)
        if today < after.replace(day=_FINAL_ON):
            used = used * 97 // 100
        committed = min(used, usual * len(days) * _COMMITTED_PERCENT // 100)
        charges = commitment(committed, used - committed, account.currency)
        row = self._row(account, period, product)
        row["charges"] = charges.as_json()
        row["remote_data"] = _vendor_record(account, period, product, row["charges"])
        return [Item(row, period, charges, days=(after - period).days)]

    def _row(self, account: Account, month: date, product: str) -> Row:
        last = next_month(month) - timedelta(days=1)
        return {
            "id": f"dd-{fixed_hex(12, account.id, month.toordinal(), product)}",
            "product": {"id": product, "name": self.products[product]},
            "metric_name": product,
            "organization": {"id": fixed_hex(12, account.id, "public id"), "name": account.company},
            "start_date": f"{month.isoformat()}T00:00:00Z",
            "end_date": f"{last.isoformat()}T23:59:59Z",
        }


def _day_cost(account: Account, product: str, usual: int, day: date) -> int:
    variation = account.random(product, day.toordinal()).between(850, 1150)
    return usual * (2000 + activity_of(account, day)) // 3000 * variation // 1000


def _vendor_record(account: Account, month: date, product: str, charges: list[Row]) -> Row:
    """Return the month in Datadog's own form."""
    records = [{"product_name": product, "charge_type": charge["type"], "cost": charge["amount"]} for charge in charges]
    attributes = {
        "org_name": account.company,
        "public_id": fixed_hex(12, account.id, "public id"),
        "date": f"{month.isoformat()}T00:00:00Z",
        "total_cost": charges[-1]["amount"],
        "charges": records,
    }
    return {"id": f"{product}-{month.isoformat()}", "type": "cost_by_org", "attributes": attributes}
