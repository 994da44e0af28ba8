"""``python -m bot predict [--json] PATH...``: names the garments in image files, one line each.

A file may be anything: a folder, a pipe that nobody writes to, a bomb. Each gets its line and none stops the rest.
"""

import argparse
import io
import json
import logging
import os
import signal
import stat
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from bot.logs import set_up_logging
from bot.settings import Settings, SettingsError, load_settings
from bot.vision.decoder import TIMEOUT_S, DecoderError
from bot.vision.interpreter import ModelError, Runtime
from bot.vision.labels import CLASS_NAMES
from bot.vision.photo import MAX_BYTES, PhotoError, PhotoProblem
from bot.vision.prediction import Prediction
from bot.vision.recognizer import Recognizer, open_recognizer

ALL_OK: Final = 0
SOME_NOT_OK: Final = 1
NO_MODEL: Final = 2
INTERRUPTED: Final = 130

_NAME_COLUMNS: Final = 18
_VERDICT_COLUMNS: Final = 10

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one file.

    Attributes:
        path: as given.
        milliseconds: from opening the file to the answer.
        prediction: the answer; None when there is none.
        error: why there is none, one line.
    """

    path: str
    milliseconds: float
    prediction: Prediction | None = None
    error: str = ""


class UnreadableFileError(Exception):
    """A path that leads to no bytes; ``str()`` says why."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; the exit status: 0 all ok, 1 some not, 2 no usable model."""
    parser = argparse.ArgumentParser(prog="python -m bot predict", description="Name the garments in image files.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="an image file")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
    except SettingsError as error:
        return _refuse(str(error))
    set_up_logging("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.secrets)
    return predict(options.paths, as_json=options.json, settings=settings)


def predict(paths: Sequence[str], *, as_json: bool, settings: Settings) -> int:
    """Answer for each path in order, each as soon as it is known; the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese, names in another encoding
    all_ok = True
    try:
        runtime = Runtime(settings.tflite_runtime)
        with (
            _interrupts() as interrupted,
            open_recognizer(settings.models_dir, runtime=runtime, decode_timeout_s=TIMEOUT_S) as recognizer,
        ):
            recognizer.check()
            for line in lines(recognizer, paths):
                all_ok &= line.prediction is not None
                print(as_json_line(line) if as_json else as_plain_line(line), flush=True)
                if interrupted.is_set():
                    return INTERRUPTED
    except ModelError as error:
        return _refuse(f"no usable model: {error}")
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_NOT_OK
    return ALL_OK if all_ok else SOME_NOT_OK


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Let Ctrl-C end the batch after the photo under way; a second one ends the process at once.

    An exception at any point of the program could leave a queue without the worker that was just taken from it.
    """
    interrupted = threading.Event()

    def note(*_: object) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    if threading.current_thread() is not threading.main_thread():  # only there can signals be handled
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def lines(recognizer: Recognizer, paths: Sequence[str]) -> Iterator[Line]:
    """Answer for each path."""
    for path in paths:
        started = time.perf_counter()
        prediction, error = _answer(recognizer, path)
        yield Line(path, 1000 * (time.perf_counter() - started), prediction, error)


def _answer(recognizer: Recognizer, path: str) -> tuple[Prediction | None, str]:
    try:
        return recognizer.recognize(read(path)).prediction, ""
    except (UnreadableFileError, PhotoError, ModelError, DecoderError) as error:
        return None, str(error)
    except Exception:  # one picture that nobody thought of must not end the batch
        _log.exception("no answer")
        return None, "This picture cannot be looked at; the log says why."


def read(path: str) -> bytes:
    """Read a file without ever waiting for one.

    Raises:
        UnreadableFileError: it cannot be opened, or is no regular file.
        PhotoError: it is too large; nothing is read then.
    """
    try:
        _check(os.stat(path))  # some devices act on being opened
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:
            _check(os.fstat(file.fileno()))
            return file.read(MAX_BYTES) or b""
    except OSError as error:
        raise UnreadableFileError(f"This file cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UnreadableFileError("This is not a path.") from error


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFileError("This is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("This is not a regular file.")
    if status.st_size > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)


def as_json_line(line: Line) -> str:
    """The line as JSON: ASCII only, so that every terminal and every file name passes."""
    values: dict[str, object] = {"path": line.path, "ok": line.prediction is not None}
    if line.prediction is None:
        values["error"] = line.error
    else:
        values |= {
            "label": line.prediction.label,
            "name": CLASS_NAMES[line.prediction.label],
            "confidence": line.prediction.confidence,
            "probabilities": list(line.prediction.probabilities),
            "verdict": str(line.prediction.verdict),
        }
    return json.dumps(values | {"milliseconds": round(line.milliseconds, 3)})


def as_plain_line(line: Line) -> str:
    """The line in columns of fixed width; the path, of any width, comes last."""
    milliseconds = f"{line.milliseconds:7.0f} ms"
    path = printable(line.path)
    if line.prediction is None:
        return f"{'-':{_NAME_COLUMNS}} {'-':>7} {'error':{_VERDICT_COLUMNS}} {milliseconds}  {path}: {line.error}"
    name = CLASS_NAMES[line.prediction.label]
    padded = name + " " * max(0, _NAME_COLUMNS - columns(name))
    confidence = f"{100 * line.prediction.confidence:5.1f} %"
    return f"{padded} {confidence} {line.prediction.verdict:{_VERDICT_COLUMNS}} {milliseconds}  {path}"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def printable(path: str) -> str:
    """A path on one line: line ends, control characters and bytes that are no text are escaped."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in path)


def _escaped(letter: str) -> str:
    code = ord(letter)
    is_byte = 0xDC80 <= code <= 0xDCFF  # how Python holds a byte of a file name that is not UTF-8
    return f"\\x{code - 0xDC00:02x}" if is_byte else letter.encode("unicode_escape").decode()


def _refuse(reason: str) -> int:
    print(f"python -m bot predict: {reason}", file=sys.stderr, flush=True)
    return NO_MODEL
