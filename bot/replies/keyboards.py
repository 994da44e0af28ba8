"""The buttons below messages. What they carry is written by :mod:`bot.replies.callback_data`."""

from collections.abc import Iterable, Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies.callback_data import (
    Action,
    AlbumItem,
    AlbumOverview,
    AnotherSample,
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
    MeasureAgain,
    NewGallery,
    PickClass,
    Review,
    ReviewStep,
    Right,
    SetLanguage,
    Undo,
    Why,
    encode,
    parse,
)
from bot.replies.texts import Language, texts
from bot.replies.words import class_name
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Verdict

_CLASSES_A_ROW = 2
_NUMBERS_A_ROW = 5

Rows = list[list[InlineKeyboardButton]]


def start_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below /start: things to do without a photo."""
    labels = texts(language).buttons
    return InlineKeyboardMarkup([[_button(labels.gallery, NewGallery())], [_button(labels.learn, LearnStep("start"))]])


def photo_keyboard(answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """Below a photo's card: right, correct it, why; judge another garment where there are several.

    An unsure answer is not simply right: its two candidates are buttons.
    """
    labels = texts(language).buttons
    correct, why = _button(labels.correct, Correct(answer)), _button(labels.why, Why(answer))
    if answer.verdict is Verdict.UNSURE:
        candidates = [
            _button(labels.candidate.format(name=class_name(label, language)), PickClass(label, answer))
            for label in answer.prediction.ranking[:2]
        ]
        rows: Rows = [candidates, [correct, why]]
    else:
        rows = [[_button(labels.right, Right(answer)), correct], [why]]
    return InlineKeyboardMarkup(rows + _other_garment(answer, language))


def settled_keyboard(answer: Answer, language: Language, *, correction: str | None = None) -> InlineKeyboardMarkup:
    """Below a photo's card after its sender said what is right.

    Args:
        answer: the answer on the card.
        language: of the labels.
        correction: the id of the correction that can be undone; None when only a count was kept.
    """
    labels = texts(language).buttons
    rows: Rows = [[_button(labels.why, Why(answer))]]
    if correction is not None:
        rows.append([_button(labels.undo, Undo(correction, answer))])
    return InlineKeyboardMarkup(rows + _other_garment(answer, language))


def undo_keyboard(correction: str, answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """Below the thanks for a correction that was kept."""
    return InlineKeyboardMarkup([[_button(texts(language).buttons.undo, Undo(correction, answer))]])


def _other_garment(answer: Answer, language: Language) -> Rows:
    if answer.garments < 2:
        return []
    following = (answer.chosen + 1) % answer.garments
    label = texts(language).buttons.other_garment.format(number=following + 1, count=answer.garments)
    return [[_button(label, JudgeGarment(following))]]


def classes_keyboard(answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """The ten classes to pick the right one from, and a way back."""
    buttons = (_button(class_name(label, language), PickClass(label, answer)) for label in range(CLASS_COUNT))
    back = _button(texts(language).buttons.back, Back(answer))
    return InlineKeyboardMarkup([*_rows(buttons, _CLASSES_A_ROW), [back]])


def consent_keyboard(label: int, answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """Below the question whether the photo may be kept; ``label`` is the class that the person named."""
    labels = texts(language).buttons
    return InlineKeyboardMarkup(
        [
            [_button(labels.consent_yes, Consent(True, label, answer))],
            [_button(labels.consent_no, Consent(False, label, answer))],
        ]
    )


def privacy_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below /privacy after a no: be asked again."""
    return InlineKeyboardMarkup([[_button(texts(language).buttons.ask_again, AskAgain())]])


def sample_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a test image: another one."""
    return InlineKeyboardMarkup([[_button(texts(language).buttons.another_sample, AnotherSample())]])


def gallery_keyboard(gallery: Gallery, language: Language) -> InlineKeyboardMarkup:
    """Below a sheet of test images: its numbers, the filter, a new set."""
    labels = texts(language).buttons
    numbers = (_button(str(position + 1), GalleryItem(gallery, position)) for position in range(len(gallery.images)))
    other = labels.all_images if gallery.only_wrong else labels.only_wrong
    last = [
        _button(other, NewGallery(not gallery.only_wrong)),
        _button(labels.new_gallery, NewGallery(gallery.only_wrong)),
    ]
    return InlineKeyboardMarkup([*_rows(numbers, _NUMBERS_A_ROW), last])


def gallery_item_keyboard(item: GalleryItem, language: Language) -> InlineKeyboardMarkup:
    """Below one image of a sheet: the neighbours, back to the sheet, a new set."""
    labels = texts(language).buttons
    gallery, size = item.gallery, len(item.gallery.images)
    before, after = (item.position - 1) % size, (item.position + 1) % size
    neighbours = [
        _button(f"← {before + 1}", GalleryItem(gallery, before)),
        _button(f"{after + 1} →", GalleryItem(gallery, after)),
    ]
    last = [
        _button(labels.back_to_gallery, GallerySheet(gallery)),
        _button(labels.new_gallery, NewGallery(gallery.only_wrong)),
    ]
    return InlineKeyboardMarkup(([neighbours] if size > 1 else []) + [last])


def no_wrong_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below the line that no test image is wrong."""
    return InlineKeyboardMarkup([[_button(texts(language).buttons.all_images, NewGallery())]])


def album_keyboard(answers: Sequence[Answer | None]) -> InlineKeyboardMarkup | None:
    """Below a contact sheet: a number for each photo that was read; nothing when there is none.

    Args:
        answers: one a photo, in order; None for a photo that could not be read.
    """
    numbers = [
        _button(str(position + 1), AlbumItem(position, len(answers), answer))
        for position, answer in enumerate(answers)
        if answer is not None
    ]
    return InlineKeyboardMarkup(_rows(numbers, _NUMBERS_A_ROW)) if numbers else None


def album_item_keyboard(answers: Sequence[Answer | None], language: Language) -> InlineKeyboardMarkup:
    """The same while one photo's percentages are shown: also a way back to the overview."""
    numbers = album_keyboard(answers)
    back = [_button(texts(language).buttons.overview, AlbumOverview())]
    return InlineKeyboardMarkup([*(numbers.inline_keyboard if numbers else ()), back])


def album_answers(markup: InlineKeyboardMarkup | None) -> tuple[Answer | None, ...]:
    """Read an album's answers back from the buttons below its contact sheet; empty when they are not an album's."""
    items = [action for action in _actions(markup) if isinstance(action, AlbumItem)]
    if not items:
        return ()
    answers: list[Answer | None] = [None] * items[0].count
    for item in items:
        if item.position < len(answers):
            answers[item.position] = item.answer
    return tuple(answers)


def accuracy_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below the accuracy: measure again."""
    return InlineKeyboardMarkup([[_button(texts(language).buttons.measure_again, MeasureAgain())]])


def language_keyboard() -> InlineKeyboardMarkup:
    """The languages, each in its own name."""
    return InlineKeyboardMarkup(
        [[_button(texts(language).language_name, SetLanguage(language)) for language in Language]]
    )


def review_keyboard(
    correction: str, language: Language, *, previous: str | None = None, following: str | None = None
) -> InlineKeyboardMarkup:
    """Below a correction that an admin looks at.

    Args:
        correction: its id.
        language: of the labels.
        previous: the id of the correction before it, if there is one.
        following: the id of the correction after it, if there is one.
    """
    labels = texts(language).buttons
    rows: Rows = [
        [
            _button(labels.accept, Review(ReviewStep.ACCEPT, correction)),
            _button(labels.reject, Review(ReviewStep.REJECT, correction)),
        ]
    ]
    browse = []
    if previous is not None:
        browse.append(_button(labels.previous, Review(ReviewStep.SHOW, previous)))
    if following is not None:
        browse.append(_button(labels.next, Review(ReviewStep.SHOW, following)))
    return InlineKeyboardMarkup([*rows, browse] if browse else rows)


def learn_keyboard(
    step: str,
    language: Language,
    *,
    back: str | None = None,
    following: str | None = None,
    again: str | None = None,
    can_try: bool = False,
) -> InlineKeyboardMarkup:
    """Below a step of the course.

    Args:
        step: this step's name.
        language: of the labels.
        back: the step before, if there is one.
        following: the step after, if there is one.
        again: the first step, on the last one.
        can_try: whether this step can be tried with the person's own photo.
    """
    labels = texts(language).buttons
    walk = []
    if back is not None:
        walk.append(_button(labels.learn_back, LearnStep(back)))
    if following is not None:
        walk.append(_button(labels.learn_next, LearnStep(following)))
    if again is not None:
        walk.append(_button(labels.learn_again, LearnStep(again)))
    rows = [walk] if walk else []
    return InlineKeyboardMarkup([[_button(labels.learn_try, LearnTry(step))], *rows] if can_try else rows)


def _button(label: str, action: Action) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=encode(action))


def _rows(buttons: Iterable[InlineKeyboardButton], width: int) -> Rows:
    row: list[InlineKeyboardButton] = []
    rows: Rows = []
    for button in buttons:
        row.append(button)
        if len(row) == width:
            rows.append(row)
            row = []
    return [*rows, row] if row else rows


def _actions(markup: InlineKeyboardMarkup | None) -> Iterator[Action]:
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            action = parse(button.callback_data) if isinstance(button.callback_data, str) else None
            if action is not None:
                yield action
