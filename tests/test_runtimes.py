"""One published file gives the same answers on both interpreters, and the bot starts light."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.datasets import load_test
from tests.conftest import ROOT
from tests.older_runtime import older_python

IMAGES = 500
PHOTOS = 20

CLASSIFY = """
import sys
from pathlib import Path
import numpy as np
from bot.vision.classifier import Classifier, TfliteRuntime

runtime, model, pixels, out = sys.argv[1:]
classifier = Classifier(Path(model).read_bytes(), runtime=TfliteRuntime(runtime))
np.save(out, classifier.probabilities(np.load(pixels)))
"""

LOADED = """
import importlib, json, os, pkgutil, sys, threading
written = []
def watch(event, arguments):
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.append(str(arguments[0]))
before = set(threading.enumerate())
import bot
names = [name for _, name, _ in pkgutil.walk_packages(bot.__path__, "bot.") if ".migrations" not in name]
sys.addaudithook(watch)
for name in sorted(names):
    importlib.import_module(name)
print(json.dumps({
    "modules": sorted(sys.modules),
    "written": [path for path in written if path != os.devnull],
    "threads": len(set(threading.enumerate()) - before),
}))
"""


@pytest.fixture(scope="module")
def older() -> Path:
    return older_python()


def run(python: Path | str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [str(python), *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def loaded() -> dict[str, Any]:
    """What importing every module of the bot did."""
    report: dict[str, Any] = json.loads(run(sys.executable, "-B", "-c", LOADED))
    return report


def test_both_interpreters_give_the_same_answers(
    older: Path, published_model: Path, fashion_mnist_dir: Path, tmp_path: Path
) -> None:
    images = load_test(fashion_mnist_dir).images[:IMAGES]
    np.save(tmp_path / "pixels.npy", images.astype(np.float32) / 255)
    answers = []
    for python, runtime in ((Path(sys.executable), "litert"), (older, "tflite-runtime")):
        out = tmp_path / f"{runtime}.npy"
        run(python, "-c", CLASSIFY, runtime, published_model, tmp_path / "pixels.npy", out)
        answers.append(np.load(out))
    newer_answers, older_answers = answers
    assert newer_answers.shape == older_answers.shape == (IMAGES, 10)
    assert (newer_answers.argmax(axis=1) == older_answers.argmax(axis=1)).sum() >= IMAGES - 1
    assert np.abs(newer_answers - older_answers).max() <= 0.02


@pytest.mark.usefixtures("published_model")
def test_the_older_interpreter_serves_photos(older: Path, photos_dir: Path) -> None:
    """Its OpenCV and NumPy are older, too, so the garment may be found a little differently."""
    photos = sorted((photos_dir / "clothing-photos" / "images").iterdir())[:PHOTOS]
    labels = []
    for python in (Path(sys.executable), older):
        answers = [json.loads(line) for line in run(python, "-m", "bot", "predict", "--json", *photos).splitlines()]
        assert [answer["ok"] for answer in answers] == [True] * PHOTOS
        labels.append([answer["label"] for answer in answers])
    assert sum(newer == older_label for newer, older_label in zip(*labels, strict=True)) >= PHOTOS - 2


def test_no_module_of_the_bot_imports_what_only_training_needs(loaded: dict[str, Any]) -> None:
    tops = {name.split(".")[0] for name in loaded["modules"]}
    assert "telegram" in tops
    assert not tops & {"tensorflow", "keras", "matplotlib", "tensorboard", "keras_tuner", "training", "pytest"}


def test_importing_the_bot_starts_and_writes_nothing(loaded: dict[str, Any]) -> None:
    assert loaded["threads"] == 0
    assert loaded["written"] == []


@pytest.mark.parametrize("command", [["--help"], ["predict", "--help"]])
def test_help_loads_no_interpreter(command: list[str]) -> None:
    report = run(
        sys.executable,
        "-c",
        "import runpy, sys, contextlib, io\n"
        f"sys.argv = ['bot', *{command!r}]\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    runpy.run_module('bot', run_name='__main__')\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))",
    )
    loaded = set(report.split())
    assert {"bot", "argparse"} <= loaded
    assert not {"ai_edge_litert", "tflite_runtime", "tensorflow"} & loaded


def test_a_bot_that_polls_loads_no_decoder_and_no_web_server() -> None:
    report = run(
        sys.executable,
        "-c",
        "import sys, bot.__main__, bot.app, bot.lifecycle.polling\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))",
    )
    loaded = set(report.split())
    assert {"bot", "telegram", "PIL"} <= loaded
    assert not {"pillow_heif", "starlette", "uvicorn", "alembic", "psycopg"} & loaded


def test_a_bot_that_has_seen_no_photo_loads_no_interpreter() -> None:
    report = run(
        sys.executable,
        "-c",
        "import sys\n"
        "from bot.recognition import open_recognizer\n"
        "from bot.registry.layout import SHIPPED_MODELS\n"
        "with open_recognizer(SHIPPED_MODELS) as recognizer:\n"
        "    print(recognizer.live.version)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))",
    )
    version, loaded = report.splitlines()
    assert version
    assert not {"ai_edge_litert", "tflite_runtime"} & set(loaded.split())
