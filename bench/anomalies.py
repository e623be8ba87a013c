"""Compare the reported incidents with those that the sandbox planted, over a year of each seed.

The cost comes from the real pipeline, the incidents from this program. A reported incident is right if the sandbox
planted one in the same account with a day in common; the scope may be narrower or wider.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bench.measure import report_progress
from bench.sandbox_year import FIRST_DAY, LAST_DAY, NOW, sandbox_year
from truto_sandbox.ledger import Ledger
from truto_sandbox.planted import Planted
from truto_sandbox.settings import SandboxSettings
from usage_assets.insights.baselines import WEEK, WEEKS
from usage_assets.warehouse.anomalies import derive_anomalies
from usage_assets.warehouse.connection import Warehouse

FIRST_JUDGED = FIRST_DAY + timedelta(days=WEEK * WEEKS)
TUNED, UNSEEN = (1, 2, 3, 4, 5), (13, 14, 15, 16, 17)
"""Seeds of those by which the limits were chosen, 1 to 12, and seeds that were not looked at."""


@dataclass(frozen=True)
class Reported:
    """A row of `spend_anomalies`."""

    account_id: str
    kind: str
    scope: str
    scope_key: str
    first_day: date
    last_day: date

    def is_same(self, planted: Planted) -> bool:
        """Return whether a planted incident is in the same account and has a day in common."""
        is_near = self.first_day <= planted.last_day and self.last_day >= planted.first_day
        return is_near and self.account_id == planted.account_id


@dataclass
class Score:
    """The incidents of some companies.

    Attributes:
        planted: How many incidents of each kind are planted.
        found: How many of them are reported.
        reported: How many incidents are reported.
        right: How many of these are planted.
        in_scope: How many of these name the part that the sandbox planted.
    """

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    reported: int = 0
    right: int = 0
    in_scope: int = 0

    @property
    def recall(self) -> float:
        """The share of the planted incidents that is reported."""
        return self.found.total() / self.planted.total()

    @property
    def precision(self) -> float:
        """The share of the reported incidents that is planted."""
        return self.right / self.reported

    def add(self, other: Score) -> None:
        """Add the incidents of other companies."""
        self.planted += other.planted
        self.found += other.found
        self.reported += other.reported
        self.right += other.right
        self.in_scope += other.in_scope


def measure_anomalies(seeds: Iterable[int], home: Path) -> dict[int, Score]:
    """Return the score of the sandbox companies of each seed."""
    scores = {}
    for seed in seeds:
        year = sandbox_year(seed)
        file = home / f"{seed}.duckdb"
        shutil.copy(year.warehouse, file)
        report_progress(f"incidents of seed {seed}")
        scores[seed] = score(planted_incidents(seed), reported_incidents(file))
        file.unlink()
    return scores


def planted_incidents(seed: int) -> list[Planted]:
    """Return the incidents that a monitor of all accounts should report in the year."""
    ledger = Ledger(SandboxSettings(seed=seed, late_after_seconds=0, now=lambda: NOW))
    end = LAST_DAY + timedelta(days=1)
    changes = (change for account in ledger.accounts() for change in ledger.planted(account.id, FIRST_JUDGED, end))
    return [change for change in changes if change.should_report and change.first_day >= FIRST_JUDGED]


def reported_incidents(file: Path) -> list[Reported]:
    """Return the incidents that this program finds in the cost of a warehouse file, which it writes."""
    with Warehouse(file).transaction() as connection:
        connection.execute("delete from bookkeeping.judged_days")  # so that the present code judges every day
        derive_anomalies(connection, [], {})
        columns = "account_id, kind, scope, scope_key, first_day, last_day"
        rows = connection.execute(f"select {columns} from spend_anomalies order by all").fetchall()  # noqa: S608
    return [Reported(*row) for row in rows if row[-1] >= FIRST_JUDGED]


def score(planted: Sequence[Planted], reported: Sequence[Reported]) -> Score:
    """Compare what is reported with what is planted."""
    found = [change for change in planted if any(incident.is_same(change) for incident in reported)]
    right = [incident for incident in reported if any(incident.is_same(change) for change in planted)]
    in_scope = [
        incident
        for incident in right
        if any(incident.is_same(change) and incident.scope == change.scope for change in planted)
    ]
    return Score(
        planted=Counter(change.kind for change in planted),
        found=Counter(change.kind for change in found),
        reported=len(reported),
        right=len(right),
        in_scope=len(in_scope),
    )
