"""How right, how honest and how fast the bot is on photos of people whom it never saw.

    python -m benchmarks.photo_answers --data-dir data [--models-dir models] [--json FILE]

Every photo goes through the bot's own Recognizer, as ``python -m bot predict`` does it, on one core. Validation photos
are measured, never chosen on. Pictures without clothing are crops of library pictures that no training saw,
and the validation photos of groceries and rubbish.
"""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import processor as processor_name
from bot.datasets import DataError, ListedPhoto, ensure_photos, photo_list
from bot.datasets.no_clothing import ensure_no_clothing, no_clothing_list
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.vision.decoder import DecoderError
from bot.vision.decoding import decode
from bot.vision.interpreter import ModelError, runtime_name
from bot.vision.photo import Photo
from bot.vision.recognizer import Recognition, Recognizer
from training.data.outliers import library_pictures
from training.evaluation.answers import Answer, Figures, Record, Shares, Speed, StrangeAnswer, figures

SEED: Final = 20_260_801
"""Of crops and scenes; training draws with others."""

CROPS: Final = 20
"""Of each library picture."""

LEAST_CROP: Final = 0.5
"""Of a picture's shorter side."""

WARM_UP: Final = 5
TIMED_ALONE: Final = 200
"""Photos whose processor time is measured, in a second pass."""


class InThisProcess:
    """Decodes without a worker process, so that one clock sees all of the work."""

    def decode(self, data: bytes) -> Photo:
        """Decode, or raise PhotoError."""
        return decode(data)

    def close(self) -> None:
        """Nothing is held."""


def measure(data_dir: Path, models_dir: Path, count: int | None = None, say: Callable[[str], None] = print) -> Record:
    """Ask the bot about everything.

    Args:
        data_dir: has the photos and Fashion-MNIST, or gets them.
        models_dir: has the model.
        count: only so many photos, evenly spread over the list.
        say: told how far it is.

    Raises:
        DataError: the data is missing and cannot be had.
        NoModelError: there is no model.
    """
    photos = [photo for photo in photo_list() if photo.split == "validation"]
    photos = photos[:: max(1, len(photos) // count)][:count] if count else photos
    ensure_photos(data_dir, photos)
    one_core = keep_to_one_core()
    store = ModelStore(models_dir)
    live = store.live()
    files = [photo.path(data_dir).read_bytes() for photo in photos]
    with open_recognizer(models_dir, store=store) as recognizer:
        recognizer.check()
        for file in files[:WARM_UP]:
            recognizer.recognize(file)
        say(f"asking {live.version} about {len(photos)} photos ...")
        answers, pixels = [], []
        for photo, file in zip(photos, files, strict=True):
            seen = recognizer.recognize(file)
            answers.append(answer_of(photo, seen))
            pixels.append(seen.pixels)
        say("asking about pictures without clothing ...")
        strange = [
            strange_answer(kind, recognizer.recognize(picture)) for kind, picture in strange_pictures(data_dir, count)
        ]
    say("timing ...")
    milliseconds = [answer.milliseconds for answer in answers]
    with Recognizer(InThisProcess(), store) as alone:
        alone.check()
        processor = [processor_time(alone, file) for file in files[:: max(1, len(files) // TIMED_ALONE)]]
    model = [clock_time(live.classifier.probabilities, each) for each in pixels]
    return Record(
        version=live.version,
        sha256=live.sha256,
        runtime=runtime_name(),
        photos=tuple(answers),
        strange=tuple(strange),
        speed=Speed(
            median=float(np.median(milliseconds)),
            p95=float(np.quantile(milliseconds, 0.95)),
            processor=float(np.median(processor)),
            model=float(np.median(model)),
            one_core=one_core,
            load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            machine=processor_name(),
        ),
    )


def keep_to_one_core() -> bool:
    """Keep this process, and those that it starts, on one core; False where the system does not let it."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        return True
    return False


def answer_of(photo: ListedPhoto, seen: Recognition) -> Answer:
    """What is kept of an answer."""
    return Answer(
        image=photo.image,
        sender_id=photo.sender_id,
        label=photo.label,
        split=photo.split,
        accepted=photo.accepted,
        probabilities=seen.prediction.probabilities,
        verdict=seen.prediction.verdict,
        other_clothing=seen.prediction.other_clothing,
        quality=seen.garment.quality,
        milliseconds=seen.milliseconds,
    )


def strange_answer(kind: str, seen: Recognition) -> StrangeAnswer:
    """What is kept of an answer to a picture without clothing."""
    return StrangeAnswer(kind, seen.prediction.verdict, seen.prediction.confidence)


def strange_pictures(data_dir: Path, count: int | None) -> Iterator[tuple[str, bytes]]:
    """Pictures without clothing as files, each with its kind; fewer of them for fewer photos."""
    rng = np.random.default_rng(SEED)
    for picture in library_pictures(measured_only=True):
        for _ in range(min(CROPS, count or CROPS)):
            yield "library", as_file(random_crop(picture, rng))
    listed = [photo for photo in no_clothing_list() if photo.split == "validation"][:count]
    ensure_no_clothing(data_dir, listed)
    for photo in listed:
        yield "no clothing", photo.path(data_dir).read_bytes()


def random_crop(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A part of a picture, at least half as wide and high as its shorter side, mirrored every other time."""
    height, width = picture.shape[:2]
    least = LEAST_CROP * min(height, width)
    high, wide = int(rng.uniform(least, height)), int(rng.uniform(least, width))
    top, left = int(rng.integers(0, height - high + 1)), int(rng.integers(0, width - wide + 1))
    crop = picture[top : top + high, left : left + wide]
    return crop[:, ::-1] if rng.random() < 0.5 else crop


def as_file(pixels: NDArray[np.uint8]) -> bytes:
    """A JPEG file of uint8 [h, w, 3] RGB, as a phone would send it."""
    _, encoded = cv2.imencode(".jpg", np.ascontiguousarray(pixels[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return encoded.tobytes()


def processor_time(recognizer: Recognizer, file: bytes) -> float:
    """Milliseconds that processors spent on one answer."""
    before = time.process_time()
    recognizer.recognize(file)
    return 1000 * (time.process_time() - before)


def clock_time(classify: Callable[[NDArray[np.float32]], object], pixels: NDArray[np.float32]) -> float:
    """Milliseconds that passed while the model gave its ten probabilities."""
    before = time.perf_counter()
    classify(pixels)
    return 1000 * (time.perf_counter() - before)


def report(record: Record) -> str:
    """The figures as lines for a terminal."""
    found = figures(record)
    photos, verdicts, speed = found.photos, found.verdicts, record.speed
    where = "on one core" if speed.one_core else "not kept on one core"
    load = "" if speed.load is None else f", load average {speed.load:.1f}"
    fine = photos.fine_interval
    return "\n".join(
        [
            f"model                 {record.version} ({record.sha256[:12]}, {record.runtime})",
            f"photos scored         {photos.images} of {photos.senders} people",
            f"balanced accuracy     {_range(photos.balanced_accuracy, photos.interval.low, photos.interval.high)}",
            f"fine accuracy         {_range(photos.fine_accuracy, fine.low, fine.high)}",
            *_recalls(found),
            f"calibration error     {photos.ece:.4f}",
            f"right that are sure   {_share(verdicts.right_that_are_sure)}",
            f"sure that are right   {_share(verdicts.sure_that_are_right)}",
            f"called no garment     {_share(verdicts.no_garment)}",
            *(_shares(kind, shares) for kind, shares in found.near_misses.items()),
            *(_shares(f"{kind}, no clothing", shares) for kind, shares in found.strange.items()),
            f"photo to answer       median {speed.median:.1f} ms, p95 {speed.p95:.1f} ms by the clock, with decoding,"
            f" {where}{load}",
            f"                      median {speed.processor:.1f} ms of processor time",
            f"model alone           median {speed.model:.2f} ms",
        ]
    )


def _recalls(found: Figures) -> Iterator[str]:
    for name, recall in {**found.photos.recall, **found.photos.fine_recall}.items():
        if recall is not None:
            interval = found.group_intervals[name]
            yield f"  recall {name:<13}{_range(recall, interval.low, interval.high)}"


def _range(value: float, low: float, high: float) -> str:
    return f"{value:.1%}  ({low:.1%} to {high:.1%})"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _shares(name: str, shares: Shares) -> str:
    other = "" if not shares.other_clothing else f" ({shares.other_clothing:.1%} as other clothing)"
    return f"{name:<22}{shares.no_garment:.1%} no garment{other}, {shares.sure:.1%} sure, of {shares.images}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photo_answers", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every answer there")
    parser.add_argument("--photos", type=int, metavar="N", help="only so many, to try it out")
    options = parser.parse_args(arguments)
    try:
        record = measure(
            options.data_dir, options.models_dir, options.photos, lambda line: print(line, file=sys.stderr, flush=True)
        )
    except (DataError, ModelError, DecoderError) as error:
        print(f"photo_answers: {error}", file=sys.stderr)
        return 2
    if options.json:
        record.write(options.json)
    print(report(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
