"""Ten scores become ten shares that sum to one."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import softmax
from bot.course.steps.lesson import Lesson, Slide, Subject
from bot.course.steps.page import SMALL, TOP, Page
from bot.replies.cards.canvas import AMBER, INK, LINE, MARGIN, MUTED, PANEL, QUIET_BAR, TEAL, WIDTH
from bot.replies.numerals import decimal, percent_of_permille, permille
from bot.vision.labels import CLASS_COUNT

_ROW: Final = 78
_PICTURE_SCALE: Final = 7
_SCORE: Final = (290, 560)
_POWER: Final = 720
_SHARE: Final = 752


def slide(lesson: Lesson) -> Slide:
    """Show scores, powers and shares of a picture, by the recorded network."""
    words, subject = lesson.words.softmax, lesson.subject
    scores = lesson.network.scores(subject.pixels[None])[0]
    shares = permille(softmax(scores).tolist())
    order = np.argsort(-scores, kind="stable")
    first, second = int(order[0]), int(order[1])
    text = words.text.format(
        subject=lesson.subject_words,
        name=lesson.name_of(first),
        score=decimal(scores[first]),
        share=percent_of_permille(shares[first]),
        second=lesson.name_of(second),
        second_score=decimal(scores[second]),
        second_share=percent_of_permille(shares[second]),
        times=_times(float(scores[first] - scores[second])),
        lead=decimal(float(scores[first] - scores[second])),
        sum=percent_of_permille(sum(shares)),
        note=words.photo_note if subject.label is None else "",
    )
    lines = lesson.words.frame.clause_separator.join(
        words.line.format(
            name=lesson.name_of(int(label)), score=decimal(scores[label]), share=percent_of_permille(shares[label])
        )
        for label in order[:3]
    )
    return Slide(_draw(lesson, subject, scores, shares, order).jpeg(), text, words.picture.format(lines=lines))


def _draw(
    lesson: Lesson, subject: Subject, scores: NDArray[np.float32], shares: tuple[int, ...], order: NDArray[np.intp]
) -> Page:
    words = lesson.words.softmax
    side = 28 * _PICTURE_SCALE
    heads = TOP + side + 60
    page = Page(lesson, heads - TOP + 34 + CLASS_COUNT * _ROW)
    page.pixels(subject.pixels, (MARGIN, TOP), _PICTURE_SCALE)
    beside = MARGIN + side + 40
    line = page.paragraph((beside, TOP + 6), words.recipe, 38, WIDTH - MARGIN - beside, bold=True)
    page.paragraph((beside, line + 14), words.recipe_more, 30, WIDTH - MARGIN - beside, MUTED)

    zero = _zero(scores)
    columns = (
        ((_SCORE[0] + _SCORE[1]) / 2, words.score, "mm"),
        (_POWER, words.power, "rm"),
        (WIDTH - MARGIN, words.share, "rm"),
    )
    for place, name, anchor in columns:
        page.text((place, heads), name, SMALL, MUTED, anchor=anchor)
    largest = float(np.abs(scores).max()) or 1.0
    unit = (_SCORE[1] - _SCORE[0]) / (2 * largest) if scores.min() < 0 else (_SCORE[1] - _SCORE[0]) / largest
    for place, label in enumerate(order):
        middle = heads + 34 + _ROW * (place + 0.5)
        wins, score = place == 0, float(scores[label])
        ink = TEAL if wins else INK
        page.text((MARGIN, middle), lesson.name_of(int(label)), 30, ink, bold=wins, within=_SCORE[0] - MARGIN - 20)
        edge = zero + unit * score
        page.box(
            (min(zero, edge), middle - 20, max(zero, edge), middle + 20),
            TEAL if wins else QUIET_BAR if score > 0 else AMBER,
        )
        inside = edge + 8 if score >= 0 else zero + 8
        page.text((inside, middle), decimal(score), 28, ink, bold=wins)
        page.text((_POWER, middle), _power(score), 28, ink, bold=wins, anchor="rm")
        page.bar(
            (_SHARE, middle - 20, WIDTH - MARGIN - 122, middle + 20),
            shares[label] / 1000,
            TEAL if wins else QUIET_BAR,
            PANEL,
        )
        page.text((WIDTH - MARGIN, middle), percent_of_permille(shares[label]), 30, ink, bold=wins, anchor="rm")
    page.box((zero - 1, heads + 34, zero + 1, heads + 34 + CLASS_COUNT * _ROW), LINE)
    return page


def _zero(scores: NDArray[np.float32]) -> float:
    return (_SCORE[0] + _SCORE[1]) / 2 if scores.min() < 0 else float(_SCORE[0])


def _power(score: float) -> str:
    """Write e to the power of a score, short: 8,103, 54.6, 0.02."""
    value = float(np.exp(np.float64(score)))
    if value >= 1e7:
        return f"{value:.1e}".replace("e+0", "e").replace("e+", "e")
    return (
        f"{value:,.0f}"
        if value >= 100
        else f"{value:.1f}"
        if value >= 1
        else f"{value:.3f}"
        if value >= 0.001
        else "< 0.001"
    )


def _times(lead: float) -> str:
    value = float(np.exp(np.float64(min(lead, 20.0))))
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
