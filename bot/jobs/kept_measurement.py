"""What a model said about the test images, kept from one start to the next: finding it takes seconds of both cores."""

import hashlib
import io
import logging
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.datasets import TestImages
from bot.registry.files import replace_durably
from bot.vision.labels import CLASS_COUNT

_LOGGER = logging.getLogger(__name__)


class KeptMeasurement:
    """One file, for the latest model and the latest test images; without it everything is measured again."""

    def __init__(self, path: Path) -> None:
        """Read and write nothing yet: the folder may be missing, or not ours to write."""
        self._path = path

    def read(self, model_sha256: str, test: TestImages) -> tuple[NDArray[np.uint8], float] | None:
        """What is kept of this model on these images; None where that is nothing.

        Returns:
            uint8 [n], the most probable class of each image, and the seconds that it took.
        """
        try:
            with np.load(io.BytesIO(self._path.read_bytes()), allow_pickle=False) as file:
                key, predicted, took_s = str(file["key"]), file["predicted"], float(file["took_s"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            _LOGGER.warning("%s cannot be read, so the model is measured again: %s", self._path.name, error)
            return None
        fits = predicted.shape == test.labels.shape and predicted.dtype == np.uint8 and (predicted < CLASS_COUNT).all()
        return (predicted, took_s) if fits and key == _key(model_sha256, test) else None

    def write(self, model_sha256: str, test: TestImages, predicted: NDArray[np.uint8], took_s: float) -> None:
        """Keep what was found; where that cannot be, the next start measures again."""
        file = io.BytesIO()
        np.savez(file, key=_key(model_sha256, test), predicted=predicted, took_s=took_s)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_durably(self._path, file.getvalue())
        except OSError as error:
            _LOGGER.info("What was measured cannot be kept: %s", error.strerror)


def _key(model_sha256: str, test: TestImages) -> str:
    """Names a model and what it was shown."""
    shown = hashlib.sha256(np.ascontiguousarray(test.images).data)
    shown.update(np.ascontiguousarray(test.labels).data)
    return f"{model_sha256} {shown.hexdigest()}"
