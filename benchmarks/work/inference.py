"""One 28x28 picture in LiteRT, beside Keras, the course's own function and the older runtime."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.figures import Figure
from bot.registry.layout import MODEL_FILE
from bot.registry.store import ModelStore
from bot.vision.classifier import Classifier

ROUNDS: Final = 500

Compared = Callable[..., float | None]
"""Runs a script of :mod:`benchmarks.compared` with arguments; None where its environment cannot be made."""


def inference_figures(models_dir: Path, compared: Compared) -> Iterator[Figure]:
    """Measure.

    Args:
        models_dir: has the classifier and the Keras file that it was made from.
        compared: what runs the others.
    """
    model = models_dir / MODEL_FILE
    classifier = ModelStore(models_dir, interpreters=1).live().classifier
    ours = _microseconds(classifier)
    keras = compared("inference.py", "predict", str(models_dir / "classifier.keras"))
    others = {
        "the course's function on this file": compared("inference.py", "closure", str(model)),
        "tflite-runtime 2.14 on this file": compared("inference.py", "tflite-runtime", str(model)),
    }
    beside = ", ".join(f"{name}: {took:.0f} us" for name, took in others.items() if took is not None)
    yield Figure("28x28 inference in LiteRT, processor time", ours, "us", beside=beside)
    if keras is not None:
        beside = f"keras.Model.predict: {keras / 1000:.1f} ms"
        yield Figure("28x28 inference, faster than Keras", keras / ours, "x", 200.0, at_least=True, beside=beside)
    speed, limit = 2e-3 * multiplications(model.read_bytes()) / ours, _matrix_gflops()
    beside = f"one core multiplies matrices of float32 at {limit:.0f} GFLOP/s"
    yield Figure("28x28 inference, arithmetic", speed, "GFLOP/s", beside=beside)


def _microseconds(classifier: Classifier) -> float:
    picture = np.random.default_rng(0).random((28, 28), np.float32)
    for _ in range(5):
        classifier.probabilities(picture)
    began = time.process_time()
    for _ in range(ROUNDS):
        classifier.probabilities(picture)
    return 1e6 * (time.process_time() - began) / ROUNDS


def multiplications(model: bytes) -> int:
    """How often a TFLite file multiplies a weight for one picture."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter: Any = Interpreter(model_content=model, experimental_op_resolver_type=plain)
    interpreter.allocate_tensors()
    sizes = {each["index"]: tuple(int(side) for side in each["shape"]) for each in interpreter.get_tensor_details()}
    total = 0
    for operator in interpreter._get_ops_details():
        name, inputs, outputs = operator["op_name"], operator["inputs"], operator["outputs"]
        if name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            _, height, width, _ = sizes[outputs[0]]
            total += height * width * int(np.prod(sizes[inputs[1]]))
        elif name == "FULLY_CONNECTED":
            total += int(np.prod(sizes[inputs[1]]))
    return total


def _matrix_gflops(side: int = 1024, rounds: int = 4) -> float:
    """What numpy's own matrix product reaches; time of all its threads, so that it is of one core."""
    first, second = np.random.default_rng(0).random((2, side, side), np.float32)
    first @ second
    began = time.process_time()
    for _ in range(rounds):
        first @ second
    return 2e-9 * rounds * side**3 / (time.process_time() - began)
