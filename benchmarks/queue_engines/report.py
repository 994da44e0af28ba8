"""The two tables, in Markdown, one column an engine."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from benchmarks.queue_engines.failures import BOUND_S, Failures
from benchmarks.queue_engines.performance import TWICE_EACH, Performance

Found = TypeVar("Found")


def performance_table(results: Mapping[str, Performance], megabytes: Mapping[str, float]) -> str:
    """What each engine takes, and what it does about updates that come twice.

    Args:
        results: by engine.
        megabytes: by engine, what it installs beyond what serving has.
    """
    twice = f"of {TWICE_EACH} delivered twice,"
    rows: dict[str, Callable[[Performance], str]] = {
        "20 updates a second, delivered until handled: p50, p99": lambda found: _times(found.steady),
        "500 sent at once, until handled: p50, p99": lambda found: _times(found.burst),
        "processor time an update, replicas and database": lambda found: f"{1000 * found.processor_s:.1f} ms",
        "PSS of a worker": lambda found: f"{found.megabytes:.0f} MB",
        f"{twice} at once: handled twice": lambda found: str(found.twice["at once"]),
        f"{twice} again while the first is handled: handled twice": lambda found: str(found.twice["meanwhile"]),
        f"{twice} again a second after it was: handled twice": lambda found: str(found.twice["afterwards"]),
    }
    installed = "| installed beyond what serving has | " + " | ".join(f"{megabytes[name]:.1f} MB" for name in results)
    return f"{_table(results, rows)}\n{installed} |"


def failures_table(results: Mapping[str, Failures]) -> str:
    """What becomes of updates when a replica is killed and when the database goes away."""
    rows: dict[str, Callable[[Failures], str]] = {
        "killed while it handles an update: another begins it after": lambda found: _seconds(found.kill_s),
        "else, after a new process of its name has been started": lambda found: (
            "" if found.kill_s is not None else _seconds(found.restart_s)
        ),
        "answers to that update": lambda found: str(found.kill_answers),
        "database away: workers that stopped and were run again": lambda found: str(found.endings),
        "its return: what came meanwhile is handled after": lambda found: _seconds(found.outage_s),
        "answers to what was begun before": lambda found: str(found.outage_answers[0]),
        "answers to what came meanwhile": lambda found: str(found.outage_answers[1]),
    }
    return _table(results, rows)


def _table(results: Mapping[str, Found], rows: Mapping[str, Callable[[Found], str]]) -> str:
    lines = ["| | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
    for name, row in rows.items():
        lines.append(f"| {name} | " + " | ".join(map(row, results.values())) + " |")
    return "\n".join(lines)


def _times(seconds: Sequence[float]) -> str:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"{1000 * statistics.median(seconds):.0f}, {1000 * hundredths[98]:.0f} ms"


def _seconds(seconds: float | None) -> str:
    return f"not in {BOUND_S:.0f} s" if seconds is None else f"{seconds:.1f} s"
