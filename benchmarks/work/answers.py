"""One photo to its answer beside the floor, the card, the heat map, and all test images again."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.figures import Figure
from benchmarks.work.clock import processor_ms
from benchmarks.work.photos import flat_photos, scaled
from bot.datasets import TestImages
from bot.datasets.test_images import TEST_IMAGES
from bot.handlers.explain import drawn
from bot.handlers.photo_answers import picture_of
from bot.jobs.measuring import THREADS, measured
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.replies.cards.photo import photo_card
from bot.replies.texts import Language
from bot.vision.color_classifier import view_of
from bot.vision.decoding import decode
from bot.vision.garment import SIDE
from bot.vision.photo import Photo
from bot.vision.recognizer import Recognition, Recognizer

SIDES: Final = (320, 800, 1280)
"""Longest sides, in pixels, in which Telegram hands out photos."""


class InProcess:
    """Decodes without a worker process, so that all of a photo's work is this process's own."""

    def decode(self, data: bytes) -> Photo:
        """Decode."""
        return decode(data)

    def close(self) -> None:
        """Nothing is held."""


def answer_figures(
    models_dir: Path, data_dir: Path, count: int, test: TestImages, compared: Callable[[str], float | None]
) -> Iterator[Figure]:
    """Measure.

    Args:
        models_dir: has the networks.
        data_dir: has the photos.
        count: photos.
        test: the images of the test set to measure again.
        compared: runs a script of :mod:`benchmarks.compared`; None where its environment cannot be made.
    """
    store = ModelStore(models_dir, interpreters=THREADS)
    open_recognizer(models_dir, store=store).close()  # sets OpenCV up as in the bot
    recognizer = Recognizer(InProcess(), store)
    photos = flat_photos(data_dir, count)
    for side in SIDES:
        files = list(scaled(photos, side))
        whole = processor_ms(recognizer.recognize, files)
        floor = _floor_ms(recognizer, files)
        beside = f"decoding, resizing and the networks alone: {floor:.1f} ms"
        yield Figure(f"photo of {side} px to its answer, over the floor", whole / floor, "x", 1.3, beside=beside)
        yield Figure(f"photo of {side} px to its answer", whole, "ms")
    seen = [each for each in map(recognizer.recognize, list(scaled(photos, 640))) if each.garments]
    yield from _card_figures(seen, compared)
    heat = processor_ms(partial(drawn, recognizer, language=Language.ZH_HANT, model_changed=False), seen[:10])
    only = processor_ms(recognizer.explain, seen[:10])
    yield Figure("heat map", only, "ms", 120.0, beside=f"drawn, and for both of two candidates: {heat:.0f} ms")
    yield _all_again(store, test)


def _all_again(store: ModelStore, test: TestImages) -> Figure:
    measured(store.live(), test, _silent)
    began = time.process_time()
    took = measured(store.live(), test, _silent).took.total_seconds()
    scale = TEST_IMAGES / len(test)
    beside = f"processor time {scale * (time.process_time() - began):.1f} s"
    return Figure("all test images again", scale * took, "s", 6.0, beside=beside)


def _silent(done: int, total: int) -> None:
    pass


def _card_figures(seen: Sequence[Recognition], compared: Callable[[str], float | None]) -> Iterator[Figure]:
    theirs = compared("drawing.py")
    beside = "" if theirs is None else f"the course's matplotlib picture of one image: {theirs:.0f} ms"
    card = processor_ms(partial(photo_card, language=Language.ZH_HANT), seen)
    yield Figure("drawing the card, a photo of 640 px", card, "ms", 8.0, beside=beside)
    whole = processor_ms(partial(picture_of, language=Language.ZH_HANT), seen)
    yield Figure("card, caption and buttons", whole, "ms")


def _floor_ms(recognizer: Recognizer, files: Sequence[bytes]) -> float:
    """Decoding, one resize for the segmenter, and each network as often as it is asked."""
    live = recognizer.live
    inputs = []
    for data in files:
        found = recognizer.recognize(data)
        views = [view_of(found.photo, each.garment) for each in found.garments or (found.judged,)]
        pixels = [each.pixels for each in found.garments or (found.judged,)]
        inputs.append((data, views, pixels))

    def floor(each: tuple[bytes, list[np.ndarray], list[np.ndarray]]) -> None:
        data, views, pixels = each
        small = cv2.resize(decode(data).pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        live.networks.segment(np.ascontiguousarray(small, np.uint8))
        for view, picture in zip(views, pixels, strict=True):
            live.networks.classify(view)
            live.classifier.probabilities(picture)

    return processor_ms(floor, inputs)
