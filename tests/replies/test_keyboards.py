from collections.abc import Callable
from dataclasses import replace

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import keyboards
from bot.replies.callback_data import parse
from bot.replies.callback_data.actions import (
    Action,
    AlbumCorrect,
    AlbumItem,
    AlbumOverview,
    AlbumWhy,
    AskAgain,
    Back,
    Consent,
    Correct,
    Forget,
    GalleryClasses,
    GalleryItem,
    GallerySheet,
    JudgeGarment,
    MeasureAgain,
    NewGallery,
    PickClass,
    Review,
    ReviewStep,
    Right,
    SetLanguage,
    Undo,
    Why,
    WrongOutline,
)
from bot.replies.callback_data.answer import Answer, version_tag
from bot.replies.callback_data.gallery import EVERY_IMAGE, Gallery, GalleryChoice
from bot.replies.confusion import ConfusedPair
from bot.replies.texts import Language
from bot.vision.labels import NO_CLOTHING, OTHER_CLOTHING, WRONG_OUTLINE
from bot.vision.prediction import Prediction, Verdict

ZH = Language.ZH_HANT


@pytest.fixture
def answer(prediction: Callable[..., Prediction]) -> Answer:
    return Answer.of(prediction(), "standard-2026")


def buttons(markup: InlineKeyboardMarkup | None) -> list[InlineKeyboardButton]:
    assert markup is not None
    return [button for row in markup.inline_keyboard for button in row]


def actions(markup: InlineKeyboardMarkup | None) -> list[Action | None]:
    return [parse(str(button.callback_data)) for button in buttons(markup)]


def test_a_photo_can_be_confirmed_corrected_and_explained(answer: Answer, language: Language) -> None:
    assert actions(keyboards.photo_keyboard(answer, language)) == [Right(answer), Correct(answer), Why(answer)]


def rows(markup: InlineKeyboardMarkup) -> list[int]:
    return [len(row) for row in markup.inline_keyboard]


def test_an_unsure_answer_offers_its_two_candidates(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(9, 0, 0.5, Verdict.UNSURE), "v")
    markup = keyboards.photo_keyboard(answer, ZH)
    assert actions(markup) == [PickClass(9, answer), PickClass(0, answer), Correct(answer), Why(answer)]
    assert [button.text for button in buttons(markup)][:2] == ["✅ 踝靴", "✅ T恤/上衣"]


def test_a_likely_answer_is_right_or_not(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(9, 0, 0.7, Verdict.UNSURE, likely=True), "v")
    assert actions(keyboards.photo_keyboard(answer, ZH)) == [Right(answer), Correct(answer), Why(answer)]


def test_where_nothing_was_found_that_can_only_be_corrected(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(verdict=Verdict.NO_GARMENT), "v")
    assert actions(keyboards.photo_keyboard(answer, ZH)) == [Correct(answer)]
    choices = actions(keyboards.classes_keyboard(answer, ZH))
    assert choices == [*(PickClass(label, answer) for label in range(11)), Back(answer)]
    assert keyboards.settled_keyboard(answer, ZH) is None


def test_each_other_garment_has_a_button_with_its_name(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(), "v", chosen=1, kinds=(9, 4, OTHER_CLOTHING, 8))
    markup = keyboards.photo_keyboard(answer, ZH)
    assert actions(markup)[3:] == [JudgeGarment(0), JudgeGarment(2), JudgeGarment(3)]
    assert [button.text for button in buttons(markup)][3:] == ["1 踝靴", "3 其他衣物", "4 包包"]
    assert rows(markup) == [3, 3]
    few = Answer.of(prediction(), "v", chosen=1, kinds=(9, 4, 8))
    assert rows(keyboards.photo_keyboard(few, ZH)) == [3, 2]


def test_old_buttons_know_the_other_garments_by_number(prediction: Callable[..., Prediction]) -> None:
    answer = replace(Answer.of(prediction(), "v"), garments=3)
    assert [button.text for button in buttons(keyboards.photo_keyboard(answer, ZH))][3:] == ["看第 2 件", "看第 3 件"]


def test_a_correction_is_one_of_ten_classes_or_beyond_them(answer: Answer) -> None:
    markup = keyboards.classes_keyboard(answer, ZH)
    assert actions(markup) == [
        *(PickClass(label, answer) for label in range(10)),
        PickClass(OTHER_CLOTHING, answer),
        PickClass(NO_CLOTHING, answer),
        WrongOutline(answer),
        Back(answer),
    ]
    named = [button.text for button in buttons(markup)]
    assert named[:2] == ["T恤/上衣", "褲子"]
    assert named[10:13] == ["其他衣物", "沒有衣物", "圈錯了"]


def test_a_wrong_outline_leads_to_the_other_garments_or_to_none(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(), "v", chosen=0, kinds=(4, 1, 8))
    markup = keyboards.outlines_keyboard(answer, ZH)
    assert actions(markup) == [JudgeGarment(1), JudgeGarment(2), PickClass(WRONG_OUTLINE, answer), Back(answer)]


def test_consent_is_a_choice_between_two(answer: Answer) -> None:
    assert actions(keyboards.consent_keyboard(6, answer, ZH, card=70)) == [
        Consent(True, 6, answer, 70),
        Consent(False, 6, answer, 70),
    ]


def test_after_a_no_one_may_be_asked_again(language: Language) -> None:
    assert actions(keyboards.privacy_keyboard(language)) == [AskAgain()]


def test_what_deletes_everything_is_a_choice_between_two(language: Language) -> None:
    assert actions(keyboards.forget_keyboard(language)) == [Forget(True), Forget(False)]


def test_only_a_kept_correction_can_be_undone(answer: Answer) -> None:
    assert actions(keyboards.settled_keyboard(answer, ZH)) == [Why(answer)]
    assert actions(keyboards.settled_keyboard(answer, ZH, correction="41")) == [Why(answer), Undo("41", answer)]
    assert actions(keyboards.undo_keyboard("41", answer, ZH)) == [Undo("41", answer)]


def test_a_gallery_has_a_button_for_each_image() -> None:
    gallery = Gallery(tuple(range(100, 10_000, 400)), version_tag("v"))
    markup = keyboards.gallery_keyboard(gallery, ZH)
    assert [len(row) for row in markup.inline_keyboard] == [5] * 5 + [3]
    assert [button.text for button in buttons(markup)][:25] == [str(number) for number in range(1, 26)]
    assert actions(markup)[:25] == [GalleryItem(gallery, position) for position in range(25)]
    assert actions(markup)[25:] == [NewGallery(GalleryChoice(True)), GalleryClasses(gallery), NewGallery()]


def test_an_image_leads_to_the_others_and_back() -> None:
    gallery = Gallery((3, 5, 8), version_tag("v"), GalleryChoice(True))
    markup = keyboards.gallery_item_keyboard(GalleryItem(gallery, 2), ZH)
    numbers = [GalleryItem(gallery, position) for position in range(3)]
    assert actions(markup) == [*numbers, GallerySheet(gallery), NewGallery(GalleryChoice(True))]
    assert [button.text for button in buttons(markup)][:3] == ["1", "2", "▶ 3"]


@pytest.mark.parametrize(
    ("choice", "other"),
    [
        (GalleryChoice(False, 8), GalleryChoice(True, 8)),
        (GalleryChoice(True, 8), GalleryChoice(False, 8)),
        (GalleryChoice(True, 6, 0), EVERY_IMAGE),
    ],
)
def test_a_sheet_leads_to_others_of_its_kind(choice: GalleryChoice, other: GalleryChoice) -> None:
    gallery = Gallery((3, 5), version_tag("v"), choice)
    shown = actions(keyboards.gallery_keyboard(gallery, ZH))
    assert shown[2:] == [NewGallery(other), GalleryClasses(gallery), NewGallery(choice)]


def test_a_class_is_chosen_of_right_and_wrong_as_before() -> None:
    gallery = Gallery((3, 5), version_tag("v"), GalleryChoice(True, 2))
    shown = actions(keyboards.gallery_classes_keyboard(gallery, ZH))
    assert shown[:10] == [NewGallery(GalleryChoice(True, label)) for label in range(10)]
    assert shown[10:] == [NewGallery(GalleryChoice(True)), GallerySheet(gallery)]


def test_each_confused_pair_below_the_matrix_opens_its_images() -> None:
    pairs = [ConfusedPair(6, 0, 83), ConfusedPair(0, 6, 70)]
    markup = keyboards.accuracy_keyboard(pairs, ZH)
    assert [button.text for button in buttons(markup)][:2] == ["襯衫看成 T恤/上衣", "T恤/上衣看成襯衫"]
    wanted = [NewGallery(GalleryChoice(True, 6, 0)), NewGallery(GalleryChoice(True, 0, 6)), MeasureAgain()]
    assert actions(markup) == wanted


def test_an_album_is_read_back_from_its_own_buttons(answer: Answer) -> None:
    first, third = AlbumItem(0, 4, answer, 0), AlbumItem(2, 4, answer, 3)
    items = (first, None, third, None)
    for markup in (keyboards.album_keyboard(items), keyboards.album_item_keyboard(third, items, ZH)):
        assert keyboards.album_items(markup) == items
    assert actions(keyboards.album_keyboard(items)) == [first, third]


def test_an_albums_photo_can_be_corrected_and_explained(answer: Answer, prediction: Callable[..., Prediction]) -> None:
    item = AlbumItem(2, 4, answer, 3)
    shown = actions(keyboards.album_item_keyboard(item, (None, None, item, None), ZH))
    assert shown == [AlbumCorrect(3, answer), AlbumWhy(3, answer), item, AlbumOverview()]
    nothing = AlbumItem(0, 1, Answer.of(prediction(verdict=Verdict.NO_GARMENT), "v"), 0)
    assert actions(keyboards.album_item_keyboard(nothing, (nothing,), ZH))[:-2] == [AlbumCorrect(0, nothing.answer)]
    old = AlbumItem(2, 4, answer)
    assert actions(keyboards.album_item_keyboard(old, (old,), ZH)) == [old, AlbumOverview()]


def test_an_album_without_a_readable_photo_has_no_buttons() -> None:
    assert keyboards.album_keyboard((None, None)) is None
    assert keyboards.album_items(None) == ()
    assert keyboards.album_items(keyboards.language_keyboard()) == ()


def test_each_language_is_offered_in_its_own_name() -> None:
    markup = keyboards.language_keyboard()
    assert [button.text for button in buttons(markup)] == ["繁體中文", "English"]
    assert actions(markup) == [SetLanguage(Language.ZH_HANT), SetLanguage(Language.EN)]


def test_admins_accept_reject_and_browse() -> None:
    markup = keyboards.review_keyboard("7", ZH, previous="5", following="9")
    assert actions(markup) == [
        Review(ReviewStep.ACCEPT, "7"),
        Review(ReviewStep.REJECT, "7"),
        Review(ReviewStep.ACCEPT_AGREED, "7"),
        Review(ReviewStep.REJECT_SENDER, "7"),
        Review(ReviewStep.SHOW, "5"),
        Review(ReviewStep.SHOW, "9"),
    ]
    assert len(actions(keyboards.review_keyboard("7", ZH))) == 4
