"""``python -m bot predict [--json | --csv] PATH...``: names the garments in image files, one line each.

Files are looked at in order; each gets its line as soon as it is known, and none stops the rest.
"""

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.batch.inputs import files_of
from bot.batch.lines import as_csv_line, as_json_line, as_plain_line, csv_head
from bot.batch.outcomes import Outcome, outcomes
from bot.batch.pictures import Pictures
from bot.batch.scoring import LabelsError, Score, labels_in
from bot.logging import set_up_logging
from bot.recognition import open_recognizer
from bot.replies.texts import Language
from bot.settings import Settings, SettingsError, load_settings
from bot.vision.interpreter import ModelError, TfliteRuntime

ALL_OK: Final = 0
SOME_NOT_OK: Final = 1
NO_MODEL: Final = 2
INTERRUPTED: Final = 130

LANGUAGES: Final = {"zh": Language.ZH_HANT, "en": Language.EN}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for.

    Attributes:
        form: ``plain``, ``json`` or ``csv``.
        language: of names and errors in the plain form, and of cards.
        masks: folder for masks, if they are asked for.
        cards: folder for cards, if they are asked for.
    """

    form: str = "plain"
    language: Language = Language.ZH_HANT
    masks: Path | None = None
    cards: Path | None = None

    def line(self, outcome: Outcome) -> str:
        """The line of an outcome."""
        match self.form:
            case "json":
                return as_json_line(outcome)
            case "csv":
                return as_csv_line(outcome)
            case _:
                return as_plain_line(outcome, self.language)


def main(arguments: Sequence[str]) -> int:
    """Run the command; the exit status: 0 all ok, 1 some not, 2 no usable model or nothing that can be done."""
    parser = argparse.ArgumentParser(prog="python -m bot predict", description="Name the garments in image files.")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="one JSON object a line")
    form.add_argument("--csv", dest="form", action="store_const", const="csv", help="comma-separated values")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="zh", help="language of names and errors")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="write masks: pixels of garment 1, 2, ...")
    parser.add_argument("--cards", type=Path, metavar="DIR", help="write the cards that the chat shows")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="an image file, a folder, or - for standard input")
    parsed = parser.parse_args(arguments)
    try:
        settings = load_settings()
    except SettingsError as error:
        return _refuse(str(error))
    set_up_logging("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.secrets)
    options = Options(parsed.form or "plain", LANGUAGES[parsed.lang], parsed.masks, parsed.cards)
    return predict(parsed.paths, options, settings)


def predict(paths: Sequence[str], options: Options, settings: Settings) -> int:
    """Answer for each path in order, each as soon as it is known; the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese, names in another encoding
    pictures = Pictures(options.masks, options.cards, options.language)
    try:
        score = Score(labels_in(filter(os.path.isdir, paths)))
        files = list(files_of(paths))  # before anything is written, which may be in one of the folders
        pictures.prepare()
        runtime = TfliteRuntime(settings.tflite_runtime)
        with (
            _interrupts() as interrupted,
            open_recognizer(settings.models_dir, runtime=runtime) as recognizer,
        ):
            recognizer.check()
            if options.form == "csv":
                print(csv_head(), flush=True)
            all_ok = True
            for outcome in outcomes(recognizer, files):
                all_ok &= outcome.recognition is not None
                print(options.line(outcome), flush=True)
                score.count(outcome)
                all_ok &= _written(pictures, outcome)
                if interrupted.is_set():
                    return INTERRUPTED
            if report := score.report(options.language):
                print(report, file=sys.stdout if options.form == "plain" else sys.stderr, flush=True)
    except ModelError as error:
        return _refuse(f"no usable model: {error}")
    except LabelsError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_NOT_OK
    except OSError as error:
        return _refuse(f"cannot write there: {error}")
    return ALL_OK if all_ok else SOME_NOT_OK


def _written(pictures: Pictures, outcome: Outcome) -> bool:
    try:
        pictures.write(outcome)
    except OSError as error:
        print(f"python -m bot predict: cannot write there: {error}", file=sys.stderr, flush=True)
        return False
    return True


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


def _refuse(reason: str) -> int:
    print(f"python -m bot predict: {reason}", file=sys.stderr, flush=True)
    return NO_MODEL
