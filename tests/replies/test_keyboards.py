from collections.abc import Callable

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import keyboards
from bot.replies.callback_data import (
    Action,
    AlbumItem,
    AlbumOverview,
    Answer,
    AskAgain,
    Back,
    Consent,
    Correct,
    Gallery,
    GalleryItem,
    GallerySheet,
    JudgeGarment,
    LearnStep,
    LearnTry,
    NewGallery,
    PickClass,
    Review,
    ReviewStep,
    Right,
    SetLanguage,
    Undo,
    Why,
    parse,
    version_tag,
)
from bot.replies.texts import Language
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


def test_an_unsure_answer_offers_its_two_candidates(prediction: Callable[..., Prediction]) -> None:
    answer = Answer.of(prediction(9, 0, 0.5, Verdict.UNSURE), "v")
    markup = keyboards.photo_keyboard(answer, ZH)
    assert actions(markup) == [PickClass(9, answer), PickClass(0, answer), Correct(answer), Why(answer)]
    assert [button.text for button in buttons(markup)][:2] == ["✅ ankle boot(踝靴)", "✅ T恤/上衣"]


def test_several_garments_take_turns(prediction: Callable[..., Prediction]) -> None:
    def following(chosen: int) -> Action | None:
        answer = Answer.of(prediction(), "v", chosen=chosen, garments=3)
        return actions(keyboards.photo_keyboard(answer, ZH))[-1]

    assert [following(chosen) for chosen in range(3)] == [JudgeGarment(1), JudgeGarment(2), JudgeGarment(0)]


def test_the_ten_classes_are_offered_in_order_with_a_way_back(answer: Answer) -> None:
    markup = keyboards.classes_keyboard(answer, ZH)
    assert actions(markup) == [*(PickClass(label, answer) for label in range(10)), Back(answer)]
    assert [button.text for button in buttons(markup)][:2] == ["T恤/上衣", "褲子"]


def test_consent_is_a_choice_between_two(answer: Answer) -> None:
    assert actions(keyboards.consent_keyboard(6, answer, ZH)) == [Consent(True, 6, answer), Consent(False, 6, answer)]


def test_after_a_no_one_may_be_asked_again(language: Language) -> None:
    assert actions(keyboards.privacy_keyboard(language)) == [AskAgain()]


def test_only_a_kept_correction_can_be_undone(answer: Answer) -> None:
    assert actions(keyboards.settled_keyboard(answer, ZH)) == [Why(answer)]
    assert actions(keyboards.settled_keyboard(answer, ZH, correction="41")) == [Why(answer), Undo("41", answer)]
    assert actions(keyboards.undo_keyboard("41", answer, ZH)) == [Undo("41", answer)]


def test_a_gallery_has_a_button_for_each_image() -> None:
    gallery = Gallery(tuple(range(100, 10_000, 400)), version_tag("v"))
    markup = keyboards.gallery_keyboard(gallery, ZH)
    assert [len(row) for row in markup.inline_keyboard] == [5] * 5 + [2]
    assert [button.text for button in buttons(markup)][:25] == [str(number) for number in range(1, 26)]
    assert actions(markup)[:25] == [GalleryItem(gallery, position) for position in range(25)]
    assert actions(markup)[25:] == [NewGallery(True), NewGallery(False)]


def test_an_image_leads_to_its_neighbours_and_back() -> None:
    gallery = Gallery((3, 5, 8), version_tag("v"), only_wrong=True)
    shown = actions(keyboards.gallery_item_keyboard(GalleryItem(gallery, 2), ZH))
    assert shown == [GalleryItem(gallery, 1), GalleryItem(gallery, 0), GallerySheet(gallery), NewGallery(True)]
    alone = Gallery((3,), version_tag("v"))
    assert actions(keyboards.gallery_item_keyboard(GalleryItem(alone, 0), ZH)) == [GallerySheet(alone), NewGallery()]


def test_an_album_is_read_back_from_its_own_buttons(answer: Answer) -> None:
    answers = (answer, None, answer, None)
    for markup in (keyboards.album_keyboard(answers), keyboards.album_item_keyboard(answers, ZH)):
        assert keyboards.album_answers(markup) == answers
    assert actions(keyboards.album_item_keyboard(answers, ZH))[-1] == AlbumOverview()
    assert actions(keyboards.album_keyboard(answers)) == [AlbumItem(0, 4, answer), AlbumItem(2, 4, answer)]


def test_an_album_without_a_readable_photo_has_no_buttons() -> None:
    assert keyboards.album_keyboard((None, None)) is None
    assert keyboards.album_answers(None) == ()
    assert keyboards.album_answers(keyboards.language_keyboard()) == ()


def test_each_language_is_offered_in_its_own_name() -> None:
    markup = keyboards.language_keyboard()
    assert [button.text for button in buttons(markup)] == ["繁體中文", "English"]
    assert actions(markup) == [SetLanguage(Language.ZH_HANT), SetLanguage(Language.EN)]


def test_admins_accept_reject_and_browse() -> None:
    markup = keyboards.review_keyboard("7", ZH, previous="5", following="9")
    assert actions(markup) == [
        Review(ReviewStep.ACCEPT, "7"),
        Review(ReviewStep.REJECT, "7"),
        Review(ReviewStep.SHOW, "5"),
        Review(ReviewStep.SHOW, "9"),
    ]
    assert len(actions(keyboards.review_keyboard("7", ZH))) == 2


def test_the_course_can_be_walked_and_tried() -> None:
    markup = keyboards.learn_keyboard("neuron", ZH, back="pixels", following="flatten", can_try=True)
    assert actions(markup) == [LearnTry("neuron"), LearnStep("pixels"), LearnStep("flatten")]
    assert actions(keyboards.learn_keyboard("end", ZH, back="speed", again="start")) == [
        LearnStep("speed"),
        LearnStep("start"),
    ]
