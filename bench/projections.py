"""Back-test the projections: those of past days against what the months came to, over a year of several sandboxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.inside.tasks import ProjectedMonth, ProjectionTask
from bench.measure import empty_folder, environment, report_progress, run_inside
from bench.sandbox_year import FIRST_MONTH, sandbox_year

SCOPES = ("all", "account", "provider", "model", "user")


@dataclass(frozen=True)
class BackTest:
    """The projected months of several sandboxes."""

    seeds: Sequence[int]
    months: list[ProjectedMonth]

    def of(self, scope: str, day: int) -> list[ProjectedMonth]:
        """Return the months of a scope that were projected from a day of the month."""
        return [month for month in self.months if (month.scope, month.day) == (scope, day)]


@dataclass(frozen=True)
class Accuracy:
    """How good the projections of some months are.

    Attributes:
        months: The number of months.
        error: The median of the absolute error, as a share of the cost.
        held: The share of months whose range holds the cost.
        half_range: The median of half the range, as a share of the cost.
    """

    months: int
    error: float
    held: float
    half_range: float

    @classmethod
    def of(cls, months: Sequence[ProjectedMonth]) -> Accuracy:
        """Return the accuracy of `months`."""
        return cls(
            len(months),
            median(abs(month.error) for month in months),
            sum(month.is_held for month in months) / len(months),
            median(month.half_range for month in months),
        )


def back_test(seeds: Sequence[int], days: Sequence[int], home: Path) -> BackTest:
    """Project every month of each seed's year by the present code, from `days` of the month."""
    months = list[ProjectedMonth]()
    for seed in seeds:
        year = sandbox_year(seed)
        report_progress(f"projecting the months of seed {seed}")
        with empty_folder(home / "projection") as folder:
            task = ProjectionTask(str(year.warehouse), str(folder / "copy"), FIRST_MONTH, list(days))
            months += run_inside("projections", task, environment(folder), list[ProjectedMonth])
    return BackTest(seeds, months)
