"""The model card says what was measured, shows what it links, and types no figure of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.datasets.no_clothing import REPOSITORIES as NO_CLOTHING
from bot.datasets.shop_photos import REPOSITORIES as SHOP_PHOTOS
from bot.datasets.street_photos import REPOSITORY as STREET_PHOTOS
from bot.registry.card import ModelCard
from bot.vision.garment import Garment
from bot.vision.labels import CLASS_NAMES_EN
from bot.vision.prediction import Verdict
from tests.conftest import ROOT, needs
from tests.training import small
from tests.vision.tiny_models import always
from training.errors import TrainingError
from training.evaluation import metrics
from training.evaluation.answers import Answer, Record, Speed, StrangeAnswer, figures
from training.evaluation.measure import Measurement
from training.evaluation.metrics import Interval
from training.model_card import contents, examples
from training.model_card.card import Trained, make_card
from training.model_card.contents import Course, Materials, NetworkSize, View
from training.model_card.figures import figures_of
from training.model_card.page import FIGURES, main, read_figures, read_tried, write_page
from training.model_card.pictures import MAX_BYTES
from training.model_card.render import TEMPLATE, render
from training.networks.sharpening import Sharpening
from training.presets import plan_for
from training.runs.folders import EpochRecord, Run

LABELS = ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", "sandal", "sneaker", "ankle-boot", "footwear")
CLASSES = (0, 1, 2, 3, 4, 6, 5, 7, 9, 7)


def answer(
    label: str,
    accepted: Sequence[int],
    said: int,
    *,
    verdict: Verdict = Verdict.SURE,
    confidence: float = 0.91,
    sender: str = "a",
    other: bool = False,
    quality: float = 0.9,
) -> Answer:
    probabilities = [(1 - confidence) / 9] * 10
    probabilities[said] = confidence
    return Answer(
        f"{label}-{sender}", sender, label, "validation", frozenset(accepted), tuple(probabilities), verdict, other,
        quality, 12.0,
    )  # fmt: skip


def record_of(photos: Sequence[Answer], model: bytes = b"") -> Record:
    strange = [StrangeAnswer("library", Verdict.NO_GARMENT, 0.2)] * 3 + [StrangeAnswer("library", Verdict.SURE, 0.9)]
    return Record(
        "best-x", small.sha256(model), "litert 2.3.0", tuple(photos), tuple(strange),
        Speed(median=12.3, p95=20.1, processor=7.7, model=0.21, one_core=True, load=0.4),
    )  # fmt: skip


@pytest.fixture(scope="module")
def record() -> Record:
    right = [
        answer(label, [said], said, sender=sender)
        for sender in "abc"
        for label, said in zip(LABELS, CLASSES, strict=True)
    ]
    wrong = [
        answer("shirt", [6], 0, sender="d"),
        answer("coat", [4], 2, sender="d", verdict=Verdict.UNSURE, confidence=0.4, quality=0.3),
        answer("sandal", [5], 7, sender="d"),
    ]
    near = [answer("shorts", [], 1, verdict=Verdict.NO_GARMENT, other=True), answer("hat", [], 8)]
    return record_of([*right, *wrong, *near], always(3))


@pytest.fixture(scope="module")
def materials(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Materials:
    rng = np.random.default_rng(1)
    test = small.pictures(test=200).test
    probabilities = np.eye(10, dtype=np.float32)[np.where(np.arange(200) % 7, test.labels, (test.labels + 1) % 10)]
    measurement = Measurement(
        metrics.test_scores(probabilities, test.labels), train_accuracy=0.99, held_out_accuracy=0.95
    )
    trained = Trained(None, epochs=3, sharpening=Sharpening(1.3), thresholds={"sure": 0.8})
    card = make_card(plan_for("best", epochs=3), trained, measurement, always(3), 5000)
    run = Run.create(tmp_path_factory.mktemp("runs"), plan_for("best", epochs=3), events=False)
    for epoch in (1, 2, 3):
        run.log_epoch(EpochRecord(epoch, 1 / epoch, 0.8, 0.5 / epoch, 0.9 + epoch / 100, 0.1, 500.0, 120.0))
    view = View(rng.integers(0, 255, (60, 40, 3)).astype(np.uint8), garment(60, 40), rng.random((28, 28), np.float32),
                np.full(12, 1 / 12, np.float32))  # fmt: skip
    found = figures(record)
    return Materials(
        card=ModelCard.parse(json.dumps(card).encode()),
        segmenter_bytes=653_688,
        color_bytes=3_723_536,
        alone=found.photos,
        color=found.photos,
        record=record,
        figures=found,
        test=test,
        test_probabilities=probabilities,
        views=[view] * len(record.photos),
        course=Course(5, 0.876, found.photos, "Bag", 0.99, 0.97, found.photos, found.photos),
        size=NetworkSize(480_000, 74_000_000),
        run=run,
        tried="| idea | score |\n|---|---|\n| a disc | .71 |",
    )


def page_of(materials: Materials) -> str:
    return render(figures_of(materials), materials.tried)


def garment(height: int, width: int) -> Garment:
    mask = np.zeros((height, width), np.float32)
    mask[5:-5, 5:-5] = 1
    return Garment(mask, (5, 5, width - 5, height - 5), float(mask.mean()), 0.9)


def test_a_record_comes_back_as_it_was_written(record: Record, tmp_path: Path) -> None:
    record.write(tmp_path / "answers.json")
    assert Record.read(tmp_path / "answers.json") == record


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 1}'])
def test_a_file_that_is_no_record_is_refused_with_the_command_that_makes_one(content: str, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(content)
    with pytest.raises(TrainingError, match=r"benchmarks\.photo_answers"):
        Record.read(tmp_path / "answers.json")


def test_the_figures_count_answers_as_they_were_given(record: Record) -> None:
    found = figures(record)
    assert found.photos.images == 33
    assert found.photos.recall["shoes"] == 1.0
    assert found.photos.fine_recall["sandal"] == 0.75
    assert found.photos.fine_recall["shirt"] == 0.75
    assert found.verdicts.sure_that_are_right == pytest.approx(31 / 32)
    assert found.near_misses["shorts"].other_clothing == 1.0
    assert found.near_misses["hat"].sure == 1.0
    assert found.all_strange is not None
    assert (found.all_strange.no_garment, found.all_strange.sure) == (0.75, 0.25)


def test_a_groups_interval_is_drawn_by_sender() -> None:
    """Nine photos of one person and one of another: the share of right ones says nothing about a third."""
    one = [answer("dress", [3], 3, sender="a")] * 9
    found = figures(record_of([*one, answer("dress", [3], 0, sender="b")]))
    assert found.photos.fine_recall["dress"] == 0.9
    assert found.group_intervals["dress"] == Interval(0.0, 1.0)
    assert "shoes" not in found.group_intervals


def test_wilsons_interval_of_few_tries_is_wide() -> None:
    """Values of Newcombe 1998, table I."""
    interval = examples.wilson(81, 263)
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert examples.wilson(4, 4).low < 0.6
    assert examples.wilson(4, 4).high == pytest.approx(1.0)


def test_the_page_tells_every_figure_and_shows_every_picture(materials: Materials, tmp_path: Path) -> None:
    examples.draw(materials, tmp_path / "pictures")
    page = page_of(materials)
    assert "\n\n\n" not in page
    for told in ("best-", "87.60 %", "12.3 ms", "20.1 ms", "0.48 million", "a disc", "shirt called T-shirt/top (1)"):
        assert told in page, told
    for name in CLASS_NAMES_EN:
        assert name in page
    for repository in (STREET_PHOTOS, *SHOP_PHOTOS.values(), *NO_CLOTHING.values()):
        assert f"]({repository.page})" in page
    linked = set(re.findall(r"\]\((pictures/[^)]*)\)", page))
    drawn = {f"pictures/{path.name}" for path in (tmp_path / "pictures").iterdir()}
    assert linked == drawn
    for path in (tmp_path / "pictures").iterdir():
        assert path.stat().st_size <= MAX_BYTES
        with Image.open(path) as image:
            assert image.width >= 400


def test_the_page_does_without_what_is_not_at_hand(materials: Materials) -> None:
    page = page_of(replace(materials, course=None, size=None, run=None, tried=None))
    assert "\n\n\n" not in page
    for part in ("What was tried", "curve.png", "Fed as in tutorials", "(None", "| None", "nan %"):
        assert part not in page


def test_missed_aims_are_called_missed(materials: Materials) -> None:
    rows = [line.split(" | ") for line in page_of(materials).splitlines()]
    reached = {row[0].strip("| "): row[-1].strip(" |") for row in rows if len(row) == 5}
    assert reached["200 test images of Fashion-MNIST"] == "**no**"
    assert reached["photo to answer on one core, median"] == "yes"
    assert reached["pictures without clothing given as sure"] == "**no**"


def test_no_measured_figure_is_typed_into_the_prose() -> None:
    """What confidence means is explained with 80 %, other people's claims are quoted, and 2 % is a definition."""
    allowed = (
        r"80 % confidence, 80 % should|Claims of 97 to 99 %|95 % intervals?|clock 95 %|≤ \d+ ms"
        r"|at least 2 % of a photo|one covers 2 %"
    )
    template = Path(contents.__file__).with_name(TEMPLATE).read_text("utf-8")
    published = r"^\| .*\]\(https:.*\|$"  # the table of others' results, with their sources
    prose = re.sub(rf"{allowed}|{published}|\{{\{{.*?\}}\}}", "", template, flags=re.MULTILINE)
    assert re.findall(r"\d+(?:\.\d+)? (?:%|ms|points|photos|people)", prose) == []


@pytest.mark.parametrize(
    ("first", "said"), [(20, ""), (30, "up to epoch 7, the learning rate followed the plan of a run of 30")]
)
def test_the_page_owns_up_to_a_change_of_plan(first: int, said: str, materials: Materials, tmp_path: Path) -> None:
    run = Run.create(tmp_path, plan_for("best", epochs=20), events=False)
    for epoch in range(1, 21):
        plan = replace(run.plan, epochs=first if epoch <= 7 else 20)
        done = epoch / plan.epochs
        falling = (1 + np.cos(np.pi * (done - plan.warm_up) / (1 - plan.warm_up))) / 2
        rate = plan.learning_rate * (done / plan.warm_up if done < plan.warm_up else falling)
        run.log_epoch(EpochRecord(epoch, 1.0, 0.8, 0.5, 0.9, rate, 500.0, 120.0))
    page = page_of(replace(materials, run=run))
    assert said in page
    assert ("the learning rate followed" in page) == bool(said)


def test_examples_are_right_and_wrong_as_they_say(materials: Materials) -> None:
    for right, wrong in (examples.picture_examples(materials), examples.photo_examples(materials)):
        assert right
        assert wrong
        assert all(example.right for example in right)
        assert not any(example.right for example in wrong)
    _, wrong = examples.photo_examples(materials)
    assert {(each.actual, each.answer) for each in wrong} == {
        ("shirt", "T-shirt/top"),
        ("coat", "Pullover"),
        ("sandal", "Sneaker"),
    }


def test_shown_finds_are_typical_ones_and_failures(materials: Materials) -> None:
    shown = examples.finds(materials)
    assert len(shown) <= examples.FINDS
    said = [find.said for find in shown]
    assert "other clothing" in said
    assert "Pullover 40%, unsure" in said


def test_photos_are_resized_as_tutorials_do() -> None:
    white = np.full((50, 30, 3), 255, np.uint8)
    pixels = contents.tutorial_pixels(white)
    assert pixels.shape == (28, 28)
    assert pixels.min() == pixels.max() == 1.0


def test_a_card_of_another_model_is_refused(record: Record, tmp_path: Path) -> None:
    (tmp_path / "classifier.tflite").write_bytes(always(3))
    (tmp_path / "card.json").write_text(json.dumps(small.card_of(always(4), "x")))
    with pytest.raises(TrainingError, match="not of the same file"):
        contents.gather(tmp_path, tmp_path, record, None)


def test_what_is_told_of_a_run_stays_when_the_run_is_not_at_hand_any_more(materials: Materials, tmp_path: Path) -> None:
    write_page(figures_of(materials), tmp_path)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "curve.png" in page
    without_run = replace(materials, run=None)
    write_page(figures_of(without_run, read_figures(tmp_path)), tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == page
    calibrated = replace(without_run, card=replace(materials.card, sha256="0" * 64))
    write_page(figures_of(replace(materials, network="of these weights")), tmp_path)
    write_page(figures_of(replace(calibrated, network="of these weights"), read_figures(tmp_path)), tmp_path)
    assert "curve.png" in (tmp_path / "README.md").read_text(encoding="utf-8"), "the same network, only sharpened"
    another = replace(without_run, card=replace(materials.card, sha256="1" * 64))
    write_page(figures_of(another, read_figures(tmp_path)), tmp_path)
    assert "curve.png" not in (tmp_path / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"card": {}}'])
def test_figures_that_cannot_be_read_end_with_one_clear_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / FIGURES).write_text(content)
    assert main(["--render", "--models-dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert FIGURES in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "README.md").exists()


def test_the_published_page_is_what_its_figures_give() -> None:
    """Whoever changes the prose or the page by hand writes it anew: python -m training.model_card.page --render."""
    models = ROOT / "models"
    figures = read_figures(models)
    needs(figures is not None, "make the model card: python -m training.model_card.page --data-dir data")
    assert figures is not None
    assert figures["card"]["version"] == json.loads((models / "card.json").read_text("utf-8"))["version"]
    assert render(figures, read_tried(models)) == (models / "README.md").read_text("utf-8")


def test_the_published_page_is_about_the_published_model() -> None:
    page, card = ROOT / "models" / "README.md", ROOT / "models" / "card.json"
    needs(page.exists() and card.exists(), "make the model card: python -m training.model_card.page --data-dir data")
    text = page.read_text(encoding="utf-8")
    assert f"`{json.loads(card.read_text(encoding='utf-8'))['version']}`" in text
    links = re.findall(r"\]\(((?!https:)[^)]*)\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    pictures = list((page.parent / "pictures").iterdir())
    assert {f"pictures/{path.name}" for path in pictures} == {link for link in links if link.startswith("pictures/")}
    assert max(path.stat().st_size for path in pictures) <= MAX_BYTES


def test_the_benchmark_asks_the_bot_itself(photos_dir: Path, fashion_mnist_dir: Path, tmp_path: Path) -> None:
    model = always(3)
    (tmp_path / "classifier.tflite").write_bytes(model)
    alone = small.card_of(model, "alone", thresholds={"model_weight": 1.0, "color_weight": 0.0})
    (tmp_path / "card.json").write_text(json.dumps(alone))
    out = tmp_path / "answers.json"
    command = [sys.executable, "-m", "benchmarks.photo_answers", "--photos", "2", "--json", str(out)]
    command += ["--data-dir", str(photos_dir), "--models-dir", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stderr
    record = Record.read(out)
    assert record.sha256 == small.sha256(model)
    assert record.version == "alone"
    assert [each.answer for each in record.photos] == [3, 3]
    assert record.speed.median > 0
    assert {each.kind for each in record.strange} == {"library", "no clothing"}
    assert "balanced accuracy" in ended.stdout


def test_the_benchmark_without_a_model_ends_with_one_clear_line(photos_dir: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.photo_answers", "--photos", "2"]
    command += ["--data-dir", str(photos_dir), "--models-dir", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
