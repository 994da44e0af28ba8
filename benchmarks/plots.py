"""Pictures of the results: how costs grow, and what was reached."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.figures import Growth

_WIDE: Final = 20
"""Sizes that grow by at least so much stand on logarithmic axes."""


def plot_growth(growths: Sequence[Growth], path: Path) -> None:
    """Draw each growth, side by side, into an SVG or PNG file."""
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(4 * len(growths), 3.4), layout="constrained")
    for axes, growth in zip(sheet.subplots(1, len(growths), squeeze=False)[0], growths, strict=True):
        sizes = [row[0] for row in growth.rows]
        for place, column in enumerate(growth.columns, start=1):
            axes.plot(sizes, [row[place] for row in growth.rows], marker="o", markersize=3, label=column)
        wide = max(sizes) >= _WIDE * min(sizes)
        axes.set(xscale="log" if wide else "linear", yscale="log" if wide else "linear", xlabel=growth.over)
        if wide:
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter("")
        else:
            axes.set_ylim(bottom=0)
        axes.legend(fontsize=7)
        axes.grid(alpha=0.3)
    sheet.savefig(path, dpi=90)
