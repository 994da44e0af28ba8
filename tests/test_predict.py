"""``python -m bot predict``: one line for each path, whatever it leads to."""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot import predict
from bot.batch import inputs, lines, outcomes
from bot.batch.inputs import UnreadableFileError
from bot.batch.outcomes import Outcome
from bot.batch.pictures import Pictures, numbered_mask
from bot.replies.texts import Language
from bot.replies.words import said_name
from bot.settings import Settings
from bot.vision.decoder import Decoder
from bot.vision.decoding import decode
from bot.vision.garment import Garment, whole_photo
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from bot.vision.photo import MAX_BYTES, Photo
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import NamedGarment, Recognition, Recognizer
from tests.pictures import saved
from tests.vision.test_decoder import BAD_DECODER
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


@pytest.fixture(params=list(Language), ids=lambda language: language.value)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


def run(models_dir: Path, *arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "predict", *arguments],
        cwd=ROOT,
        env=os.environ | {"MODELS_DIR": str(models_dir), "LOG_LEVEL": "info"} | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def here(models_dir: Path, *paths: object, **options: Any) -> int:
    """The command in this process: saves the start of Python."""
    settings = Settings(models_dir=models_dir)
    return predict.predict([str(path) for path in paths], predict.Options(**{"form": "json"} | options), settings)


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
        "path", "ok", "label", "name", "confidence", "probabilities", "outside", "verdict", "other_clothing",
        "garments", "milliseconds",
    }  # fmt: skip
    assert (first["path"], first["ok"]) == (str(good), True)
    assert first["name"] == CLASS_NAMES[first["label"]]
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) + first["outside"] == pytest.approx(1)
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
    good, text = photo(tmp_path), tmp_path / "text.jpg"
    text.write_text("no picture")
    result = run(models_dir, str(good), str(text))
    first, second = result.stdout.decode().splitlines()
    assert result.returncode == 1
    assert first.endswith(f" ms  {good}")
    assert second.endswith(f" ms  {text}: 不是我能讀的圖片格式。")
    assert lines.columns(first.partition(str(good))[0]) == lines.columns(second.partition(str(text))[0])
    english = run(models_dir, "--lang", "en", str(text))
    assert english.stdout.decode().endswith(f"{text}: not a picture in a format that I can read.\n")


def test_json_and_csv_exclude_each_other(models_dir: Path, tmp_path: Path) -> None:
    result = run(models_dir, "--json", "--csv", str(photo(tmp_path)))
    assert (result.returncode, result.stdout) == (2, b"")


def test_answers_in_csv(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comma, text = photo(tmp_path, "a, b.jpg"), tmp_path / "text.jpg"
    text.write_text("no picture")
    assert here(models_dir, comma, text, form="csv") == 1
    first, second = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert list(first) == [
        "path", "ok", "label", "name", "confidence", "outside", "verdict", "other_clothing", "error", "milliseconds",
    ]  # fmt: skip
    assert (first["path"], first["ok"], first["error"]) == (str(comma), "true", "")
    assert first["name"] == CLASS_NAMES[int(first["label"])]
    assert (second["ok"], second["label"]) == ("false", "")
    assert "format" in second["error"]


def test_a_folder_is_walked_in_the_order_of_names(
    models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    expected = [
        photo(tmp_path, "a.JPG"),
        photo(tmp_path / "b", "2.png", "PNG"),
        photo(tmp_path / "b" / "deep", "1.jpg"),
    ]
    expected.append(photo(tmp_path, "c.webp", "WEBP"))
    for passed_over in ("notes.txt", "labels.csv", ".jpg"):
        (tmp_path / "b" / passed_over).write_text("file,label\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert here(models_dir, tmp_path) == 0
    assert [line["path"] for line in json_lines(capsys.readouterr().out)] == [str(path) for path in expected]


def test_standard_input_is_one_image(models_dir: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "predict", "--json", "--masks", str(tmp_path / "masks"), "-"]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"MODELS_DIR": str(models_dir)},
        input=photo(tmp_path).read_bytes(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    (line,) = json_lines(result.stdout)
    assert (line["path"], line["ok"]) == ("-", True)
    assert [path.name for path in (tmp_path / "masks").iterdir()] == ["-.png"]


def test_garments_are_told_in_the_pixels_of_the_upright_photo() -> None:
    told = json.loads(lines.as_json_line(Outcome("a", 1.0, dressed((300, 400)), (3000, 4000))))
    first, second = told["garments"]
    assert {key: value for key, value in told.items() if key in first} == {
        key: value for key, value in first.items() if key not in ("box", "area")
    }
    assert first["box"] == [500, 500, 2500, 2500]
    assert first["area"] == pytest.approx(1 / 3)
    assert (second["verdict"], second["other_clothing"]) == ("no_garment", True)
    assert sum(second["probabilities"]) + second["outside"] == pytest.approx(1)


def test_nothing_found_has_no_garments() -> None:
    nothing = dressed((300, 400), nothing=True)
    told = json.loads(lines.as_json_line(Outcome("a", 1.0, nothing, (300, 400))))
    assert (told["garments"], told["verdict"], told["other_clothing"]) == ([], "no_garment", False)


def test_a_mask_numbers_garments_at_full_size_and_the_smaller_wins() -> None:
    mask = numbered_mask(dressed((300, 400)), (600, 800))
    assert mask.shape == (800, 600)
    assert set(np.unique(mask)) == {0, 1, 2}
    assert (mask[150, 150], mask[350, 300], mask[700, 300]) == (1, 2, 0)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_full_size_is_that_of_the_upright_photo(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(Image.new("RGB", (1000, 1500), "teal"), exif=exif)
    upright = (1000, 1500) if orientation in (1, 3) else (1500, 1000)
    assert outcomes.full_size(data, decode(data)) == upright


def test_masks_and_cards_are_named_after_their_files(models_dir: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        photo(tmp_path / folder, "shirt.png", "PNG")
    (tmp_path / "two" / "bag.jpg").write_text("no picture")
    masks, cards = tmp_path / "out" / "masks", tmp_path / "out" / "cards"
    assert here(models_dir, tmp_path / "one", tmp_path / "two", masks=masks, cards=cards) == 1
    assert sorted(path.name for path in masks.iterdir()) == ["shirt-2.png", "shirt.png"]
    assert sorted(path.name for path in cards.iterdir()) == ["shirt-2.jpg", "shirt.jpg"]
    with Image.open(masks / "shirt.png") as mask:
        assert (mask.size, mask.mode) == ((320, 240), "L")
    with Image.open(cards / "shirt.jpg") as card:
        assert card.width == 1080


def test_three_files_of_one_stem_have_names_of_their_own(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, None, Language.EN)
    for path in ("a/x.jpg", "b/x.png", "x-2.jpg", "c/x.gif"):
        pictures.write(Outcome(path, 1.0, dressed((30, 40)), (30, 40)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-2-2.png", "x-2.png", "x-3.png", "x.png"]


def test_where_nothing_can_be_written_one_line_says_so(
    models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert here(models_dir, photo(tmp_path), masks=tmp_path / "file" / "masks") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


@pytest.mark.parametrize("form", ["plain", "json", "csv"])
def test_labels_are_scored_at_the_end(
    models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    names = [photo(tmp_path, f"{number}.png", "PNG").name for number in range(3)]
    assert here(models_dir, tmp_path) == 0
    (said, *_) = [line for line in json_lines(capsys.readouterr().out)]
    predicted = said["label"] if said["verdict"] != "no_garment" else 10
    labels = [CLASS_NAMES_EN[predicted] if predicted < 10 else "Bag", "trouser" if predicted != 1 else "包包", "8"]
    rows = [f"{name},{label}" for name, label in zip(names, labels, strict=True)]
    (tmp_path / "labels.csv").write_text("\n".join(["file,label", *rows, "elsewhere.png,1"]), encoding="utf-8")
    right = sum([predicted < 10, predicted == 8])
    assert here(models_dir, tmp_path, form=form, language=Language.EN) == 0
    out, err = capsys.readouterr()
    report = out if form == "plain" else err
    assert f"({right} of 3 right)" in report
    assert len(report.splitlines()) == 12 + (3 if form == "plain" else 0)
    assert "right)" not in (err if form == "plain" else out)


@pytest.mark.parametrize("text", ["file,label\n0.png,scarf\n", "image,class\n0.png,1\n", "file,label\n0.png,10\n"])
def test_labels_that_are_none_are_one_clear_line(
    models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    photo(tmp_path, "0.png", "PNG")
    (tmp_path / "labels.csv").write_text(text)
    assert here(models_dir, tmp_path) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "line 2" in err


def dressed(size: tuple[int, int], *, nothing: bool = False) -> Recognition:
    """A large coat, and a scarf that lies on it."""
    width, height = size
    photo = Photo(np.full((height, width, 3), 200, np.uint8))
    shares = (0.0, 0.0, 0.1, 0.0, 0.85, *[0.0] * 5)
    coat = Prediction(shares, Verdict.SURE, outside=0.05)
    scarf = Prediction((0.2, *[0.0] * 9), Verdict.NO_GARMENT, other_clothing=True, outside=0.8)
    garments = []
    for said, (left, top, right, bottom) in (
        (coat, (width // 6, height // 8, 5 * width // 6, 5 * height // 8)),
        (scarf, (width // 3, 3 * height // 8, 2 * width // 3, 5 * height // 8)),
    ):
        mask = np.zeros((height, width), np.float32)
        mask[top:bottom, left:right] = 1
        garment = Garment(mask, (left, top, right, bottom), float(mask.mean()), 0.9)
        garments.append(NamedGarment(garment, np.zeros((28, 28), np.float32), None, said))
    if nothing:
        refused = Prediction(shares, Verdict.NO_GARMENT, outside=0.05)
        whole = NamedGarment(whole_photo(photo), np.zeros((28, 28), np.float32), None, refused)
        return Recognition(photo, (), 0, whole, from_data_set=False, model_version="v", milliseconds=1.0)
    return Recognition(photo, tuple(garments), 0, garments[0], from_data_set=False, model_version="v", milliseconds=1.0)


def test_all_ok_is_status_0(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here(models_dir, photo(tmp_path), photo(tmp_path, "b.png", "PNG")) == 0
    assert [line["ok"] for line in json_lines(capsys.readouterr().out)] == [True, True]


def test_waits_for_a_slow_photo_as_long_as_the_chat(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As 48 megapixels of HEIC are: seconds, and more on a busy machine."""
    slow = tmp_path / "slow.heic"
    slow.write_bytes(b"dawdle")
    monkeypatch.setattr("bot.recognition.Decoder", partial(Decoder, command=(*BAD_DECODER, "misbehave")))
    assert here(models_dir, slow) == 0
    (line,) = json_lines(capsys.readouterr().out)
    assert line["milliseconds"] > 2000


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
    odd = [tmp_path / "missing.jpg", tmp_path / "photo.jpg" / "below a file", Path("/dev/zero")]
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
        with pytest.raises(UnreadableFileError, match="Permission denied"):
            inputs.read(str(secret))
    assert inputs.read(str(secret)).startswith(b"\xff\xd8")


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

    def recognize(self: Recognizer, data: bytes) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        looked.append(data)
        return whole(self, data)

    looked: list[bytes] = []
    whole = Recognizer.recognize
    before = signal.getsignal(signal.SIGINT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recognizer, "recognize", recognize)
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
    recognize = Recognizer.recognize

    def stumble(self: Recognizer, data: bytes) -> object:
        if data.endswith(b"strange"):
            raise ZeroDivisionError
        return recognize(self, data)

    monkeypatch.setattr(Recognizer, "recognize", stumble)
    good, strange = photo(tmp_path), photo(tmp_path, "strange.jpg")
    strange.write_bytes(strange.read_bytes() + b"strange")
    assert here(models_dir, good, strange, good) == 1
    assert [line["ok"] for line in json_lines(capsys.readouterr().out)] == [True, False, True]


def test_a_data_set_picture_is_classified_as_it_is(models_dir: Path, tmp_path: Path) -> None:
    from bot.recognition import open_recognizer

    pixels = np.zeros((28, 28), np.uint8)
    pixels[:, 8:20] = 180
    with open_recognizer(models_dir) as recognizer:
        recognition = recognizer.recognize(saved(Image.fromarray(pixels), "PNG"), chosen=3)
        sample = recognizer.classify_pixels(recognition.pixels)
    np.testing.assert_array_equal(recognition.pixels, pixels.astype(np.float32) / 255)
    assert recognition.prediction == sample
    assert recognition.garment.mask.sum() == 12 * 28
    assert recognition.model_version == "test"
    assert recognition.milliseconds > 0


@pytest.mark.parametrize("label", range(10))
def test_columns_line_up_for_every_class(label: int, language: Language) -> None:
    shares = tuple(0.1 + 0.71 * (each == label) - 0.09 * (each != label) for each in range(10))
    failed = lines.as_plain_line(Outcome("path", 1), language)
    base = dressed((30, 40))
    for verdict in Verdict:
        prediction = Prediction(shares, verdict, verdict is Verdict.NO_GARMENT, 0.1)
        judged = replace(base.judged, prediction=prediction)
        shown = replace(base, garments=(judged, base.garments[1]), judged=judged)
        line = lines.as_plain_line(Outcome("path", 12.3, shown), language)
        assert line.startswith(said_name(prediction.said, language))
        assert lines.columns(line.partition("path")[0]) == lines.columns(failed.partition("path")[0])
        assert "+1" in line


def test_an_unsure_line_names_both_candidates() -> None:
    base = dressed((30, 40))
    unsure = Prediction((0.3, 0.0, 0.0, 0.0, 0.4, *[0.0] * 5), Verdict.UNSURE, outside=0.3)
    line = lines.as_plain_line(
        Outcome("a", 1, replace(base, judged=replace(base.judged, prediction=unsure))), Language.EN
    )
    assert "Coat" in line
    assert "T-shirt/top" in line
    assert "30.0 %" in line
    assert " unsure " in line


def test_a_likely_line_names_one_and_calls_it_likely_as_the_chat_does() -> None:
    base = dressed((30, 40))
    likely = Prediction((0.1, 0.0, 0.0, 0.0, 0.85, *[0.0] * 5), Verdict.UNSURE, outside=0.05, likely=True)
    line = lines.as_plain_line(
        Outcome("a", 1, replace(base, judged=replace(base.judged, prediction=likely))), Language.EN
    )
    assert line.split()[:4] == ["Coat", "85.0", "%", "likely"]
    assert "T-shirt/top" not in line
    assert "unsure" not in line
