"""Why the course's model fails on phone photos, and what this bot does about it."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.course.recorded_runs import SIDE, PhotoTest, course_pixels
from bot.course.steps.lesson import FIRST, Lesson, Missing, Need, Slide
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.replies.cards.canvas import INK, MARGIN, MUTED, PANEL, RED, TEAL, WIDTH, Colour, Pixels, fit_inside, resized
from bot.replies.numerals import percent, percent_of_permille
from bot.replies.shares import named_shares, shares_of
from bot.replies.words import share_name
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.registry.card import PhotoFigures
    from bot.vision.recognizer import Recognition

_PHOTO: Final = 400
_SCALE: Final = 7
_CLOTH: Final = (0.35, 0.5, 0.95)
_PRETENDED: Final = 480


def slide(lesson: Lesson) -> Slide:
    """Look at a photo in the course's way and in the bot's."""
    words = lesson.words.photos
    recognition = lesson.materials.recognition or _of_a_pretended_photo(lesson)
    naive = course_pixels(recognition.photo.pixels)
    shares = lesson.network.probabilities(naive[None])[0]
    said, share = int(shares.argmax()), float(shares.max())
    course, figures = lesson.materials.lessons.photos, _figures(lesson)
    text = words.text.format(
        photo=words.yours if lesson.materials.recognition is not None else words.pretended,
        course=lesson.name_of(said),
        course_share=percent(share),
        bot=bot_says(lesson, recognition.prediction),
        measured=_measured(lesson, course, figures),
    )
    return Slide(_draw(lesson, recognition, naive, said, share, course, figures).jpeg(), text, words.picture)


def pretended_photo(levels: NDArray[np.uint8]) -> Pixels:
    """A blue garment on a light floor, made of a test image: uint8 [480, 480, 3]."""
    side, inside = _PRETENDED, 340
    large = cv2.resize(levels, (inside, inside), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    solid = cv2.GaussianBlur((cv2.resize(levels, (inside, inside)) > 24).astype(np.float32), (0, 0), 3)
    cloth = (235 - 0.62 * large)[..., None] * np.array(_CLOTH, np.float32)
    slope = np.linspace(0, 1, side, dtype=np.float32)
    planks = 6 * np.sin(np.arange(side, dtype=np.float32) / 9)[None, :] + 5 * (np.arange(side) % 96 < 3)[None, :]
    ground = (222 - 26 * slope)[:, None] - planks
    photo = ground[..., None] * np.array((1.0, 0.95, 0.87), np.float32)
    start = (side - inside) // 2
    part = photo[start : start + inside, start : start + inside]
    part += (cloth - part) * solid[..., None]
    return np.asarray(np.clip(np.rint(photo), 0, 255), np.uint8)


def _of_a_pretended_photo(lesson: Lesson) -> "Recognition":
    if lesson.materials.recognize is None:
        raise Missing(Need.MODEL)
    data = BytesIO()
    Image.fromarray(pretended_photo(lesson.test_image(FIRST).levels)).save(data, "PNG", compress_level=1)
    return lesson.materials.recognize(data.getvalue())


def bot_says(lesson: Lesson, prediction: Prediction) -> str:
    """Say in a few words what the bot answers to a photo."""
    words = lesson.words.photos
    candidates = _candidates(lesson, prediction)
    match candidates:
        case []:
            return words.no_answer
        case [(name, share)]:
            return words.answer.format(name=name, share=share)
        case _:
            (first, first_share), (second, second_share) = candidates
            return words.unsure.format(first=first, first_share=first_share, second=second, second_share=second_share)


def _candidates(lesson: Lesson, prediction: Prediction) -> list[tuple[str, str]]:
    """Names and shares of what the bot takes the garment for: one, two, or none."""
    named = () if prediction.verdict is Verdict.NO_GARMENT else named_shares(prediction)
    shares = shares_of(prediction)
    return [(share_name(label, lesson.language), percent_of_permille(shares[label])) for label in named]


def _figures(lesson: Lesson) -> "PhotoFigures | None":
    live = lesson.materials.live
    card = live.card if live is not None and live.card_matches else None
    return card.photos if card is not None and card.photos.balanced_accuracy is not None else None


def _measured(lesson: Lesson, course: PhotoTest | None, figures: "PhotoFigures | None") -> str:
    words, units = lesson.words.photos, lesson.texts.units
    parts = []
    if course is not None:
        parts.append(
            words.course_measured.format(
                photos=units.photos.of(course.images),
                accuracy=percent(course.accuracy),
                favourite=lesson.name_of(course.favourite),
                share=percent(course.share, 0),
                confidence=percent(course.confidence),
            )
        )
    if figures is not None and figures.balanced_accuracy is not None and figures.interval is not None:
        parts.append(
            words.bot_measured.format(
                photos=units.photos.of(figures.images or 0),
                people=units.people.of(figures.senders or 0),
                accuracy=percent(figures.balanced_accuracy),
                low=percent(figures.interval[0]),
                high=percent(figures.interval[1]),
            )
        )
    return lesson.words.frame.sentence_gap.join(parts)


def _draw(
    lesson: Lesson,
    recognition: "Recognition",
    naive: NDArray[np.float32],
    said: int,
    share: float,
    course: PhotoTest | None,
    figures: "PhotoFigures | None",
) -> Page:
    words = lesson.words.photos
    side = SIDE * _SCALE
    bars = [
        (words.bar_course, course.accuracy if course else None, RED),
        (words.bar_bot, figures.balanced_accuracy if figures else None, TEAL),
    ]
    known = [(name, value, colour) for name, value, colour in bars if value is not None]
    two_rows = 2 * (side + 100) + 20
    page = Page(lesson, two_rows + (60 + 80 * len(known) if known else 0))
    pixels = recognition.photo.pixels
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], _PHOTO, two_rows - 60)
    top = TOP + 44 + (two_rows - 60 - height) / 2 if height < two_rows - 60 else TOP + 44
    page.text((MARGIN, top - 24), words.photo, SMALL, MUTED)
    page.paste(resized(pixels, width, height), (MARGIN, top))

    candidates = _candidates(lesson, recognition.prediction) or [(words.no_answer, "")]
    says = words.says if recognition.from_data_set else words.says_both
    rows = (
        (words.course_way, naive, words.says, [(lesson.name_of(said), percent(share))], RED),
        (words.bot_way, recognition.pixels, says, candidates, TEAL),
    )
    left = MARGIN + _PHOTO + 100
    for place, (way, seen, heading, answers, colour) in enumerate(rows):
        upper = TOP + place * (side + 110)
        page.text((left, upper + 20), way, 30, INK, bold=True, within=WIDTH - MARGIN - left)
        upper += 50
        page.arrow((MARGIN + width + 16, upper + side / 2), (left - 16, upper + side / 2), width=4)
        page.pixels(seen, (left, upper), _SCALE)
        page.frame((left - 4, upper - 4, left + side + 4, upper + side + 4), colour, width=4)
        beside = left + side + 28
        _draw_answers(page, (beside, upper, WIDTH - MARGIN), heading, answers, colour)

    top = TOP + two_rows + 30
    if known:
        page.text((MARGIN, top), words.bars, 32, INK, bold=True, within=INNER)
    for name, value, colour in known:
        top += 72
        page.text((MARGIN, top), name, 30, INK, within=330)
        page.bar((MARGIN + 350, top - 24, WIDTH - MARGIN - 140, top + 24), value, colour, PANEL)
        page.text((WIDTH - MARGIN, top), percent(value), 36, colour, bold=True, anchor="rm")
    return page


def _draw_answers(
    page: Page, edges: tuple[float, float, float], says: str, answers: list[tuple[str, str]], colour: Colour
) -> None:
    left, top, right = edges
    page.text((left, top + 14), says, SMALL, MUTED)
    size = 40 if len(answers) == 1 else 32
    middle = top + 64
    for name, share in answers:
        page.text((left, middle), name, size, colour, bold=True, within=right - left)
        page.text((left, middle + 1.2 * size), share, size, colour, bold=True)
        middle += 2.4 * size
