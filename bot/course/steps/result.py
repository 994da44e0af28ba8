"""Reading a result: shapes, ten probabilities, and the place of the largest."""

from typing import Final

import numpy as np

from bot.course.recorded_runs import SIDE, TEST_IMAGES
from bot.course.steps.lesson import FIRST, Lesson, Slide, Subject
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.course.steps.photos import bot_says
from bot.replies.cards.canvas import INK, LINE, MARGIN, MUTED, PANEL, QUIET_BAR, TEAL, WIDTH
from bot.replies.numerals import count, percent_of_permille, permille

_SCALE: Final = 13
_COLUMNS_HIGH: Final = 330


def slide(lesson: Lesson) -> Slide:
    """Show what the live model gives for a picture, and how to read it."""
    words, subject = lesson.words.result, lesson.subject
    probabilities = lesson.live.classifier.probabilities(subject.pixels).tolist()
    shares = permille(probabilities)
    place = int(np.argmax(probabilities))
    text = words.text.format(
        subject=lesson.subject_words,
        input=_shape((1, *subject.pixels.shape)),
        output=_shape((1, len(probabilities))),
        side=len(subject.pixels),
        classes=len(probabilities),
        place=place,
        name=lesson.name_of(place),
        share=percent_of_permille(shares[place]),
        check=_check(lesson, place),
        images=_images_shape(lesson),
    )
    listed = lesson.words.frame.list_separator.join(
        f"{label}: {percent_of_permille(share)}" for label, share in enumerate(shares)
    )
    return Slide(_draw(lesson, subject, probabilities, shares).jpeg(), text, words.picture.format(shares=listed))


def _check(lesson: Lesson, place: int) -> str:
    words = lesson.words.result
    recognition = lesson.materials.recognition
    if recognition is not None:
        return words.no_label.format(bot=bot_says(lesson, recognition.prediction))
    label = int(lesson.test.labels[lesson.test.place(FIRST)])
    sentence = words.right if label == place else words.wrong
    return sentence.format(label=label, name=lesson.name_of(label))


def _images_shape(lesson: Lesson) -> str:
    return lesson.words.result.images.format(shape=_shape((TEST_IMAGES, SIDE, SIDE)), number=count(TEST_IMAGES))


def _shape(sides: tuple[int, ...]) -> str:
    return f"({', '.join(str(side) for side in sides)})"


def _draw(lesson: Lesson, subject: Subject, probabilities: list[float], shares: tuple[int, ...]) -> Page:
    words = lesson.words.result
    side = 28 * _SCALE
    columns_top = TOP + side + 130
    page = Page(lesson, side + 130 + _COLUMNS_HIGH + 190)
    page.pixels(subject.pixels, (MARGIN, TOP), _SCALE)
    beside, right = MARGIN + side + 40, WIDTH - MARGIN
    place = int(np.argmax(probabilities))
    rows = [
        (words.input, _shape((1, *subject.pixels.shape))),
        (words.output, _shape((1, len(probabilities)))),
        ("argmax", str(place)),
    ]
    if subject.label is not None:
        rows.append((words.label, str(subject.label)))
    high = side / 4
    for row, (name, value) in enumerate(rows):
        top = TOP + row * high
        page.box((beside, top, right, top + high - 12), PANEL, radius=14)
        page.text((beside + 20, top + (high - 12) / 2), name, 30, MUTED, within=300)
        bold = row >= 2
        page.text(
            (right - 20, top + (high - 12) / 2),
            value,
            42 if bold else 34,
            TEAL if bold else INK,
            bold=True,
            anchor="rm",
        )

    page.text((MARGIN, columns_top - 82), words.columns, 32, INK, bold=True, within=INNER)
    bottom, wide = columns_top + _COLUMNS_HIGH, INNER / len(shares)
    page.box((MARGIN, bottom, right, bottom + 2), MUTED)
    for label, share in enumerate(shares):
        middle = MARGIN + (label + 0.5) * wide
        wins = label == place
        top = bottom - max(3.0, _COLUMNS_HIGH * share / 1000)
        page.box((middle - 32, columns_top, middle + 32, bottom), PANEL, radius=6)
        page.box((middle - 32, top, middle + 32, bottom), TEAL if wins else QUIET_BAR, radius=6)
        ink = TEAL if wins else INK
        page.text(
            (middle, columns_top - 26), percent_of_permille(share), SMALL, ink, bold=wins, anchor="mm", within=wide - 4
        )
        page.text((middle, bottom + 40), str(label), 44, ink, bold=True, anchor="mm")
        page.text(
            (middle, bottom + 92), lesson.words.short_names[label], SMALL, ink, bold=wins, anchor="mm", within=wide - 6
        )
    page.box((MARGIN, bottom + 124, right, bottom + 126), LINE)
    said = words.foot.format(place=place, name=lesson.name_of(place))
    page.text((MARGIN, bottom + 158), said, 32, TEAL, bold=True, within=INNER)
    return page
