"""Draw the comparison as plain SVG: one bar per path for the CPU of a row, with a whisker for the rounds."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from xml.sax.saxutils import escape

from bench.comparison import OURS, Comparison, Outcome

WIDTH, LEFT, BAR, GAP, TOP = 860, 250, 22, 12, 56
LONGEST = WIDTH - LEFT - 130
MILLION = 10**6
COLOURS = {"ours": "#2a6fdb", "peer": "#9aa5b1", "floor": "#d5dae0"}


def draw_comparison(comparison: Comparison) -> str:
    """Return the SVG of a comparison."""
    measured = [outcome for outcome in comparison.outcomes if outcome.rounds]
    height = TOP + len(measured) * (BAR + GAP) + 12
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
            ' font-size="14">',
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            f'<text x="12" y="26" font-size="17">CPU per row, {comparison.rows:,} rows from API to table'
            " (µs, shorter is better)</text>",
            *_bars(measured, comparison.rows),
            "</svg>\n",
        ]
    )


def _bars(measured: list[Outcome], rows: int) -> Iterator[str]:
    scale = LONGEST / max(max(outcome.cpu()) for outcome in measured)
    for number, outcome in enumerate(measured):
        y, cpu = TOP + number * (BAR + GAP), outcome.cpu()
        length, low, high = (seconds * scale for seconds in (median(cpu), min(cpu), max(cpu)))
        middle = y + BAR / 2
        yield f'<text x="{LEFT - 10}" y="{middle + 5}" text-anchor="end">{escape(outcome.candidate.name)}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{_colour(outcome)}"/>'
        yield f'<path d="M{LEFT + low:.1f} {middle}H{LEFT + high:.1f}" stroke="#333" stroke-width="2"/>'
        yield f'<text x="{LEFT + high + 10:.1f}" y="{middle + 5}">{median(cpu) / rows * MILLION:.1f}</text>'


def _colour(outcome: Outcome) -> str:
    if outcome.candidate == OURS:
        return COLOURS["ours"]
    return COLOURS["floor" if outcome.candidate.is_floor else "peer"]
