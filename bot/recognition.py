"""Joins the live set of networks to the line of a photo."""

from pathlib import Path

import cv2

from bot.registry.store import ModelStore
from bot.vision.classifier import TfliteRuntime
from bot.vision.decoder import Decoder
from bot.vision.recognizer import Recognizer


def open_recognizer(
    models_dir: Path,
    *,
    runtime: TfliteRuntime = TfliteRuntime.AUTO,
    workers: int = 1,
    store: ModelStore | None = None,
) -> Recognizer:
    """Make a recognizer for a models folder.

    Nothing is missed yet: a missing model is told by what needs it, as NoModelError, and taken when it comes.

    Args:
        models_dir: the models folder.
        runtime: the interpreter to use.
        workers: photos recognized at the same time.
        store: the models folder's store, where there is one already.
    """
    cv2.setNumThreads(1)  # each photo has a thread of its own; OpenCV's would wait for work at the processor's cost
    store = store or ModelStore(models_dir, runtime=runtime, interpreters=workers)
    return Recognizer(Decoder(workers=workers), store)
