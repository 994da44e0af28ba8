"""Which pictures the model card shows, chosen by rule and not by hand, and drawn."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.datasets import as_pixels
from bot.vision.labels import CLASS_NAMES_EN
from bot.vision.prediction import Verdict
from training.data.set_labels import LABEL_CLASSES
from training.evaluation.answers import Answer, is_right, probabilities_of, scored_photos
from training.evaluation.metrics import Interval, accepted_classes
from training.model_card.contents import Materials, View
from training.model_card.pictures import Example, Find, Recall, draw_examples, draw_finds, draw_recalls
from training.runs.report import draw_calibration, draw_confusion, draw_curves

EXAMPLES: Final = 8
"""Right answers and wrong answers that are shown of test images, and of photos."""

FINDS: Final = 12
_Z: Final = 1.96
LABEL_OF_CLASS: Final = {next(iter(classes)): label for label, classes in LABEL_CLASSES.items() if len(classes) == 1}
"""The word for each class that photos show."""


def draw(materials: Materials, folder: Path) -> None:
    """Draw every picture of the page."""
    folder.mkdir(exist_ok=True)
    figures_, test = materials.figures, materials.card.test
    if materials.run is not None and (records := materials.run.metrics()):
        draw_curves(records, folder / "curve.png", f"{materials.run.name}: training", "held-out images")
    draw_confusion(
        np.array(test.confusion), CLASS_NAMES_EN, folder / "confusion-test.png", f"{test.images:,} test images"
    )
    shown = {label: counts for label, counts in figures_.photos.confusion.items() if sum(counts)}
    draw_confusion(
        np.array(list(shown.values())),
        list(shown),
        folder / "confusion-photos.png",
        f"{figures_.photos.images} photos of {figures_.photos.senders} people",
    )
    scored = scored_photos(materials.record)
    draw_calibration(
        probabilities_of(scored).max(axis=1),
        is_right(scored),
        folder / "calibration.png",
        f"{len(scored)} photos, calibration error {figures_.photos.ece:.3f}",
    )
    draw_recalls(recalls(materials), folder / "recall.png")
    draw_examples(*picture_examples(materials), folder / "examples-test.png")
    draw_examples(*photo_examples(materials), folder / "examples-photos.png")
    draw_finds(finds(materials), folder / "found.png")


def recalls(materials: Materials) -> list[Recall]:
    """Recall of the ten classes on test images and on photos, with intervals."""
    confusion = np.array(materials.card.test.confusion)
    rows = []
    for label, name in enumerate(CLASS_NAMES_EN):
        word = LABEL_OF_CLASS.get(label, "")
        photos = materials.figures.photos.fine_recall.get(word)
        hits, total = int(confusion[label, label]), int(confusion[label].sum())
        rows.append(
            Recall(
                name,
                test=(hits / total, wilson(hits, total)) if total else None,
                photos=None if photos is None else (photos, materials.figures.group_intervals[word]),
            )
        )
    return rows


def wilson(hits: int, total: int) -> Interval:
    """The 95 % interval of a share of independent tries (Wilson 1927)."""
    share, spread = hits / total, _Z**2 / total
    middle = share + spread / 2
    margin = _Z * float(np.sqrt(share * (1 - share) / total + spread / (4 * total)))
    return Interval((middle - margin) / (1 + spread), (middle + margin) / (1 + spread))


def picture_examples(materials: Materials) -> tuple[list[Example], list[Example]]:
    """Right and wrong answers to test images: the first of each class, and the surest mistakes."""
    probabilities, actual = materials.test_probabilities, materials.test.labels
    answer, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = [int(np.flatnonzero((actual == label) & (answer == label))[0]) for label in _found(actual, answer)]
    mistakes = [int(index) for index in np.argsort(-confidence) if answer[index] != actual[index]]
    wrong = _varied(mistakes, [int(actual[index]) for index in mistakes], EXAMPLES)

    def example(index: int) -> Example:
        return Example(
            pixels=as_pixels(materials.test.images[index]),
            actual=CLASS_NAMES_EN[actual[index]],
            answer=CLASS_NAMES_EN[answer[index]],
            confidence=float(confidence[index]),
            right=bool(answer[index] == actual[index]),
        )

    return [example(index) for index in right[:EXAMPLES]], [example(index) for index in wrong]


def photo_examples(materials: Materials) -> tuple[list[Example], list[Example]]:
    """Right and wrong answers to photos: one right one of each label, and the surest mistakes."""
    photos, views = materials.record.photos, materials.views
    scored = [index for index, answer in enumerate(photos) if accepted_classes(answer)]
    by_confidence = sorted(scored, key=lambda index: -photos[index].confidence)
    right = [index for index in by_confidence if photo_is_right(photos[index])]
    wrong = [index for index in by_confidence if not photo_is_right(photos[index])]
    middle = right[len(right) // 2 :] + right[: len(right) // 2]  # typical answers, not the surest
    chosen = [_varied(group, [photos[index].label for index in group], EXAMPLES) for group in (middle, wrong)]
    first, second = ([photo_example(photos[index], views[index]) for index in group] for group in chosen)
    return first, second


def photo_example(answer: Answer, view: View) -> Example:
    """A photo's answer as a picture."""
    return Example(view.pixels, answer.label, CLASS_NAMES_EN[answer.answer], answer.confidence, photo_is_right(answer))


def photo_is_right(answer: Answer) -> bool:
    """Whether the class is among the accepted ones, shoes told apart."""
    return answer.answer in accepted_classes(answer)


def finds(materials: Materials, count: int = FINDS) -> list[Find]:
    """Photos to show: typical finds of each label, then the poorest ones of wrong answers."""
    photos, views = materials.record.photos, materials.views
    order = sorted(range(len(photos)), key=lambda index: photos[index].quality)
    good = [index for index in order if photo_is_right(photos[index])]
    good = good[len(good) // 2 :] + good[: len(good) // 2]
    poor = [index for index in order if accepted_classes(photos[index]) and not photo_is_right(photos[index])]
    near = [index for index in order if photos[index].other_clothing and not accepted_classes(photos[index])]
    chosen = [
        *_varied(good, [photos[index].label for index in good], count // 2 + 1),
        *near[len(near) // 2 :][:1],
    ]
    chosen += _varied(poor, [photos[index].label for index in poor], count - len(chosen))
    return [
        Find(
            views[index].photo,
            views[index].garment,
            photo_example(photos[index], views[index]),
            said(photos[index]),
        )
        for index in chosen
    ]


def said(answer: Answer) -> str:
    """An answer in a few words."""
    if answer.verdict is Verdict.NO_GARMENT:
        return "other clothing" if answer.other_clothing else "no garment"
    doubt = "" if answer.verdict is Verdict.SURE else ", unsure"
    return f"{CLASS_NAMES_EN[answer.answer]} {answer.confidence:.0%}{doubt}"


def _varied(order: Sequence[int], kinds: Sequence[Hashable], count: int) -> list[int]:
    """The first so many of an order, taking one of each kind in turn."""
    waiting = list(zip(order, kinds, strict=True))
    chosen: list[int] = []
    while waiting and len(chosen) < count:
        taken: set[Hashable] = set()
        rest = []
        for index, kind in waiting:
            if kind in taken or len(chosen) == count:
                rest.append((index, kind))
            else:
                taken.add(kind)
                chosen.append(index)
        waiting = rest
    return chosen


def _found(actual: NDArray[np.integer], answer: NDArray[np.integer]) -> list[int]:
    """The classes that were found at least once."""
    return [label for label in range(len(CLASS_NAMES_EN)) if ((actual == label) & (answer == label)).any()]
