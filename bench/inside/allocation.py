"""Measure the allocation of one large day to teams: without rules, by a new file, and by the same file again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from bench.candidates.ours import fetch
from bench.inside.steps import TimedPipeline
from bench.inside.tasks import AllocationTask, Seconds, answer_task

HEADER = "valid_from,valid_to,account_id,surface,user_key,team,cost_centre,share"
SURFACES = ("claude_code", "chat", "api", "cowork", "office_agent")
TEAMS, USERS = 40, 400


def measure_allocation(task: AllocationTask) -> Seconds:
    """Derive the day, then allocate it; return the CPU seconds of each way, and of reading the file."""
    folder = Path(task.folder) / "allocation"
    fetch(task.url, folder, [task.day])
    pipeline = TimedPipeline(folder, task.url)
    pipeline.load()
    pipeline.derive([])
    without = pipeline.allocate([task.day])
    pipeline.allocation_path.write_text("\n".join(rule_lines(task.rules, task.account_ids)), encoding="utf-8")
    started = time.process_time()
    pipeline.look_at_allocation()
    read = time.process_time() - started
    return {
        "without rules": without,
        "reading the file": read,
        "by a new file: also finds the days that it changes": pipeline.allocate([task.day]),
        "by the same file": pipeline.allocate([task.day]),
    }


def rule_lines(rules: int, account_ids: list[str]) -> Iterator[str]:
    """Yield the lines of a file: rules with one to three conditions; every fifth has two lines that share."""
    draw, used = random.Random(1), set[str]()  # noqa: S311 - the same rules on every machine
    yield HEADER
    while len(used) < rules:
        user = f"person{draw.randrange(USERS):04d}@northwind.example"
        conditions = ",".join(
            [
                draw.choice([draw.choice(account_ids), f"{draw.choice(account_ids)[:-1]}*", ""]),
                draw.choice([*SURFACES, ""]),
                draw.choice([user, f"{user[:9]}*"]),
            ]
        )
        if conditions in used:
            continue
        used.add(conditions)
        shares = ("0.3", "0.7") if len(used) % 5 == 0 else ("",)
        yield from (f"2020-01-01,,{conditions},Team {draw.randrange(TEAMS)},4711,{share}" for share in shares)


if __name__ == "__main__":
    answer_task(AllocationTask, measure_allocation)
