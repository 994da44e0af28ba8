"""An outcome as a line: JSON, CSV, or columns of fixed width."""

import csv
import io
import json
import unicodedata
from typing import Any, Final

from bot.batch.inputs import UnreadableFileError
from bot.batch.outcomes import Outcome
from bot.replies.shares import named_shares
from bot.replies.texts import Language, texts
from bot.replies.words import said_name, share_name
from bot.vision.decoder import DecoderError
from bot.vision.garment import MOST_GARMENTS
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_NAMES
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import NamedGarment, Recognition

CSV_COLUMNS: Final = (
    "path", "ok", "label", "name", "confidence", "outside", "verdict", "other_clothing", "error", "milliseconds",
)  # fmt: skip

_NAME: Final = 18
_SHARE: Final = 7
_VERDICT: Final = 10
_MORE: Final = 2


def as_json_line(outcome: Outcome) -> str:
    """The outcome as JSON: ASCII only, so that every terminal and every file name passes."""
    values: dict[str, object] = {"path": outcome.path, "ok": outcome.recognition is not None}
    if outcome.recognition is None:
        values["error"] = outcome.message
    else:
        values |= _answer(outcome.recognition.prediction)
        scale = outcome.size[0] / outcome.recognition.photo.width, outcome.size[1] / outcome.recognition.photo.height
        found = outcome.recognition.garments[:MOST_GARMENTS]
        values["garments"] = [
            _garment(each, scale, whole=outcome.recognition.from_data_set) for each in _judged_first(found, outcome)
        ]
    return json.dumps(values | {"milliseconds": round(outcome.milliseconds, 3)})


def _judged_first(found: tuple[NamedGarment, ...], outcome: Outcome) -> list[NamedGarment]:
    judged = outcome.recognition.judged if outcome.recognition is not None else None
    return sorted(found, key=lambda each: each is not judged)


def _answer(prediction: Prediction) -> dict[str, object]:
    return {
        "label": prediction.label,
        "name": CLASS_NAMES[prediction.label],
        "confidence": prediction.confidence,
        "probabilities": list(prediction.probabilities),
        "outside": prediction.outside,
        "verdict": str(prediction.verdict),
        "other_clothing": prediction.other_clothing,
    }


def _garment(garment: NamedGarment, scale: tuple[float, float], *, whole: bool) -> dict[str, object]:
    left, top, right, bottom = garment.garment.box
    across, down = scale
    box = [round(left * across), round(top * down), round(right * across), round(bottom * down)]
    return _answer(garment.prediction) | {"box": box, "area": 1.0 if whole else garment.garment.area}


def csv_head() -> str:
    """The line above all others."""
    return _csv_line(CSV_COLUMNS)


def as_csv_line(outcome: Outcome) -> str:
    """The outcome as CSV."""
    milliseconds = f"{outcome.milliseconds:.3f}"
    if outcome.recognition is None:
        return _csv_line([outcome.path, "false", *[""] * 6, outcome.message, milliseconds])
    said = outcome.recognition.prediction
    figures = [said.label, CLASS_NAMES[said.label], said.confidence, said.outside]
    verdict = [said.verdict.value, str(said.other_clothing).lower()]
    return _csv_line([outcome.path, "true", *figures, *verdict, "", milliseconds])


def _csv_line(values: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def as_plain_line(outcome: Outcome, language: Language) -> str:
    """The outcome in columns of fixed width; the path, of any width, comes last."""
    milliseconds, path = f"{outcome.milliseconds:7.0f} ms", printable(outcome.path)
    if outcome.recognition is None:
        said = f"{padded('-', _NAME)} {'-':>{_SHARE}} {'error':{_VERDICT}} {' ' * (_NAME + _SHARE + _MORE + 2)}"
        return f"{said} {milliseconds}  {path}: {error_text(outcome, language)}"
    return f"{_plain_answer(outcome.recognition, language)} {milliseconds}  {path}"


def _plain_answer(recognition: Recognition, language: Language) -> str:
    """What was judged, its share, the verdict, the other candidate where there are two, and how many more there are."""
    prediction = recognition.prediction
    share = prediction.confidence
    if prediction.verdict is Verdict.NO_GARMENT:
        share = prediction.outside
    second, second_share = "", ""
    if len(named_shares(prediction)) > 1:
        label = named_shares(prediction)[1]
        shares = (*prediction.probabilities, prediction.outside)
        second, second_share = share_name(label, language), _percent(shares[label])
    verdict = "likely" if prediction.likely else prediction.verdict.value
    more = len(recognition.garments) - 1
    columns_of_it = (
        padded(said_name(prediction.said, language), _NAME),
        f"{_percent(share) if recognition.garments else '-':>{_SHARE}}",
        f"{verdict:{_VERDICT}}",
        padded(second, _NAME),
        f"{second_share:>{_SHARE}}",
        f"{f'+{more}' if more > 0 else '':>{_MORE}}",
    )
    return " ".join(columns_of_it)


def error_text(outcome: Outcome, language: Language) -> str:
    """Why there is no answer, in a language."""
    errors = texts(language).predict
    match outcome.error:
        case UnreadableFileError() as error:
            text: str = getattr(errors, error.kind)
            return text.format(reason=error.reason)
        case PhotoError() as error:
            return str(getattr(errors, error.problem))
        case ModelError() | DecoderError() as error:
            return str(error)
        case _:
            return errors.strange


def _percent(share: float) -> str:
    return f"{100 * share:5.1f} %"


def padded(text: str, width: int) -> str:
    """A text that takes up a number of columns, or more where it is longer."""
    return text + " " * max(0, width - columns(text))


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
