"""What became of each file: what was found in it, or why nothing can be said."""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.batch.inputs import UnreadableFileError, read
from bot.vision.decoder import DecoderError
from bot.vision.decoding import stated_size
from bot.vision.interpreter import ModelError
from bot.vision.photo import Photo, PhotoError
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)

STRANGE = "This picture cannot be looked at; the log says why."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        path: as given.
        milliseconds: from opening the file to the answer.
        recognition: what was found; None when there is no answer.
        size: width and height of the upright photo before it was scaled down, in pixels.
        error: why there is no answer.
    """

    path: str
    milliseconds: float
    recognition: Recognition | None = None
    size: tuple[int, int] = (0, 0)
    error: Exception | None = field(default=None, compare=False)

    @property
    def message(self) -> str:
        """Why there is no answer, one line of English."""
        known = (UnreadableFileError, PhotoError, ModelError, DecoderError)
        return "" if self.error is None else str(self.error) if isinstance(self.error, known) else STRANGE


def outcomes(recognizer: Recognizer, paths: Iterable[str]) -> Iterator[Outcome]:
    """Look at each file, one after the other."""
    for path in paths:
        started = time.perf_counter()
        recognition, size = None, (0, 0)
        error: Exception | None = None
        try:
            data = read(path)
            recognition = recognizer.recognize(data)
            size = full_size(data, recognition.photo)
        except (UnreadableFileError, PhotoError, ModelError, DecoderError) as known:
            error = known
        except Exception as unknown:  # one picture that nobody thought of must not end the batch
            _LOGGER.exception("no answer")
            recognition, error = None, unknown
        yield Outcome(path, 1000 * (time.perf_counter() - started), recognition, size, error)


def full_size(data: bytes, photo: Photo) -> tuple[int, int]:
    """Width and height of an upright photo before it was scaled down.

    What turned it says its scaled copy: the stated size fits that, or its sides are swapped.

    Args:
        data: the image file.
        photo: what was decoded of it.
    """
    try:
        stated = stated_size(data)
    except PhotoError:  # a header that is read only once its end is cut off
        return photo.width, photo.height
    upright, turned = (abs(_slope(size) - _slope((photo.width, photo.height))) for size in (stated, stated[::-1]))
    return stated if upright <= turned else (stated[1], stated[0])


def _slope(size: tuple[int, ...]) -> float:
    """From -1, as high as can be, to 1, as wide."""
    width, height = size
    return (width - height) / (width + height)
