"""Pictures of the results: how costs grow, and what was reached."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.figures import Growth

_WIDE: Final = 20
"""What grows by at least so much stands on a logarithmic axis."""


def plot_growth(growths: Sequence[Growth], path: Path) -> None:
    """Draw each growth, side by side, into an SVG or PNG file."""
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(4 * len(growths), 3.4), layout="constrained")
    for axes, growth in zip(sheet.subplots(1, len(growths), squeeze=False)[0], growths, strict=True):
        sizes = [row[0] for row in growth.rows]
        for place, column in enumerate(growth.columns, start=1):
            axes.plot(sizes, [row[place] for row in growth.rows], marker="o", markersize=3, label=column)
        values = [value for row in growth.rows for value in row[1:]]
        axes.set(xscale=_scale(sizes), yscale=_scale(values), xlabel=growth.over)
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_scale() == "log":
                axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter("")
        if _scale(values) == "linear":
            axes.set_ylim(bottom=0)
        axes.legend(fontsize=7)
        axes.grid(alpha=0.3)
    sheet.savefig(path, dpi=90)


def _scale(values: Sequence[float]) -> str:
    return "log" if max(values) >= _WIDE * min(values) else "linear"
