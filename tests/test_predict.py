"""``python -m bot predict``: one line for each path, whatever it leads to."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot import predict
from bot.settings import Settings
from bot.vision.labels import CLASS_NAMES
from bot.vision.photo import MAX_BYTES
from bot.vision.prediction import Prediction, Verdict
from tests.vision.tiny_models import always

ROOT = Path(__file__).resolve().parents[1]
TROUSER = 1


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder whose classifier says trouser to everything."""
    folder = tmp_path_factory.mktemp("models")
    model = always(TROUSER)
    (folder / "classifier.tflite").write_bytes(model)
    card = {"version": "test", "created": "2026-01-02", "sha256": hashlib.sha256(model).hexdigest()}
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def run(models_dir: Path, *arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "predict", *arguments],
        cwd=ROOT,
        env=os.environ | {"MODELS_DIR": str(models_dir), "LOG_LEVEL": "info"} | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def here(models_dir: Path, *paths: object, as_json: bool = True) -> int:
    """The command in this process: saves the start of Python."""
    settings = Settings(_env_file=None, models_dir=models_dir)
    return predict.predict([str(path) for path in paths], as_json=as_json, settings=settings)


def photo(folder: Path, name: str = "photo.jpg", kind: str = "JPEG") -> Path:
    image = Image.new("RGB", (320, 240), (210, 200, 190))
    image.paste((40, 60, 120), (100, 30, 220, 220))
    path = folder / name
    image.save(path, kind)
    return path


def json_lines(text: str | bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_answers_in_json(models_dir: Path, tmp_path: Path) -> None:
    good, text = photo(tmp_path), tmp_path / "text.jpg"
    text.write_text("no picture")
    result = run(models_dir, "--json", str(good), str(text), str(good))
    first, second, third = json_lines(result.stdout)
    assert result.returncode == 1
    assert result.stderr == b""
    assert set(first) == {
        "path", "ok", "label", "name", "confidence", "probabilities", "verdict", "milliseconds",
    }  # fmt: skip
    assert (first["path"], first["ok"]) == (str(good), True)
    assert (first["label"], first["name"]) == (TROUSER, "褲子")
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1)
    assert first["confidence"] == max(first["probabilities"])
    assert first["verdict"] in list(Verdict)
    assert second == {
        "path": str(text),
        "ok": False,
        "error": "This file is not a picture in a format that I can read.",
        "milliseconds": second["milliseconds"],
    }
    assert third["ok"]


def test_answers_in_plain_lines(models_dir: Path, tmp_path: Path) -> None:
    good = photo(tmp_path)
    result = run(models_dir, str(good), str(tmp_path))
    first, second = result.stdout.decode().splitlines()
    assert result.returncode == 1
    assert first.startswith("褲子 ")
    assert first.endswith(f" ms  {good}")
    assert second.endswith(f" ms  {tmp_path}: This is a folder, not a file.")
    assert predict.columns(first.partition(str(good))[0]) == predict.columns(second.partition(str(tmp_path))[0])


def test_all_ok_is_status_0(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here(models_dir, photo(tmp_path), photo(tmp_path, "b.png", "PNG")) == 0
    assert [line["ok"] for line in json_lines(capsys.readouterr().out)] == [True, True]


@pytest.mark.parametrize("model", [None, b"", b"no model", always(1)[:5000]])
def test_no_usable_model_is_status_2(tmp_path: Path, model: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    models = tmp_path / "models"
    models.mkdir()
    if model is not None:
        (models / "classifier.tflite").write_bytes(model)
    assert here(models, photo(tmp_path)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "no usable model" in err


def test_without_a_model_the_command_says_one_line(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere", str(photo(tmp_path)))
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode().count("\n") == 1


def test_what_cannot_be_read_never_hangs(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = [tmp_path, tmp_path / "missing.jpg", tmp_path / "photo.jpg" / "below a file", Path("/dev/zero")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        odd.append(tmp_path / "pipe.jpg")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    odd.append(tmp_path / "loop.jpg")
    (tmp_path / "empty.jpg").touch()
    odd.append(tmp_path / "empty.jpg")
    odd.append(tmp_path / ("long" * 100))
    photo(tmp_path)
    started = time.monotonic()
    assert here(models_dir, *odd) == 1
    assert time.monotonic() - started < 20
    found = json_lines(capsys.readouterr().out)
    assert [line["path"] for line in found] == [str(path) for path in odd]
    assert not any(line["ok"] for line in found)
    assert all(line["error"] and "\n" not in line["error"] for line in found)


def test_says_when_it_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, *_: object) -> int:
        raise PermissionError(13, "Permission denied", path)

    secret = photo(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(predict.UnreadableFileError, match="Permission denied"):
            predict.read(str(secret))
    assert predict.read(str(secret)).startswith(b"\xff\xd8")


def test_reads_no_file_beyond_the_limit(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    huge, limit = tmp_path / "huge.jpg", photo(tmp_path, "limit.jpg")
    with huge.open("wb") as file:
        file.truncate(200 * 1024**3)
    with limit.open("ab") as file:
        file.truncate(MAX_BYTES)
    assert here(models_dir, huge, limit) == 1
    first, second = json_lines(capsys.readouterr().out)
    assert first["error"] == "This file is larger than 20 MB."
    assert first["milliseconds"] < 1000
    assert second["ok"]


def test_names_of_files_are_printed_whatever_they_hold(models_dir: Path, tmp_path: Path) -> None:
    names = [b"\xff\xfe.jpg", "褲子.jpg".encode(), b"two\nlines.jpg", b"\x1b[31mred.jpg"]
    paths = [os.fsencode(tmp_path) + b"/" + name for name in names]
    for path in paths:
        photo(tmp_path).rename(os.fsdecode(path))
    plain = run(models_dir, *paths, LC_ALL="POSIX", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert plain.returncode == 0, plain.stderr
    assert len(plain.stdout.splitlines()) == len(names)
    assert b"\x1b" not in plain.stdout
    assert rb"\xff\xfe.jpg" in plain.stdout
    found = run(models_dir, "--json", *paths)
    assert [os.fsencode(line["path"]) for line in json_lines(found.stdout)] == paths
    assert found.stdout.isascii()


def test_lines_come_as_soon_as_they_are_ready(models_dir: Path, tmp_path: Path) -> None:
    good = str(photo(tmp_path))
    command = [sys.executable, "-m", "bot", "predict", "--json", *[good] * 3000]
    environment = os.environ | {"MODELS_DIR": str(models_dir)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["ok"]
        assert process.poll() is None, "3,000 photos were waited for"
        process.stdout.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr.read() == b"", "a reader that has seen enough is no error to tell of"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def interrupted(models_dir: Path, photo_path: Path) -> tuple[int, bytes, bytes]:
    """A long batch that gets Ctrl-C after its first line: exit status, the other lines and what it complained of."""
    command = [sys.executable, "-m", "bot", "predict", *[str(photo_path)] * 3000]
    environment = os.environ | {"MODELS_DIR": str(models_dir)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def test_ctrl_c_ends_it_quietly_after_the_photo_under_way(models_dir: Path, tmp_path: Path) -> None:
    status, out, err = interrupted(models_dir, photo(tmp_path))
    assert status == 130
    assert err == b""
    assert out.count(b"\n") < 2000
    assert not out or out.endswith(b"\n")


def test_ctrl_c_never_interrupts_the_work_on_a_photo(models_dir: Path, tmp_path: Path) -> None:
    """An exception just there could lose the process that decodes, and closing would wait for it."""

    def recognize(self: predict.Recognizer, data: bytes) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        looked.append(data)
        return whole(self, data)

    looked: list[bytes] = []
    whole = predict.Recognizer.recognize
    before = signal.getsignal(signal.SIGINT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predict.Recognizer, "recognize", recognize)
        assert here(models_dir, photo(tmp_path), photo(tmp_path)) == 130
    assert len(looked) == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_it_at_once(models_dir: Path, tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, time\n"
        "from bot import predict\n"
        "with predict._interrupts():\n"
        "    print(flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT


def test_one_strange_picture_does_not_end_the_batch(
    models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recognize = predict.Recognizer.recognize

    def stumble(self: predict.Recognizer, data: bytes) -> object:
        if data.endswith(b"strange"):
            raise ZeroDivisionError
        return recognize(self, data)

    monkeypatch.setattr(predict.Recognizer, "recognize", stumble)
    good, strange = photo(tmp_path), photo(tmp_path, "strange.jpg")
    strange.write_bytes(strange.read_bytes() + b"strange")
    assert here(models_dir, good, strange, good) == 1
    assert [line["ok"] for line in json_lines(capsys.readouterr().out)] == [True, False, True]


def test_a_data_set_picture_is_classified_as_it_is(models_dir: Path, tmp_path: Path) -> None:
    from bot.vision.recognizer import open_recognizer

    pixels = np.zeros((28, 28), np.uint8)
    pixels[:, 8:20] = 180
    picture = io.BytesIO()
    Image.fromarray(pixels).save(picture, "PNG")
    with open_recognizer(models_dir) as recognizer:
        recognition = recognizer.recognize(picture.getvalue(), chosen=3)
        sample = recognizer.classify_pixels(recognition.pixels)
    np.testing.assert_array_equal(recognition.pixels, pixels.astype(np.float32) / 255)
    assert recognition.prediction == sample
    assert recognition.garment.mask.sum() == 12 * 28
    assert recognition.model_version == "test"
    assert recognition.milliseconds > 0


@pytest.mark.parametrize("label", range(10))
def test_columns_line_up_for_every_class(label: int) -> None:
    probabilities = tuple(0.1 + 0.81 * (each == label) - 0.09 * (each != label) for each in range(10))
    for verdict in Verdict:
        line = predict.as_plain_line(predict.Line("path", 12.3, Prediction(probabilities, verdict)))
        assert line.startswith(CLASS_NAMES[label])
        assert predict.columns(line) == predict.columns(predict.as_plain_line(predict.Line("path", 1, None, ""))) - 2
