import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bot.datasets import Split
from bot.jobs.executors import Executors
from bot.jobs.kept_measurement import KeptMeasurement
from bot.jobs.measuring import Measuring
from bot.jobs.test_set import TestSet
from bot.vision.interpreter import NoModelError

IMAGES = 230


class Classifier:
    """Sees the class in the brightness; how fast, the test says."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.runs = 0

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        self.gate.wait(10)
        self.runs += 1
        return np.eye(10, dtype=np.float32)[np.rint(pixels.mean(axis=(1, 2)) * 255 / 20).astype(int) % 10]


def split() -> Split:
    labels = np.arange(IMAGES, dtype=np.uint8) % 10
    images = np.repeat(np.repeat((labels * 20)[:, None, None], 28, axis=1), 28, axis=2)
    return Split(images=images, labels=(labels + (np.arange(IMAGES) < 23)).astype(np.uint8) % 10)


@pytest.fixture
def bench():
    classifier, executors = Classifier(), Executors()
    models = SimpleNamespace()

    def new_model(sha256: str) -> None:
        live = SimpleNamespace(classifier=classifier, sha256=sha256, card=None, card_matches=False)
        models.live = lambda: live

    new_model("a")
    test_set = TestSet(Path(), executors, read=lambda _: split())
    measuring = Measuring(models, test_set)
    yield SimpleNamespace(
        classifier=classifier, new_model=new_model, measuring=measuring, test_set=test_set, models=models
    )
    classifier.gate.set()
    measuring.close()
    executors.close()


async def test_the_figures_are_right_and_progress_is_told(bench):
    steps: list[tuple[int, int]] = []
    measurement = await bench.measuring.measure(lambda done, total: steps.append((done, total)))
    await asyncio.sleep(0)
    confusion = np.array(measurement.confusion)
    assert confusion.sum() == IMAGES
    assert confusion.trace() == IMAGES - 23
    assert confusion[1, 0] == 3
    assert steps == [(50, 230), (100, 230), (150, 230), (200, 230), (230, 230)]


async def test_all_who_ask_at_once_share_one_measurement(bench):
    bench.classifier.gate.clear()
    asking = [asyncio.create_task(bench.measuring.measure()) for _ in range(3)]
    await asyncio.sleep(0.05)
    assert bench.measuring.busy
    bench.classifier.gate.set()
    first, *others = await asyncio.wait_for(asyncio.gather(*asking), 10)
    assert all(other is first for other in others)
    assert not bench.measuring.busy


async def test_what_is_known_is_not_measured_again_until_the_model_changes(bench):
    first = await bench.measuring.known()
    assert await bench.measuring.known() is first
    assert await bench.measuring.measure() is not first
    bench.new_model("b")
    assert not bench.measuring.knows_live(first.test)


async def test_who_gives_up_does_not_stop_the_others(bench):
    bench.classifier.gate.clear()
    impatient = asyncio.create_task(bench.measuring.measure())
    patient = asyncio.create_task(bench.measuring.measure())
    await asyncio.sleep(0.05)
    impatient.cancel()
    bench.classifier.gate.set()
    assert (await asyncio.wait_for(patient, 10)).predicted.shape == (IMAGES,)


async def test_what_the_model_gets_wrong_is_known_before_somebody_asks(bench):
    keeping = asyncio.create_task(bench.measuring.keep_known(every_s=0.01))
    test = await bench.test_set.at_hand()

    async def until_known() -> None:
        while not bench.measuring.knows_live(test):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.005)

    await asyncio.wait_for(until_known(), 10)
    runs = bench.classifier.runs
    for _ in range(5):  # several looks later
        await asyncio.sleep(0.02)
    assert bench.classifier.runs == runs, "once is enough"
    bench.new_model("b")
    await asyncio.wait_for(until_known(), 10)
    assert bench.classifier.runs == 2 * runs
    keeping.cancel()


async def test_how_much_is_done_is_told(bench):
    assert bench.measuring.done == 0
    await bench.measuring.measure()
    assert bench.measuring.done == 1


async def test_without_a_model_it_waits_for_one(bench):
    def none():
        raise NoModelError("no model")

    bench.models.live, live = none, bench.models.live
    keeping = asyncio.create_task(bench.measuring.keep_known(every_s=0.01))
    await asyncio.sleep(0.05)
    assert not keeping.done()
    bench.models.live = live
    assert (await asyncio.wait_for(bench.measuring.known(), 10)).predicted.shape == (IMAGES,)
    keeping.cancel()


@pytest.fixture
def restarted(bench, tmp_path):
    """What measures after another start of the bot, over the same models folder."""
    started: list[Measuring] = []

    def start() -> Measuring:
        started.append(Measuring(bench.models, bench.test_set, KeptMeasurement(tmp_path / "live" / "measured.npz")))
        return started[-1]

    yield start
    for each in started:
        each.close()


async def test_a_restart_does_not_measure_again(bench, restarted):
    first = await restarted().known()
    runs = bench.classifier.runs
    again = await restarted().known()
    assert bench.classifier.runs == runs
    np.testing.assert_array_equal(again.predicted, first.predicted)
    assert (again.confusion, again.took, again.sha256) == (first.confusion, first.took, first.sha256)


async def test_who_asks_for_a_measurement_gets_a_new_one(bench, restarted):
    await restarted().known()
    runs = bench.classifier.runs
    await restarted().measure()
    assert bench.classifier.runs == 2 * runs


async def test_another_model_or_other_images_are_measured_at_the_start(bench, restarted):
    await restarted().known()
    runs = bench.classifier.runs
    bench.new_model("b")
    await restarted().known()
    assert bench.classifier.runs == 2 * runs
    images = (await bench.test_set.at_hand()).images
    images[0, 0, 0] += 1
    await restarted().known()
    assert bench.classifier.runs == 3 * runs


@pytest.mark.parametrize("content", [b"", b"PK no archive", b"\x93NUMPY"])
async def test_a_damaged_file_is_measured_again_and_replaced(bench, restarted, tmp_path, content):
    await restarted().known()
    (tmp_path / "live" / "measured.npz").write_bytes(content)
    runs = bench.classifier.runs
    await restarted().known()
    await restarted().known()
    assert bench.classifier.runs == 2 * runs


async def test_where_nothing_can_be_kept_it_is_measured_all_the_same(bench, restarted, tmp_path):
    (tmp_path / "live").write_bytes(b"no folder")
    assert (await restarted().known()).predicted.shape == (IMAGES,)
