"""The networks that look at photos, as files of a models folder: the segmenter and the classifier in colour."""

from pathlib import Path
from typing import TypeVar

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE, SHIPPED_MODELS
from bot.vision.color_classifier import TfliteColorClassifier
from bot.vision.interpreter import ModelError, NoModelError, TfliteRuntime
from bot.vision.networks import PhotoNetworks
from bot.vision.segmenter import TfliteSegmenter

_Network = TypeVar("_Network", TfliteSegmenter, TfliteColorClassifier)


def network_file(folder: Path, name: str) -> Path:
    """Where a network is: in a folder, else with the shipped ones, whether it is there or not."""
    return next((path for path in (folder / name, SHIPPED_MODELS / name) if path.is_file()), folder / name)


def open_networks(
    folder: Path = SHIPPED_MODELS, *, runtime: TfliteRuntime = TfliteRuntime.AUTO, interpreters: int = 1
) -> PhotoNetworks:
    """Load the networks of a folder.

    Args:
        folder: has the networks; those that it lacks are the shipped ones.
        runtime: the interpreter to use.
        interpreters: photos looked at at the same time.

    Raises:
        NoModelError: a network is missing.
        ModelError: one is broken, or foreign.
    """
    return PhotoNetworks(
        _opened(TfliteSegmenter, folder, SEGMENTER_FILE, runtime, interpreters),
        _opened(TfliteColorClassifier, folder, COLOR_CLASSIFIER_FILE, runtime, interpreters),
    )


def _opened(kind: type[_Network], folder: Path, name: str, runtime: TfliteRuntime, interpreters: int) -> _Network:
    data = _read(folder, name)
    try:
        return kind(data, runtime=runtime, interpreters=interpreters)
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error


def _read(folder: Path, name: str) -> bytes:
    path = network_file(folder, name)
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NoModelError(f"no {name}: it comes with the project") from error
    except OSError as error:
        raise ModelError(f"{name} cannot be read: {error.strerror}") from error
