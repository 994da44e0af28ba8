from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.replies.cards import (
    PairExamples,
    canvas,
    confusion_card,
    contact_sheet,
    gallery_sheet,
    pairs_card,
    photo_card,
    sample_card,
    why_card,
)
from bot.replies.cards.outline import draw_outline
from bot.replies.confusion import ConfusedPair
from bot.replies.texts import Language
from bot.vision.prediction import Prediction, Verdict

ZH, EN = Language.ZH_HANT, Language.EN
MOST_BYTES = 250_000
MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Any]
VERDICTS = [(verdict, False) for verdict in Verdict] + [(Verdict.NO_GARMENT, True)]

IMAGE = np.tile(np.linspace(0, 255, 28, dtype=np.uint8), (28, 1))
CONFUSION = [[900 if row == column else 11 for column in range(10)] for row in range(10)]


def opened(data: bytes) -> NDArray[np.uint8]:
    with Image.open(BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        return np.asarray(image.convert("RGB"))


def check(data: bytes) -> NDArray[np.uint8]:
    """1080 wide, of modest size and proportions, and nothing runs into the edge."""
    picture = opened(data)
    height, width = picture.shape[:2]
    assert width == canvas.WIDTH
    assert 0.5 <= width / height <= 4
    assert len(data) < MOST_BYTES
    edge = canvas.MARGIN // 2
    for strip in (picture[:edge], picture[-edge:], picture[:, :edge], picture[:, -edge:]):
        assert np.abs(strip.astype(int) - canvas.PAPER).max() < 24, "something is cut off"
    return picture


def has_colour(picture: NDArray[np.uint8], colour: canvas.Colour) -> bool:
    return bool((np.abs(picture.astype(int) - colour).max(axis=2) < 12).sum() > 500)


@pytest.mark.parametrize(("verdict", "other"), VERDICTS)
def test_a_photo_card_in_every_verdict(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language, verdict: Verdict, other: bool
) -> None:
    said = prediction(9, 0, 0.5, verdict, other_clothing=other)
    picture = check(photo_card(recognition(said, quality=0.2), language))
    assert has_colour(picture, canvas.TEAL) == (verdict is Verdict.SURE)
    assert has_colour(picture, canvas.AMBER) == (verdict is Verdict.UNSURE)


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (640, 640), (640, 20), (20, 640), (1, 1), (28, 28), (3, 640)])
def test_photos_of_every_shape(recognition: MakeRecognition, size: tuple[int, int]) -> None:
    check(photo_card(recognition(size=size), ZH))
    check(contact_sheet([recognition(size=size)] * 2, ZH))
    check(why_card(recognition(size=size), np.ones(size[::-1], np.float32), ZH))


def test_a_noisy_photo_stays_small(recognition: MakeRecognition) -> None:
    found = recognition(size=(480, 640))
    coarse = np.random.default_rng(1).integers(0, 255, (320, 240, 3), dtype=np.uint8)
    found.photo.pixels[:] = canvas.resized(coarse, 480, 640)
    assert len(photo_card(found, ZH)) < 1.5 * MOST_BYTES


def test_the_28x28_is_shown_as_it_is(recognition: MakeRecognition) -> None:
    found = recognition()
    picture = check(photo_card(found, ZH))
    gray = picture.mean(axis=2)
    right_column = gray[:, 708:1044]
    rows = np.flatnonzero((right_column[:, :60] < 30).all(axis=1))
    assert len(rows) >= 28 * 12 - 8, "the black left part of the pixels"
    middle = right_column[rows[0] + 100 : rows[-1] - 100, 12 * 8 : 12 * 20]
    assert abs(middle.mean() - 0.6 * 255) < 6


@pytest.mark.parametrize("ground", [0, 90, 160, 255])
def test_the_outline_shows_on_any_ground(ground: int) -> None:
    mask = np.zeros((300, 300), np.float32)
    mask[80:220, 80:220] = 1
    drawn = draw_outline(np.full((300, 300, 3), ground, np.uint8), mask)
    profile = drawn[150, 60:100, 0].astype(int)
    assert profile.max() - profile.min() > 200


def test_a_garment_at_the_edge_is_outlined_inside_the_picture() -> None:
    drawn = draw_outline(np.full((200, 200, 3), 128, np.uint8), np.ones((200, 200), np.float32))
    assert (drawn[3:-3, 3:-3] == 255).any()


def test_a_found_garment_stands_out_from_its_surroundings(recognition: MakeRecognition) -> None:
    picture = opened(photo_card(recognition(), ZH))
    assert has_colour(picture, (170, 40, 50)), "the garment keeps its colour"
    surroundings = picture[100:200, 100:200]
    assert surroundings.mean() > 170, "the rest, 150 before, fades"


@pytest.mark.parametrize("actual", [9, 7])
def test_samples_say_right_and_wrong_in_words_and_colour(
    prediction: MakePrediction, language: Language, actual: int
) -> None:
    picture = check(sample_card(IMAGE, prediction(9, 7, 0.6), actual, 9_999, language))
    assert has_colour(picture, canvas.RED) == (actual == 7)


@pytest.mark.parametrize("count", [1, 7, 25])
def test_gallery_sheets(language: Language, count: int) -> None:
    check(gallery_sheet([IMAGE] * count, language, only_wrong=count < 25))


@pytest.mark.parametrize("count", [1, 2, 4, 5, 10])
def test_contact_sheets(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language, count: int
) -> None:
    kinds = [recognition(prediction(9, 0, 0.6, verdict, other_clothing=other)) for verdict, other in VERDICTS]
    check(contact_sheet([*(kinds[index % 4] for index in range(count - 1)), None], language))


def test_the_confusion_matrix(language: Language) -> None:
    picture = check(confusion_card(CONFUSION, language))
    deep = np.abs(picture.astype(int) - canvas.TEAL).max(axis=2) < 40
    places = [np.flatnonzero(column).mean() for column in np.array_split(deep[400:, 290:1040], 10, axis=1)]
    assert all(later > earlier + 40 for earlier, later in pairwise(places)), "the diagonal"
    check(confusion_card([[0] * 10 for _ in range(10)], language))


def test_confused_pairs_with_examples(language: Language) -> None:
    pairs = [PairExamples(ConfusedPair(9, 7, 126), (IMAGE,) * 9), PairExamples(ConfusedPair(0, 6, 1), ())]
    check(pairs_card(pairs, language))
    check(pairs_card([], language))


def test_the_hottest_place_is_the_deepest(recognition: MakeRecognition, language: Language) -> None:
    heat = np.zeros((640, 480), np.float32)
    heat[200:300, 180:300] = 0.5
    heat[400:450, 180:300] = -0.5
    picture = check(why_card(recognition(), heat, language)).astype(int)
    redness = picture[..., 0] - picture[..., 1]
    photo = redness[120:-160]
    hottest_row = int(photo.mean(axis=1).argmax())
    assert 0.25 < hottest_row / len(photo) < 0.52
    pale = check(why_card(recognition(), heat, language, decisive=False)).astype(int)[120:-160]
    assert (pale[..., 0] - pale[..., 1]).max() < 0.7 * photo.max()


@pytest.mark.parametrize("heat", [np.zeros((640, 480), np.float32), np.full((28, 28), 1e-12, np.float32)])
def test_a_heat_map_without_heat(recognition: MakeRecognition, heat: NDArray[np.float32]) -> None:
    check(why_card(recognition(), heat, ZH))


def test_words_can_be_read() -> None:
    for colour in (canvas.INK, canvas.MUTED, canvas.TEAL, canvas.AMBER, canvas.SLATE, canvas.RED):
        assert canvas.contrast(colour, canvas.PAPER) >= 4.5
        assert canvas.contrast(colour, canvas.PANEL) >= 4.5
    for colour in (canvas.TEAL, canvas.AMBER, canvas.SLATE, canvas.RED):
        assert canvas.contrast(canvas.WHITE, colour) >= 4.5
    for share in np.linspace(0, 1, 21):
        for end in (canvas.TEAL, canvas.AMBER):
            red, green, blue = (
                round(low + (high - low) * float(share)) for low, high in zip(canvas.PAPER, end, strict=True)
            )
            ground = (red, green, blue)
            assert canvas.contrast(canvas.readable_on(ground), ground) >= 4


def test_texts_shrink_rather_than_run_over() -> None:
    size = canvas.fitted("ankle boot(踝靴)", 60, True, 200)
    assert canvas.text_width("ankle boot(踝靴)", size, True) <= 200
    assert canvas.fitted("外套", 60, True, 200) == 60
