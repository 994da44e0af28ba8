"""Models are tried before they are trusted; what is wrong with one is said in a line."""

import errno
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.vision import interpreter
from bot.vision.classifier import Classifier, ModelError, TfliteRuntime, runtime_name
from bot.vision.interpreter import choose_runtime
from tests.vision.tiny_models import always, tiny_model

ROOT = Path(__file__).resolve().parents[2]


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(5).random((count, 28, 28), np.float32)


def refusal(model: bytes, **options: object) -> str:
    with pytest.raises(ModelError) as caught:
        Classifier(model, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_computes_what_numpy_computes() -> None:
    rng = np.random.default_rng(1)
    weights = rng.normal(0, 0.1, (10, 784)).astype(np.float32)
    bias = rng.normal(0, 1, 10).astype(np.float32)
    classifier = Classifier(tiny_model(weights, bias))
    for picture in pictures(5):
        probabilities = classifier.probabilities(picture)
        assert probabilities.dtype == np.float32
        np.testing.assert_allclose(probabilities, softmax(weights @ picture.ravel() + bias), atol=1e-5)


def test_classifies_several_pictures() -> None:
    classifier = Classifier(tiny_model())
    many = classifier.probabilities(pictures(7))
    assert many.shape == (7, 10)
    for picture, expected in zip(pictures(7), many, strict=True):
        np.testing.assert_array_equal(classifier.probabilities(picture), expected)
    assert classifier.probabilities(pictures(0)).shape == (0, 10)


def test_answers_are_copies() -> None:
    classifier = Classifier(tiny_model(), interpreters=1)
    first, second = pictures(2)
    kept = classifier.probabilities(first)
    before = kept.copy()
    classifier.probabilities(second)
    np.testing.assert_array_equal(kept, before)


def test_is_thread_safe() -> None:
    classifier = Classifier(tiny_model(), interpreters=2)
    expected = classifier.probabilities(pictures(200))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(classifier.probabilities, pictures(200)))
    np.testing.assert_array_equal(np.stack(found), expected)


@pytest.mark.parametrize("shape", [(27, 28), (28,), (2, 28, 27), (1, 1, 28, 28)])
def test_refuses_other_pictures(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Classifier(tiny_model()).probabilities(np.zeros(shape, np.float32))


def test_refuses_foreign_models() -> None:
    assert "other inputs" in refusal(tiny_model(side=32))
    assert "other outputs" in refusal(tiny_model(classes=12))
    assert "do not sum to 1" in refusal(tiny_model(np.full((10, 784), 0.01, np.float32), softmax=False))


def test_refuses_answers_that_are_no_probabilities() -> None:
    assert "no probabilities" in refusal(tiny_model(np.full((10, 784), np.nan, np.float32)))


@pytest.mark.parametrize("data", [b"", b"TFL3", b"hello, this is no model", b"PK\x03\x04" * 100, bytes(5000)])
def test_refuses_what_is_no_model(data: bytes) -> None:
    assert refusal(data) == "not a TFLite file"


def test_refuses_noise_that_looks_like_a_model() -> None:
    noise = random.Random(1).randbytes(5000)
    assert refusal(noise[:4] + b"TFL3" + noise) == "a damaged TFLite file"


@pytest.mark.parametrize("part", [0.01, 0.3, 0.95])
def test_refuses_half_a_model(part: float) -> None:
    model = tiny_model()
    assert refusal(model[: round(len(model) * part)]) == "a damaged TFLite file"


def test_refuses_a_whole_file_that_no_interpreter_can_run() -> None:
    assert "cannot load" in refusal(tiny_model(np.zeros((10, 25), np.float32)))


def test_native_messages_stay_off_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    Classifier(tiny_model())
    with pytest.raises(ModelError):
        Classifier(tiny_model()[:9000])
    assert capfd.readouterr() == ("", "")


def test_other_lines_printed_meanwhile_are_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    with interpreter._native_log():
        subprocess.run([sys.executable, "-c", "import os; os.write(2, b'INFO: made\\nsomething else\\n')"], check=True)
    assert capfd.readouterr().err == "something else\n"


def test_works_without_a_standard_error() -> None:
    script = "import os; os.close(2)\nfrom tests.vision.tiny_models import always\nClassifier(always(3)); print('fine')"
    script = f"from bot.vision.classifier import Classifier\n{script}"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert result.stdout == "fine\n"


def test_works_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_room)
    assert Classifier(always(3)).probabilities(pictures(1)[0]).argmax() == 3


def test_a_degraded_model_shows() -> None:
    assert Classifier(always(4)).probabilities(pictures(1)[0]).argmax() == 4


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[TfliteRuntime, str]:
    """Which interpreters the machine seems to have."""
    versions: dict[TfliteRuntime, str] = {}
    monkeypatch.setattr(interpreter, "_version", versions.get)
    return versions


def test_prefers_litert(installed: dict[TfliteRuntime, str]) -> None:
    installed.update({TfliteRuntime.TFLITE_RUNTIME: "2.14.0", TfliteRuntime.LITERT: "2.3.0"})
    assert runtime_name() == "litert 2.3.0"


def test_takes_tflite_runtime_where_it_is_the_only_one(
    installed: dict[TfliteRuntime, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed[TfliteRuntime.TFLITE_RUNTIME] = "2.14.0"
    monkeypatch.setattr(np, "__version__", "1.26.4")
    assert choose_runtime() is TfliteRuntime.TFLITE_RUNTIME


def test_says_which_numpy_tflite_runtime_needs(
    installed: dict[TfliteRuntime, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed[TfliteRuntime.TFLITE_RUNTIME] = "2.14.0"
    monkeypatch.setattr(np, "__version__", "2.4.6")
    assert "numpy below 2" in refusal(tiny_model(), runtime=TfliteRuntime.TFLITE_RUNTIME)


@pytest.mark.parametrize("runtime", list(TfliteRuntime))
def test_says_what_to_install(installed: dict[TfliteRuntime, str], runtime: TfliteRuntime) -> None:
    assert not installed
    assert "pip install" in refusal(tiny_model(), runtime=runtime)
