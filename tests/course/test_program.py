"""The program that /learn shows, run from its first line to its last with one epoch on the images that come along."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.course.program import PHOTO_FILE, STEPS, TFLITE_FILE
from bot.course.steps.code import notebook_file
from bot.datasets.test_images import SHIPPED
from bot.replies.texts import Language
from bot.vision.labels import CLASS_NAMES

PROLOGUE = f"""
import sys
import numpy as np
import tensorflow as tf
with np.load({str(SHIPPED)!r}) as file:
    images, labels = file["images"], file["labels"]
tf.keras.datasets.fashion_mnist.load_data = lambda: ((images, labels), (images[::3], labels[::3]))
"""
"""Few images instead of 70,000 that would have to be fetched."""


def run(code: str, folder: Path) -> str:
    """Run Python in a process of its own; what it prints."""
    (folder / "program.py").write_text(PROLOGUE + code, encoding="utf-8")
    environment = os.environ | {"MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "program.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def with_one_epoch(code: str) -> str:
    short, changed = re.subn(r"^EPOCHS = \d+$", "EPOCHS = 1", code, flags=re.MULTILINE)
    assert changed == 1, "how long it trains is said in one place"
    return short


def cells_of(language: Language) -> dict[str, str]:
    """The notebook's code, by the step's name."""
    made = json.loads(notebook_file(language))
    return {cell["id"]: "".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each cell of the notebook prints, run from top to bottom; the callback stops early to be seen."""
    folder = tmp_path_factory.mktemp("program")
    Image.fromarray(np.full((50, 40, 3), 200, np.uint8)).save(folder / PHOTO_FILE)
    parts = []
    for step, code in cells_of(Language.ZH_HANT).items():
        if step == "callback":
            assert "> 0.95" in code
            code = code.replace("> 0.95", "> 0.5")
        parts.append(f'print("####{step}")\n{code}')
    out = run(with_one_epoch("\n\n".join(parts)), folder)
    assert (folder / TFLITE_FILE).stat().st_size > 100_000
    return dict(re.findall(r"####(\w+)\n(.*?)(?=####|\Z)", out, re.DOTALL))


def test_every_step_runs(printed: dict[str, str]) -> None:
    assert tuple(printed) == STEPS


def test_the_data_are_shaped_and_named(printed: dict[str, str]) -> None:
    assert printed["data"].splitlines() == ["(300, 28, 28) (300,)", "(100, 28, 28) (100,)", f"9 {CLASS_NAMES[9]}", "7"]
    assert printed["normalise"] == "0.0 1.0\n"
    assert printed["flatten"] == "(1, 28, 28) (1, 784)\n"


def test_softmax_adds_up(printed: dict[str, str]) -> None:
    *shares, total = re.findall(r"[\d.]+", printed["softmax"])
    assert sum(map(float, shares)) == pytest.approx(1, abs=1e-6)
    assert float(total) == pytest.approx(1)


def test_relu_and_the_number_of_weights(printed: dict[str, str]) -> None:
    assert printed["hidden"].splitlines() == ["(1, 128)", "[0.  0.  0.  0.5 2. ]"]
    assert "128 101770" in printed["width"]


def test_one_epoch_is_trained_and_evaluated(printed: dict[str, str]) -> None:
    assert "10/10" in printed["training"], "300 images in batches of 32"
    assert "Epoch 2" not in printed["training"]
    assert re.search(r"\[[\d.]+, [\d.]+\]", printed["gap"])
    assert "(100, 28, 28) (100, 10) (100,)" in printed["result"]
    assert "Epoch 10/10" in printed["overfitting"]


def test_the_callback_stops_and_counts_from_one(printed: dict[str, str]) -> None:
    stopped = re.findall(r"目前訓練至第 (\d+) 趟", printed["callback"])
    assert len(stopped) == 1
    assert re.findall(r"Epoch (\d+)/10", printed["callback"])[-1] == stopped[0]


def test_the_converted_network_answers(printed: dict[str, str]) -> None:
    assert re.search(r"\[ 1 28 28\] <class 'numpy.float32'>\n\d+ \[ 1 10\] <class 'numpy.float32'>", printed["tflite"])
    shares = [float(share) for share in re.findall(r"([\d.]+)%", printed["page"])]
    assert len(shares) == 10
    assert sum(shares) == pytest.approx(100, abs=0.6)
    assert any(name in printed["photos"] for name in CLASS_NAMES)


def test_both_languages_run_the_same_program() -> None:
    chinese, english = (cells_of(language) for language in Language)
    assert re.match(r"import numpy as np\nimport tensorflow as tf\n\nEPOCHS = 5\n", chinese["start"])
    assert {step for step in STEPS if chinese[step] != english[step]} == {"data", "callback"}, "names and a sentence"
    for code in english.values():
        compile(code, "cell", "exec")


@pytest.mark.parametrize("language", list(Language))
def test_the_notebook_is_one(language: Language) -> None:
    """The rules of nbformat's schema 4.5 that concern cells without outputs."""
    made = json.loads(notebook_file(language))
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert set(made) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert made["metadata"]["kernelspec"].keys() >= {"name", "display_name"}
    assert "name" in made["metadata"]["language_info"]
    identifiers = [cell["id"] for cell in made["cells"]]
    assert len(set(identifiers)) == len(identifiers)
    for cell in made["cells"]:
        assert re.fullmatch("[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
        if cell["cell_type"] == "code":
            assert cell.keys() == {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
        else:
            assert cell.keys() == {"cell_type", "id", "metadata", "source"}
            assert not re.search("</?(b|i|code)>", "".join(cell["source"]))
