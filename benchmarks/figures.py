"""What a benchmark found: a figure, what it was compared with, and whether it reaches its aim."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: was measured.
        value: what came out.
        unit: of it.
        aim: what it should reach; None where there is no such thing.
        at_least: whether the aim is a lower bound.
        beside: what it was compared with, in words, its own figure included.
    """

    what: str
    value: float
    unit: str = ""
    aim: float | None = None
    at_least: bool = False
    beside: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim


@dataclass(frozen=True, slots=True)
class Growth:
    """How a cost grows with something.

    Attributes:
        over: what grows.
        columns: what was measured at each size, with units.
        rows: the size, and a figure for each column.
    """

    over: str
    columns: Sequence[str]
    rows: Sequence[Sequence[float]]


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines for a terminal."""
    lines = [f"{'':<58}{'measured':>14}{'aim':>12}     beside"]
    for figure in figures:
        aim = "" if figure.aim is None else f"{'>=' if figure.at_least else '<='} {figure.aim:g}"
        mark = {None: " ", True: "+", False: "-"}[figure.reached]
        lines.append(
            f"{figure.what:<58}{_short(figure.value) + ' ' + figure.unit:>14}{aim:>12}  {mark}  {figure.beside}"
        )
    return "\n".join(lines)


def growth_table(growth: Growth) -> str:
    """One growth as lines for a terminal."""
    head = f"{growth.over:>24}" + "".join(f"{column:>20}" for column in growth.columns)
    rows = ["".join([f"{row[0]:>24g}", *(f"{_short(value):>20}" for value in row[1:])]) for row in growth.rows]
    return "\n".join([head, *rows])


def save(path: Path, figures: Sequence[Figure], growths: Sequence[Growth]) -> None:
    """Write everything as JSON, with the machine that it was measured on."""
    machine = {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    told = {
        "machine": machine,
        "figures": [asdict(figure) | {"reached": figure.reached} for figure in figures],
        "growth": [asdict(growth) for growth in growths],
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def processor() -> str:
    """The processor's name, and the widest vector instructions that matter here."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return platform.processor()
    name = next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "")
    flags = set(next((line for line in text.splitlines() if line.startswith("flags")), "").split())
    return ", ".join([name, *(flag for flag in ("amx_int8", "avx512_vnni", "avx512f", "avx2") if flag in flags)])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
