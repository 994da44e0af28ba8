"""Why rules fail and examples teach: three real rules, tried on all test images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import TEST_IMAGES
from bot.course.steps.lesson import LabelledImages, Lesson, Slide
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.replies.cards.canvas import GREEN, INK, MARGIN, MUTED, QUIET_BAR, RED, TEAL, WIDTH
from bot.replies.numerals import count, percent
from bot.vision.labels import PULLOVER, SNEAKER, TROUSER

NARROW = 0.6
"""A garment whose width is less than this share of its height is called narrow."""

FLAT = 0.75
"""A garment whose height is less than this share of its width is called flat."""

_BRIGHT = 40
_SHOWN = 4
_SCALE = 4
_SIDE = 28 * _SCALE
_BLOCK = 250


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule of thumb and what became of it.

    Attributes:
        says: the class that it gives.
        right: indices of the test images that it names rightly.
        wrong: indices of those that it names wrongly.
    """

    says: int
    right: NDArray[np.intp]
    wrong: NDArray[np.intp]


def slide(lesson: Lesson) -> Slide:
    """Try the rules and show where they fail."""
    test, words = lesson.test, lesson.words.rules
    rules = tried(test)
    total = len(test.labels)
    share = sum(len(rule.right) for rule in rules) / total
    learned = learned_accuracy(lesson)
    page = _draw(lesson, rules, share, learned)
    examples = lesson.texts.units.images
    taught = "" if learned is None else words.taught.format(number=count(TEST_IMAGES), percent=percent(learned))
    return Slide(
        page.jpeg(),
        words.text.format(total=examples.of(total), percent=percent(share), taught=taught),
        words.picture.format(
            rules=lesson.words.frame.clause_separator.join(
                words.rule_line.format(
                    name=lesson.name_of(rule.says), right=count(len(rule.right)), wrong=count(len(rule.wrong))
                )
                for rule in rules
            )
        ),
    )


def tried(test: LabelledImages) -> tuple[Rule, ...]:
    """Name every test image by three rules about its outline."""
    solid = test.images > _BRIGHT
    heights, widths = (_extent(np.asarray(solid.any(axis=axis), np.bool_)) for axis in (2, 1))
    said = np.where(widths < NARROW * heights, TROUSER, np.where(heights < FLAT * widths, SNEAKER, PULLOVER))
    return tuple(
        Rule(
            label,
            np.flatnonzero((said == label) & (test.labels == label)),
            np.flatnonzero((said == label) & (test.labels != label)),
        )
        for label in (TROUSER, SNEAKER, PULLOVER)
    )


def said_of(test: LabelledImages, place: int) -> int:
    """The class that the rules give to one test image."""
    return next(rule.says for rule in tried(test) if place in rule.right or place in rule.wrong)


def learned_accuracy(lesson: Lesson) -> float | None:
    """How the model that answers does on the test images, as its card says; None where there is no such card."""
    live = lesson.materials.live
    return live.card.test.accuracy if live is not None and live.card is not None and live.card_matches else None


def _extent(filled: NDArray[np.bool_]) -> NDArray[np.intp]:
    """From the first to the last filled place: [n] for [n, 28]."""
    side = filled.shape[1]
    ends = side - filled.argmax(axis=1) - filled[:, ::-1].argmax(axis=1)
    return np.asarray(np.maximum(ends, 1), np.intp)


def _draw(lesson: Lesson, rules: tuple[Rule, ...], share: float, learned: float | None) -> Page:
    words = lesson.words.rules
    page = Page(lesson, len(rules) * _BLOCK + (190 if learned is not None else 100))
    top = TOP
    for rule, sentence in zip(rules, words.rules, strict=True):
        result = f"✓ {count(len(rule.right))}　× {count(len(rule.wrong))}"
        width = page.text((WIDTH - MARGIN, top + 22), result, 30, MUTED, anchor="rm")
        says = words.rule.format(rule=sentence, name=lesson.name_of(rule.says))
        page.text((MARGIN, top + 22), says, 34, bold=True, within=INNER - width - 20)
        _draw_examples(page, lesson, rule, top + 56)
        top += _BLOCK
    bars = [(words.bar_rules, share, QUIET_BAR)]
    if learned is not None:
        bars.append((words.bar_taught, learned, TEAL))
    for name, value, colour in bars:
        page.text((MARGIN, top + 40), name, 32, INK, bold=True, within=400)
        page.bar((MARGIN + 420, top + 20, WIDTH - MARGIN - 130, top + 60), value, colour)
        page.text((WIDTH - MARGIN, top + 40), percent(value), 34, INK, bold=True, anchor="rm")
        top += 84
    return page


def _draw_examples(page: Page, lesson: Lesson, rule: Rule, top: int) -> None:
    gap = (INNER - 2 * _SHOWN * _SIDE) / (2 * _SHOWN - 1)
    chosen = [*((index, True) for index in rule.right[:_SHOWN]), *((index, False) for index in rule.wrong[:_SHOWN])]
    for column, (index, right) in enumerate(chosen):
        left = MARGIN + column * (_SIDE + gap)
        page.pixels(lesson.test.images[index], (left, top), _SCALE)
        page.frame((left - 4, top - 4, left + _SIDE + 4, top + _SIDE + 4), GREEN if right else RED, width=4)
        name = "✓" if right else f"×{lesson.words.short_names[int(lesson.test.labels[index])]}"
        colour = GREEN if right else RED
        page.text((left + _SIDE / 2, top + _SIDE + 26), name, SMALL, colour, bold=True, anchor="mm", within=_SIDE + 14)
