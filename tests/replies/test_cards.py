from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.replies.callback_data.gallery import EVERY_IMAGE, GalleryChoice
from bot.replies.cards import canvas
from bot.replies.cards.confusion import PairExamples, confusion_card, pairs_card
from bot.replies.cards.contact_sheet import contact_sheet
from bot.replies.cards.correction import correction_picture
from bot.replies.cards.gallery import gallery_item_card, gallery_sheet, gallery_title
from bot.replies.cards.outline import draw_outline, number_places, scaled_masks
from bot.replies.cards.photo import photo_card
from bot.replies.cards.sample import sample_card
from bot.replies.cards.why import why_card, why_two_card
from bot.replies.confusion import ConfusedPair
from bot.replies.texts import Language
from bot.storage.photos import encode_for_keeping
from bot.vision.outline import packed
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from tests.replies.colours import has_colour

ZH, EN = Language.ZH_HANT, Language.EN
MOST_BYTES = 250_000
MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Any]

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


PHONE = (390, 844)
"""A phone's screen in CSS pixels, on which a card, its first lines and its buttons are to be seen together."""
MOST_OF_THE_SCREEN = 0.5

LIKELY = (Verdict.UNSURE, False, True)
CASES = [(verdict, False, False) for verdict in Verdict] + [(Verdict.NO_GARMENT, True, False), LIKELY]


@pytest.mark.parametrize(("verdict", "other", "likely"), CASES)
def test_a_photo_card_in_every_verdict(
    recognition: MakeRecognition,
    prediction: MakePrediction,
    language: Language,
    verdict: Verdict,
    other: bool,
    likely: bool,
) -> None:
    said = prediction(9, 0, 0.5, verdict, other_clothing=other, likely=likely)
    picture = check(photo_card(recognition(said, quality=0.2), language))
    assert has_colour(picture, canvas.TEAL) == (verdict is Verdict.SURE)
    assert has_colour(picture, canvas.AMBER) == (verdict is Verdict.UNSURE)
    assert has_colour(picture, canvas.BLACK) != (verdict is Verdict.NO_GARMENT and not other), "the 28x28 pixels"


@pytest.mark.parametrize("size", [(360, 640), (480, 640), (640, 640), (640, 480), (640, 360)])
def test_a_card_leaves_room_for_words_and_buttons_on_a_phone(
    recognition: MakeRecognition, prediction: MakePrediction, size: tuple[int, int]
) -> None:
    others = [prediction(1), prediction(8), prediction(9)]
    for said in (prediction(), prediction(verdict=Verdict.NO_GARMENT)):
        picture = check(photo_card(recognition(said, size=size, others=others), ZH))
        shown = picture.shape[0] * PHONE[0] / canvas.WIDTH
        assert shown <= MOST_OF_THE_SCREEN * PHONE[1]


def test_each_garment_has_its_colour_and_number(recognition: MakeRecognition, prediction: MakePrediction) -> None:
    others = [prediction(label) for label in (1, 8, 9, 0, 2)]
    picture = check(photo_card(recognition(size=(640, 640), others=others), ZH))
    assert all(has_colour(picture, colour) for colour in canvas.GARMENTS)
    two = check(photo_card(recognition(others=others[:1]), ZH))
    assert [has_colour(two, colour) for colour in canvas.GARMENTS] == [True, True, False, False, False, False]


def test_numbers_stand_inside_their_garments_and_apart(
    recognition: MakeRecognition, prediction: MakePrediction
) -> None:
    garments = [each.garment for each in recognition(size=(600, 600), others=[prediction()] * 5).garments]
    places = number_places(scaled_masks(garments, 600, 600), 46)
    for garment, (x, y) in zip(garments, places, strict=True):
        assert garment.mask[round(y), round(x)] > 0.5
    for place, one in enumerate(places):
        assert all(np.hypot(one[0] - x, one[1] - y) > 46 for x, y in places[:place])


def test_garment_colours_are_told_apart_by_the_colour_blind() -> None:
    """Under simulated deuteranopia and protanopia (Machado et al. 2009, severity 1) no two look alike."""
    matrices = (
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    )
    colours = np.array(canvas.GARMENTS, np.float64)
    for matrix in matrices:
        seen = colours @ np.array(matrix).T
        for place, one in enumerate(seen):
            assert all(np.linalg.norm(one - other) > 40 for other in seen[:place])


def test_a_picture_of_the_data_set_has_no_outline(recognition: MakeRecognition) -> None:
    picture = check(photo_card(recognition(size=(280, 280), from_data_set=True), ZH))
    assert not has_colour(picture, canvas.GARMENTS[0])


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (640, 640), (640, 20), (20, 640), (1, 1), (28, 28), (3, 640)])
def test_photos_of_every_shape(recognition: MakeRecognition, size: tuple[int, int]) -> None:
    check(photo_card(recognition(size=size), ZH))
    check(contact_sheet([recognition(size=size)] * 2, ZH))
    check(why_card(recognition(size=size), 4, np.ones(size[::-1], np.float32), ZH))


def test_a_noisy_photo_stays_small(recognition: MakeRecognition) -> None:
    found = recognition(size=(480, 640))
    coarse = np.random.default_rng(1).integers(0, 255, (320, 240, 3), dtype=np.uint8)
    found.photo.pixels[:] = canvas.resized(coarse, 480, 640)
    assert len(photo_card(found, ZH)) < 1.5 * MOST_BYTES


@pytest.mark.parametrize("size", [(300, 640), (480, 640), (640, 480)])
def test_the_28x28_is_shown_as_it_is(recognition: MakeRecognition, size: tuple[int, int]) -> None:
    found = recognition(size=size)
    gray = check(photo_card(found, ZH)).mean(axis=2)
    black = gray < 20
    columns = 560 + np.flatnonzero(black[:, 560:].sum(axis=0) > 150)
    rows = max(np.split(dark := np.flatnonzero(black[:, columns[0]]), np.flatnonzero(np.diff(dark) > 1) + 1), key=len)
    side = len(rows)
    assert side >= 28 * 8 - 4
    assert side <= 28 * 10 + 4
    scale = side / 28
    middle = gray[rows[0] + 40 : rows[-1] - 40, round(columns[0] + 9 * scale) : round(columns[0] + 19 * scale)]
    assert abs(middle.mean() - 0.6 * 255) < 6


@pytest.mark.parametrize("ground", [0, 90, 160, 255])
def test_the_outline_shows_on_any_ground(ground: int) -> None:
    mask = np.zeros((300, 300), np.uint8)
    mask[80:220, 80:220] = 255
    drawn = draw_outline(np.full((300, 300, 3), ground, np.uint8), mask)
    profile = drawn[150, 60:100, 0].astype(int)
    assert profile.max() - profile.min() > 200


def test_a_garment_at_the_edge_is_outlined_inside_the_picture() -> None:
    drawn = draw_outline(np.full((200, 200, 3), 128, np.uint8), np.full((200, 200), 255, np.uint8))
    assert (drawn[3:-3, 3:-3] == 255).any()


def test_a_found_garment_stands_out_from_its_surroundings(recognition: MakeRecognition) -> None:
    picture = opened(photo_card(recognition(), ZH))
    assert has_colour(picture, (170, 40, 50)), "the garment keeps its colour"
    surroundings = picture[100:200, 100:200]
    assert surroundings.mean() > 170, "the rest, 150 before, fades"


def test_of_a_correction_what_was_judged_is_outlined() -> None:
    pixels = np.full((480, 360, 3), 120, np.uint8)
    mask = np.zeros((480, 360), np.float32)
    mask[100:400, 60:300] = 1
    kept, box = encode_for_keeping(Photo(pixels)), (60, 100, 300, 400)
    for outline in (packed(mask), None, b"torn"):
        shown = opened(correction_picture(kept, outline, box))
        assert shown.shape == (800, 600, 3)
        assert has_colour(shown[140:190, 80:520], canvas.GARMENTS[0]), "the upper edge of the garment, or of its box"
        assert not has_colour(shown[300:500, 200:400], canvas.GARMENTS[0])
        assert shown[400, 300].astype(int).max() < 130 < shown[20, 20].astype(int).min(), "all else fades"


def test_of_a_correction_without_a_garment_the_photo_is_shown_as_it_was_kept() -> None:
    kept = encode_for_keeping(Photo(np.full((48, 36, 3), 120, np.uint8)))
    for box in (None, (0, 0, 36, 48)):
        assert correction_picture(kept, None, box) == kept
    assert correction_picture(b"no picture", packed(np.ones((48, 36), np.float32)), (1, 1, 9, 9)) == b"no picture"


@pytest.mark.parametrize("actual", [9, 7])
def test_samples_say_right_and_wrong_in_words_and_colour(
    prediction: MakePrediction, language: Language, actual: int
) -> None:
    picture = check(sample_card(IMAGE, prediction(9, 7, 0.6), actual, 9_999, language))
    assert has_colour(picture, canvas.RED) == (actual == 7)
    assert has_colour(picture, canvas.GREEN), "the truth"


def test_right_and_wrong_are_shapes_too() -> None:
    drawn = []
    for right in (True, False):
        sheet = canvas.Canvas(100, 100)
        sheet.mark((50, 50), 60, canvas.INK, right=right)
        drawn.append(np.asarray(sheet.image))
    assert np.abs(drawn[0].astype(int) - drawn[1]).max() > 150


@pytest.mark.parametrize("count", [1, 7, 25])
def test_gallery_sheets(language: Language, count: int) -> None:
    right = [place % 5 != 0 for place in range(count)]
    choice = {1: GalleryChoice(True, 6, 0), 7: GalleryChoice(False, 9), 25: EVERY_IMAGE}[count]
    picture = check(gallery_sheet([IMAGE] * count, right, gallery_title(choice, language)))
    assert has_colour(picture, canvas.RED)
    assert has_colour(picture, canvas.GREEN) == (count > 1)


@pytest.mark.parametrize("count", [1, 25])
def test_an_image_beside_its_sheet(prediction: MakePrediction, language: Language, count: int) -> None:
    right = [place % 5 != 0 for place in range(count)]
    picture = check(gallery_item_card([IMAGE] * count, right, 0, prediction(9, 7, 0.6), 7, language))
    assert has_colour(picture, canvas.RED)
    assert has_colour(picture, canvas.AMBER), "the frame of what is large"
    assert picture.shape[0] < 0.75 * picture.shape[1], "a phone shows it together with its buttons"


@pytest.mark.parametrize("count", [1, 2, 4, 5, 10])
def test_contact_sheets(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language, count: int
) -> None:
    kinds = [
        recognition(prediction(9, 0, 0.6, verdict, other_clothing=other, likely=likely), others=[prediction()])
        for verdict, other, likely in CASES
    ]
    check(contact_sheet([*(kinds[index % len(kinds)] for index in range(count - 1)), None], language))


def test_the_confusion_matrix(language: Language) -> None:
    picture = check(confusion_card(CONFUSION, language))
    deep = np.abs(picture.astype(int) - canvas.GREEN).max(axis=2) < 40
    places = [np.flatnonzero(column).mean() for column in np.array_split(deep[240:, 290:1040], 10, axis=1)]
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
    picture = check(why_card(recognition(), 4, heat, language)).astype(int)
    redness = picture[..., 0] - picture[..., 1]
    photo = redness[120:-160]
    hottest_row = int(photo.mean(axis=1).argmax())
    assert 0.25 < hottest_row / len(photo) < 0.52
    pale = check(why_card(recognition(), 4, heat, language, decisive=False)).astype(int)[120:-160]
    assert (pale[..., 0] - pale[..., 1]).max() < 0.7 * photo.max()


@pytest.mark.parametrize("heat", [np.zeros((640, 480), np.float32), np.full((28, 28), 1e-12, np.float32)])
def test_a_heat_map_without_heat(recognition: MakeRecognition, heat: NDArray[np.float32]) -> None:
    check(why_card(recognition(), 10, heat, ZH))


def test_both_candidates_side_by_side(recognition: MakeRecognition, language: Language) -> None:
    top, bottom = np.zeros((640, 480), np.float32), np.zeros((640, 480), np.float32)
    top[170:240, 180:300], bottom[400:470, 180:300] = 0.5, 0.5
    picture = check(why_two_card(recognition(), [(9, top, True), (7, bottom, True)], language)).astype(int)
    redness = (picture[..., 0] - picture[..., 1])[120:-160]
    left, right = redness[:, : canvas.WIDTH // 2], redness[:, canvas.WIDTH // 2 :]
    assert left.mean(axis=1).argmax() < len(redness) // 2 < right.mean(axis=1).argmax()


def test_words_can_be_read() -> None:
    for colour in (canvas.INK, canvas.MUTED, canvas.TEAL, canvas.AMBER, canvas.SLATE, canvas.RED, canvas.GREEN):
        assert canvas.contrast(colour, canvas.PAPER) >= 4.5
        assert canvas.contrast(colour, canvas.PANEL) >= 4.5
    for colour in (canvas.TEAL, canvas.AMBER, canvas.SLATE, canvas.RED):
        assert canvas.contrast(canvas.WHITE, colour) >= 4.5
    for share in np.linspace(0, 1, 21):
        for end in (canvas.GREEN, canvas.RED):
            red, green, blue = (
                round(low + (high - low) * float(share)) for low, high in zip(canvas.PAPER, end, strict=True)
            )
            ground = (red, green, blue)
            assert canvas.contrast(canvas.readable_on(ground), ground) >= 4.5


def test_texts_shrink_rather_than_run_over() -> None:
    size = canvas.fitted("ankle boot(踝靴)", 60, True, 200)
    assert canvas.text_width("ankle boot(踝靴)", size, True) <= 200
    assert canvas.fitted("外套", 60, True, 200) == 60
