"""Photos by the kind of answer that networks give, for whoever needs one of each."""

import itertools
from pathlib import Path

from bot.recognition import open_recognizer
from bot.vision.prediction import Verdict
from bot.vision.recognizer import Recognition
from telegram_playground.images import encode_sent_photo

_FOLDERS = ("clothing-photos", "street-photos", "no-clothing")
_LOOKED_AT = 400


def photos_by_kind(data_dir: Path, models_dir: Path) -> dict[str, bytes]:
    """A photo for each kind of answer that the networks of a models folder give.

    One garment that is named alone (``one``), one between two candidates (``unsure``), several garments (``several``),
    no clothing (``nothing``).
    """
    found: dict[str, bytes] = {}
    some = (sorted((data_dir / name / "images").glob("*.jpg"))[:_LOOKED_AT] for name in _FOLDERS)
    with open_recognizer(models_dir) as recognizer:
        for file in itertools.chain.from_iterable(zip(*some, strict=True)):
            data = file.read_bytes()
            kind = _kind(recognizer.recognize(data))
            if kind and kind not in found and _kind(recognizer.recognize(encode_sent_photo(data)[-1].data)) == kind:
                found[kind] = data
            if found.keys() >= {"one", "unsure", "several", "nothing"}:
                break
    return found


def _kind(recognition: Recognition) -> str:
    prediction = recognition.prediction
    if not recognition.garments:
        return "nothing"
    if len(recognition.garments) > 1:
        return "several" if prediction.verdict is not Verdict.NO_GARMENT else ""
    if prediction.verdict is Verdict.UNSURE and not prediction.likely:
        return "unsure"
    return "one" if prediction.verdict is not Verdict.NO_GARMENT else ""
