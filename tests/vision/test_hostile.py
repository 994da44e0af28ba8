"""Nothing that anybody can send stops the bot: each file becomes an answer or one clear error, in time."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.vision.decoder import TIMEOUT_S, Decoder
from bot.vision.eyes import open_finder
from bot.vision.garment import GarmentFinder
from bot.vision.model_store import ModelStore
from bot.vision.photo import MAX_SIDE, Photo, PhotoError
from bot.vision.pixels import to_pixels
from bot.vision.recognizer import Recognizer
from tests.vision.hostile import corpus, mutated, seeds
from tests.vision.tiny_models import tiny_model

PATIENCE_S = 8.0
"""Added to the timeout where a test machine is busy with other things as well."""

SEEDS = seeds()


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> GarmentFinder:
    return open_finder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def recognizer(decoder: Decoder, finder: GarmentFinder, tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    models = tmp_path_factory.mktemp("models")
    (models / "classifier.tflite").write_bytes(tiny_model())
    recognizer = Recognizer(decoder, finder, ModelStore(models, try_first=lambda model, runtime: None))
    recognizer.check()
    return recognizer


@pytest.mark.slow
def test_the_corpus(recognizer: Recognizer) -> None:
    answered = refused = 0
    slow = []
    for name, data in corpus():
        started = time.monotonic()
        try:
            recognition = recognizer.recognize(data)
        except PhotoError:
            refused += 1
        else:
            answered += 1
            assert sum(recognition.prediction.probabilities) == pytest.approx(1), name
        if time.monotonic() - started > TIMEOUT_S + PATIENCE_S:
            slow.append(name)
    assert slow == []
    assert answered > 50, "mutations of pixels still give pictures"
    assert refused > 200


def test_nothing_piles_up(decoder: Decoder) -> None:
    """Neither threads nor pipes stay behind photos that end their worker."""
    if not Path("/proc/self/fd").exists():
        return
    rng = random.Random(1)
    hang = b"P3 3000 3000 255\n" + b"1 " * 100_000

    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with Decoder(timeout_s=0.2, photos_per_worker=5) as impatient:
        for attempt in range(25):
            if attempt == 5:
                before = open_files(), threading.active_count()
            data = hang if attempt % 5 == 0 else mutated(SEEDS[0][1], rng)
            try:
                impatient.decode(data)
            except PhotoError:
                pass
        assert (open_files(), threading.active_count()) == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, len(SEEDS) - 1), randomness=st.randoms(use_true_random=False))
def test_mutations_from_bytes_to_pixels(
    decoder: Decoder, finder: GarmentFinder, seed: int, randomness: random.Random
) -> None:
    try:
        photo = decoder.decode(mutated(SEEDS[seed][1], randomness))
    except PhotoError:
        return
    assert_pixels(photo, finder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.sampled_from([data[:16] for _, data in SEEDS]), body=st.binary(max_size=600))
def test_noise_behind_good_signatures(decoder: Decoder, finder: GarmentFinder, head: bytes, body: bytes) -> None:
    try:
        photo = decoder.decode(head + body)
    except PhotoError:
        return
    assert_pixels(photo, finder)


@pytest.mark.parametrize("value", [0, 127, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, MAX_SIDE), (MAX_SIDE, 1), (2, 3), (28, 28), (MAX_SIDE, MAX_SIDE)])
def test_photos_of_nothing_in_every_shape(finder: GarmentFinder, size: tuple[int, int], value: int) -> None:
    assert_pixels(Photo(np.full((size[1], size[0], 3), value, np.uint8)), finder)


def assert_pixels(photo: Photo, finder: GarmentFinder) -> None:
    for garment in finder.find(photo):
        left, top, right, bottom = garment.box
        assert 0 <= left < right <= photo.width
        assert 0 <= top < bottom <= photo.height
        assert garment.mask.shape == (photo.height, photo.width)
        assert 0 <= garment.quality <= 1
        pixels = to_pixels(photo, garment)
        assert pixels.shape == (28, 28)
        assert pixels.dtype == np.float32
        assert np.isfinite(pixels).all()
        assert 0 <= pixels.min() <= pixels.max() <= 1
