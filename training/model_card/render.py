"""From the figures of a model card to its page: the Jinja2 template ``page.md.j2`` and how it writes numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

TEMPLATE: Final = "page.md.j2"


def render(figures: Mapping[str, Any], tried: str | None) -> str:
    """Write the page.

    Args:
        figures: from :func:`training.model_card.figures.figures_of`.
        tried: Markdown, the table of experiments; None where there is none.
    """
    environment = Environment(
        loader=PackageLoader("training.model_card", ""),
        autoescape=select_autoescape(),  # of HTML: this is Markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "duration": duration,
        "interval": interval,
        "listed": listed,
        "megabytes": megabytes,
        "percent": percent,
        "thousands": thousands,
        "whole_percent": "{:.0%}".format,
    }
    return environment.get_template(TEMPLATE).render(figures, tried=tried)


def percent(share: float | None, digits: int = 1) -> str:
    """A share of 0..1 as ``86.0 %``; nothing for one that is not known."""
    return "" if share is None else f"{share * 100:.{digits}f} %"


def interval(ends: Sequence[float] | None) -> str:
    """An interval of shares as ``82.4 to 89.6 %``; nothing without one."""
    return "" if ends is None else f"{ends[0] * 100:.1f} to {ends[1] * 100:.1f} %"


def megabytes(size: int | None) -> str:
    """Bytes as ``0.86 MB``."""
    return f"{(size or 0) / 1e6:.2f} MB"


def thousands(count: int) -> str:
    """A count as ``10,000``."""
    return f"{count:,}"


def duration(seconds: float) -> str:
    """Seconds as minutes, or hours where they are many."""
    minutes = seconds / 60
    return f"{minutes / 60:.1f} hours" if minutes >= 100 else f"{minutes:.0f} minutes"


def listed(names: Sequence[object]) -> str:
    """Things in a row as ``a, b and c``."""
    *others, last = map(str, names)
    return f"{', '.join(others)} and {last}" if others else last
