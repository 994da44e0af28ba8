"""Records the course's experiments for the bot to teach with: ``python -m training.cli.record_lessons``.

Every number under ``models/lesson/`` comes from here; models/lesson/README.md says what is in each file.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.datasets import as_pixels
from bot.registry.files import replace_durably
from bot.settings import settings_or_exit
from bot.vision.labels import CLASS_NAMES_EN
from training.data.fashion_mnist import FashionMnist, load_fashion_mnist
from training.engine import lesson
from training.evaluation.measure import Examinations, load_classifier, measure
from training.plan import LessonPlan
from training.presets import LESSON
from training.runs.folders import ProgressListener, Run, versions
from training.runs.progress import native_output_to, open_terminal, quiet_libraries
from training.runs.report import draw_bars, draw_confusion, draw_curves, overfitting_sentence

WEIGHTS: Final = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")
_WIDTHS: Final = (8, 32, 512, 1024)

EXPERIMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "5-epochs": {},
    "50-epochs": {"epochs": 50},
    "no-normalise": {"normalise": False},
    **{f"neurons-{neurons}": {"neurons": neurons} for neurons in _WIDTHS},
}
"""Name of the record -> what differs from the course's program."""

_WITH_FILE: Final = "5-epochs"
"""The run whose converted network people may download."""

_WITH_WEIGHTS: Final = {"5-epochs": "weights.npz", "50-epochs": "weights-50-epochs.npz"}


def record(
    name: str, plan: LessonPlan, fashion_mnist: FashionMnist, folder: Path, listener: ProgressListener
) -> dict[str, Any]:
    """Trains once and writes the record, its curves and, for the course's own network, its weights.

    Args:
        name: of the record.
        plan: what to train.
        fashion_mnist: Fashion-MNIST.
        folder: ``models/lesson``.
        listener: is told how it goes.
    """
    from training.networks.convert import to_tflite

    with tempfile.TemporaryDirectory() as scratch:
        run = Run.create(Path(scratch), plan, listener=listener, events=False)
        network = lesson.train(plan, run, fashion_mnist.train, fashion_mnist.test)
        records = run.metrics()
        epochs = run.metrics_path.read_bytes()
    tflite = to_tflite(network)
    classifier = load_classifier(tflite)
    measured = measure(classifier, Examinations(test=fashion_mnist.test, trained_on=fashion_mnist.train))
    first = classifier.probabilities(as_pixels(fashion_mnist.test.images[:1]))[0]
    values = {
        "plan": plan.to_json(),
        "versions": versions(),
        "parameters": int(sum(np.size(array) for array in network.get_weights())),
        "epochs": [asdict(each) for each in records],
        "overfitting": overfitting_sentence(records),
        "file": {
            "bytes": len(tflite),
            "train_accuracy": measured.train_accuracy,
            "test_accuracy": measured.test.accuracy,
            "ece": measured.test.ece,
            "recall": list(measured.test.recall),
            "confusion": [list(row) for row in measured.test.confusion],
            "first_probabilities": [round(float(value), 6) for value in first],
            "first_label": int(fashion_mnist.test.labels[0]),
        },
    }
    replace_durably(folder / f"{name}.json", _json(values))
    if name == _WITH_FILE:
        replace_durably(folder / f"{name}.tflite", tflite)
    if name in _WITH_WEIGHTS:
        replace_durably(folder / _WITH_WEIGHTS[name], _weights(network))
        replace_durably(folder / f"{name}.csv", epochs)
        draw_curves(records, folder / f"{name}.png", f"784-128-10, {plan.epochs} epochs")
        draw_confusion(
            np.array(measured.test.confusion),
            CLASS_NAMES_EN,
            folder / f"{name}-confusion.png",
            f"{plan.epochs} epochs: {measured.test.accuracy:.2%} of the test images",
        )
    return values


def main() -> int:
    """Records all experiments, or those that are named."""
    quiet_libraries()
    terminal = open_terminal()
    names = sys.argv[1:] or list(EXPERIMENTS)
    folder = lesson.RECORDED
    folder.mkdir(parents=True, exist_ok=True)
    with terminal.downloads() as progress:
        fashion_mnist = load_fashion_mnist(settings_or_exit("record_lessons").data_dir, progress)
    with tempfile.TemporaryDirectory() as scratch, native_output_to(Path(scratch) / "native.log"):
        for name in names:
            listener = terminal.listener()
            listener.say(name)
            record(name, replace(LESSON, **EXPERIMENTS[name]), fashion_mnist, folder, listener)
    _draw_widths(folder)
    return 0


def _draw_widths(folder: Path) -> None:
    """The test accuracy of the recorded widths, in one picture."""
    paths = (folder / "5-epochs.json", *folder.glob("neurons-*.json"))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    widths = {int(each["plan"]["neurons"]): float(each["epochs"][-1]["val_accuracy"]) for each in records}
    bars = {f"{neurons} neurons": widths[neurons] for neurons in sorted(widths)}
    draw_bars(bars, folder / "neurons.png", "Width of the hidden layer, 5 epochs", "test accuracy")


def _weights(network: Any) -> bytes:
    """The four arrays in float16: half the size, and the same answers on all but a few of 10,000 images."""
    buffer = io.BytesIO()
    arrays = {name: array.astype(np.float16) for name, array in zip(WEIGHTS, network.get_weights(), strict=True)}
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


if __name__ == "__main__":
    sys.exit(main())
