"""What /status tells: how many photos were answered, how fast, and what went wrong."""

import time
from collections import Counter, deque
from datetime import timedelta
from typing import Final

from bot.monitoring.metrics import Metrics
from bot.vision.prediction import Prediction

_REMEMBERED: Final = 1_000


class Statistics:
    """Counts since the start of the process.

    Attributes:
        answered: photos answered.
        metrics: the same and more, for Prometheus.
    """

    def __init__(self) -> None:
        self.metrics = Metrics()
        self._started = time.monotonic()
        self._latencies_ms: deque[float] = deque(maxlen=_REMEMBERED)
        self._errors: Counter[str] = Counter()
        self.answered = 0

    def photo_answered(self, prediction: Prediction, milliseconds: float) -> None:
        """Count one answered photo, so long after it was taken on."""
        self.answered += 1
        self.metrics.answered(prediction)
        self.metrics.took("answer", milliseconds / 1000)
        self._latencies_ms.append(milliseconds)

    def failed(self, kind: str) -> None:
        """Count one failure of a kind."""
        self._errors[kind] += 1
        self.metrics.failed(kind)

    @property
    def uptime(self) -> timedelta:
        """Since the start."""
        return timedelta(seconds=time.monotonic() - self._started)

    @property
    def errors(self) -> tuple[tuple[str, int], ...]:
        """How often each kind of failure came, the most frequent first."""
        return tuple(self._errors.most_common())

    @property
    def latency_ms(self) -> tuple[float, float, float] | None:
        """p50, p95 and p99 over the last thousand photos; None without any."""
        if not self._latencies_ms:
            return None
        ordered = sorted(self._latencies_ms)
        p50, p95, p99 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99))
        return p50, p95, p99
