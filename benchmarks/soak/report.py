"""What a soak found, as lines and as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.soak.traffic import MemorySample, Record

WARM_UP: Final = 500
"""Photos after which memory counts as that of the start: by then every cache and thread has been used."""

SHARE: Final = 0.05
"""So many of the samples after the warm-up are the start, and as many the end: decoders come and go all the time."""

MOST_GROWTH: Final = 0.05


@dataclass(frozen=True, slots=True)
class Memory:
    """The bot's memory at the start and at the end, bytes of PSS, and the part of mapped files at both."""

    start: float
    end: float
    files_at_start: float
    files_at_end: float

    @property
    def growth(self) -> float:
        """As a share of the start."""
        return self.end / self.start - 1.0


def memory_of(samples: Sequence[MemorySample]) -> Memory | None:
    """The medians of both ends; None when there were too few photos to speak of either."""
    warm = [sample.usage for sample in samples if sample.answered >= WARM_UP]
    if not samples or samples[-1].answered < 2 * WARM_UP:
        return None
    window = max(1, round(SHARE * len(warm)))
    start, end = ([(usage.whole, usage.files) for usage in part] for part in (warm[:window], warm[-window:]))
    (whole_start, files_start), (whole_end, files_end) = np.median(start, axis=0), np.median(end, axis=0)
    return Memory(float(whole_start), float(whole_end), float(files_start), float(files_end))


def passed(record: Record, count: int) -> bool:
    """Whether everything was sent, answered once, and the memory flat."""
    memory = memory_of(record.memory)
    return record.answers == [1] * count and (memory is None or memory.growth <= MOST_GROWTH)


def report(record: Record, count: int) -> str:
    """The figures as lines for a terminal."""
    answered = sum(replies > 0 for replies in record.answers)
    lines = [
        f"photos      {len(record.answers)} of {count} in {record.took_s:.0f} s, {record.faults} faults",
        f"answers     {answered}, of them {record.in_words} without a picture; {record.others} other messages",
        f"losses      {len(record.answers) - answered}",
        f"duplicates  {sum(replies - 1 for replies in record.answers if replies)}",
    ]
    lines.append(f"bot's log   {record.warnings} warnings, {record.errors} errors")
    if record.seconds:
        p50, p95, p99 = np.quantile(record.seconds, (0.5, 0.95, 0.99))
        lines.append(f"to answer   p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s")
    memory = memory_of(record.memory)
    if memory is None:
        lines.append(f"memory      not judged below {2 * WARM_UP} photos")
    else:
        lines.append(
            f"memory      {memory.start / 1e6:.0f} MB at the start, {memory.end / 1e6:.0f} MB at the end"
            f" ({memory.growth:+.1%}, at most {MOST_GROWTH:+.0%}), PSS of all processes"
        )
        lines.append(
            f"of it       {memory.files_at_start / 1e6:.0f} MB and {memory.files_at_end / 1e6:.0f} MB are libraries"
        )
    return "\n".join(lines)


def plot(record: Record, path: Path) -> None:
    """Draw the memory and the waits over the photos into a PNG file."""
    from matplotlib.figure import Figure

    answered = [sample.answered for sample in record.memory]
    figure = Figure(figsize=(8, 5), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    above.plot(answered, [sample.usage.whole / 1e6 for sample in record.memory], linewidth=0.8)
    if memory := memory_of(record.memory):
        above.axhline(memory.start / 1e6, color="gray", linestyle="--", linewidth=0.8, label="at the start")
        above.axvline(WARM_UP, color="gray", linestyle=":", linewidth=0.8, label="warmed up")
        above.legend(loc="lower right")
    above.set_ylim(bottom=0)
    above.set_ylabel("MB (PSS of all processes)")
    below.plot(range(1, len(record.seconds) + 1), record.seconds, ".", markersize=2, alpha=0.3)
    below.set_yscale("log")
    below.yaxis.set_major_formatter("{x:g}")
    below.set_ylabel("seconds to the answer")
    below.set_xlabel("photos answered")
    figure.suptitle(f"{len(record.seconds):,} photos answered, {record.faults:,} faults")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
