"""Figures for Prometheus: what was answered, how long each step took, what waits, what failed.

No figure is kept for a person or a chat, and no label holds anything that somebody sent.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.vision.labels import CLASS_NAMES_EN
from bot.vision.prediction import Prediction, Verdict

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_STEP_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_PREFIX: Final = "garment_bot_"


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._answers = Counter(
            f"{_PREFIX}answers", "Photos answered, by verdict and class.", ["verdict", "label"], registry=registry
        )
        self._steps = Histogram(
            f"{_PREFIX}step_seconds",
            "How long each step of an answer took.",
            ["step"],
            buckets=_STEP_BUCKETS,
            registry=registry,
        )
        self._errors = Counter(f"{_PREFIX}errors", "Failures, by kind.", ["kind"], registry=registry)
        self._deliveries = Counter(
            f"{_PREFIX}webhook_deliveries", "Webhook deliveries, by status.", ["status"], registry=registry
        )
        self._waiting = Gauge(f"{_PREFIX}photos_waiting", "Photos that wait for their turn.", registry=registry)
        self._open = Gauge(f"{_PREFIX}updates_open", "Updates being answered.", registry=registry)
        self._model = Gauge(f"{_PREFIX}model_info", "The live model.", ["version"], registry=registry)
        self._started = Gauge(f"{_PREFIX}start_time_seconds", "When the process started.", registry=registry)
        self._started.set_to_current_time()

    def answered(self, prediction: Prediction) -> None:
        """Count the answer to a photo."""
        label = "none" if prediction.verdict is Verdict.NO_GARMENT else CLASS_NAMES_EN[prediction.label]
        self._answers.labels(prediction.verdict.value, label).inc()

    def took(self, step: str, seconds: float) -> None:
        """Note how long a step took: one of a handful of names, such as download, look, draw, send."""
        self._steps.labels(step).observe(seconds)

    @contextlib.contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Note how long the block takes, when it ends well."""
        began = time.monotonic()
        yield
        self.took(step, time.monotonic() - began)

    def failed(self, kind: str) -> None:
        """Count a failure, by the name of its exception."""
        self._errors.labels(kind).inc()

    def delivered(self, status: int) -> None:
        """Count a webhook delivery, by how it was answered."""
        self._deliveries.labels(str(status)).inc()

    def watch(self, *, photos_waiting: Callable[[], int], updates_open: Callable[[], int]) -> None:
        """Say where the current figures are read when somebody asks."""
        self._waiting.set_function(photos_waiting)
        self._open.set_function(updates_open)

    def model_is(self, version: str | None) -> None:
        """Name the live model."""
        self._model.clear()
        if version is not None:
            self._model.labels(version).set(1)

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)
