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
from numpy.typing import NDArray

from bot.registry.networks import open_networks
from bot.registry.store import ModelStore
from bot.vision.color_classifier import OUTPUTS, HiddenViews, view_of
from bot.vision.data_set_picture import data_set_pixels
from bot.vision.decoder import TIMEOUT_S, Decoder
from bot.vision.explain import frame_of
from bot.vision.garment import Garment, find, whole_photo
from bot.vision.networks import PhotoNetworks
from bot.vision.photo import MAX_SIDE, Photo, PhotoError
from bot.vision.pixels import to_pixels
from bot.vision.recognizer import Recognizer
from tests.conftest import needs
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
def networks(tmp_path_factory: pytest.TempPathFactory) -> PhotoNetworks:
    return open_networks(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def recognizer(decoder: Decoder, tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    models = tmp_path_factory.mktemp("models")
    (models / "classifier.tflite").write_bytes(tiny_model())
    recognizer = Recognizer(decoder, ModelStore(models, try_first=lambda *network: None))
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
            for each in (recognition.judged, *recognition.garments):
                told = each.prediction
                assert sum(told.probabilities) + told.outside == pytest.approx(1, abs=1e-3), name
        if time.monotonic() - started > TIMEOUT_S + PATIENCE_S:
            slow.append(name)
    assert slow == []
    assert answered > 50, "mutations of pixels still give pictures"
    assert refused > 200


def test_nothing_piles_up(decoder: Decoder) -> None:
    """Neither threads nor pipes stay behind photos that end their worker."""
    needs(Path("/proc/self/fd").exists(), "run this test on Linux: elsewhere nothing tells the open files of a process")
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
    decoder: Decoder, networks: PhotoNetworks, seed: int, randomness: random.Random
) -> None:
    try:
        photo = decoder.decode(mutated(SEEDS[seed][1], randomness))
    except PhotoError:
        return
    assert_answers(photo, networks)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.sampled_from([data[:16] for _, data in SEEDS]), body=st.binary(max_size=600))
def test_noise_behind_good_signatures(decoder: Decoder, networks: PhotoNetworks, head: bytes, body: bytes) -> None:
    try:
        photo = decoder.decode(head + body)
    except PhotoError:
        return
    assert_answers(photo, networks)


@pytest.mark.parametrize("value", [0, 127, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, MAX_SIDE), (MAX_SIDE, 1), (2, 3), (28, 28), (MAX_SIDE, MAX_SIDE)])
def test_photos_of_nothing_in_every_shape(networks: PhotoNetworks, size: tuple[int, int], value: int) -> None:
    assert_answers(Photo(np.full((size[1], size[0], 3), value, np.uint8)), networks)


@pytest.mark.parametrize("size", [(1, MAX_SIDE), (3, 2), (28, 28), (90, 90), (640, 480)])
def test_photos_of_noise_in_every_shape(networks: PhotoNetworks, size: tuple[int, int]) -> None:
    random = np.random.default_rng(11)
    assert_answers(Photo(random.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)), networks)
    gray = random.integers(0, 256, (size[1], size[0], 1), dtype=np.uint8)
    assert_answers(Photo(np.ascontiguousarray(np.repeat(gray, 3, axis=2))), networks)


def assert_answers(photo: Photo, networks: PhotoNetworks) -> None:
    garments = find(photo, networks)
    assert len(garments) <= 6
    for garment in (*garments, whole_photo(photo)):
        assert_garment(photo, garment, networks)
    pixels = data_set_pixels(photo)
    if pixels is not None:
        assert_pixels(pixels)


def assert_garment(photo: Photo, garment: Garment, networks: PhotoNetworks) -> None:
    left, top, right, bottom = garment.box
    assert 0 <= left < right <= photo.width
    assert 0 <= top < bottom <= photo.height
    assert garment.mask.shape == (photo.height, photo.width)
    assert 0 <= garment.quality <= 1
    assert 0 <= garment.area <= 1
    assert_pixels(to_pixels(photo, garment))
    shares = networks.classify(view_of(photo, garment))
    assert shares.shape == (OUTPUTS,)
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1, abs=1e-2)
    hidden = HiddenViews(photo, garment, frame_of(garment)).hiding(np.ones((28, 28), bool))
    assert hidden.dtype == np.uint8


def assert_pixels(pixels: NDArray[np.float32]) -> None:
    assert pixels.shape == (28, 28)
    assert pixels.dtype == np.float32
    assert np.isfinite(pixels).all()
    assert 0 <= pixels.min() <= pixels.max() <= 1
