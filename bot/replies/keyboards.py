"""The buttons below messages. What they carry is written by :mod:`bot.replies.callback_data`."""

from collections.abc import Iterable, Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies.callback_data import encode, parse
from bot.replies.callback_data.actions import (
    Action,
    AlbumCorrect,
    AlbumItem,
    AlbumOverview,
    AlbumWhy,
    AnotherSample,
    AskAgain,
    Back,
    Consent,
    Correct,
    Forget,
    GalleryClasses,
    GalleryItem,
    GallerySheet,
    JudgeGarment,
    LearnStep,
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
from bot.replies.callback_data.answer import Answer
from bot.replies.callback_data.gallery import Gallery, GalleryChoice
from bot.replies.confusion import ConfusedPair
from bot.replies.shares import candidates
from bot.replies.texts import Language, texts
from bot.replies.words import short_name, spaced
from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING, WRONG_OUTLINE
from bot.vision.prediction import Verdict

_CLASSES_A_ROW = 3
_GARMENTS_A_ROW = 2
_MANY_GARMENTS = 3
"""From so many buttons of other garments on three stand in a row."""
NUMBERS_A_ROW = 5
_PAIRS_A_ROW = 2

Rows = list[list[InlineKeyboardButton]]


def start_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below /start: things to do without a photo."""
    labels = texts(language).buttons
    return InlineKeyboardMarkup(
        [[action_button(labels.gallery, NewGallery())], [action_button(labels.learn, LearnStep("start"))]]
    )


def photo_keyboard(answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """Below a photo's card: right, correct it, why; and each other garment by its name.

    An answer between two candidates is not simply right: both are buttons. Where nothing was found, that can only be
    corrected.
    """
    labels = texts(language).buttons
    correct, why = action_button(labels.correct, Correct(answer)), action_button(labels.why, Why(answer))
    if answer.found_nothing:
        return InlineKeyboardMarkup([[correct]])
    if answer.verdict is Verdict.UNSURE and not answer.likely:
        either = [
            action_button(labels.candidate.format(name=short_name(label, language)), PickClass(label, answer))
            for label in candidates(answer.prediction)
        ]
        rows: Rows = [either, [correct, why]]
    else:
        rows = [[action_button(labels.right, Right(answer)), correct, why]]
    return InlineKeyboardMarkup(rows + _other_garments(answer, language))


def settled_keyboard(
    answer: Answer, language: Language, *, correction: str | None = None
) -> InlineKeyboardMarkup | None:
    """Below a photo's card after its sender said what is right; None where nothing is left to ask.

    Args:
        answer: the answer on the card.
        language: of the labels.
        correction: the id of the correction that can be undone; None when only a count was kept.
    """
    labels = texts(language).buttons
    own = [] if answer.found_nothing else [action_button(labels.why, Why(answer))]
    if correction is not None:
        own.append(action_button(labels.undo, Undo(correction, answer)))
    rows = ([own] if own else []) + _other_garments(answer, language)
    return InlineKeyboardMarkup(rows) if rows else None


def undo_keyboard(correction: str, answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """Below the thanks for a correction that was kept, where the answer itself has no such button."""
    return InlineKeyboardMarkup([[action_button(texts(language).buttons.undo, Undo(correction, answer))]])


def _other_garments(answer: Answer, language: Language) -> Rows:
    """A button for each garment that is not judged, with its number and name; old buttons know numbers alone."""
    labels = texts(language).buttons
    buttons = []
    for place in range(answer.garments):
        if place == answer.chosen:
            continue
        label = labels.other_garment.format(number=place + 1)
        if answer.kinds:
            label = labels.garment.format(number=place + 1, name=short_name(answer.kinds[place], language))
        buttons.append(action_button(label, JudgeGarment(place)))
    return rows_of(buttons, _GARMENTS_A_ROW if len(buttons) < _MANY_GARMENTS else _GARMENTS_A_ROW + 1)


def classes_keyboard(answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """The ten classes to pick the right one from, what it may be beside them, and a way back."""
    beyond = [
        action_button(short_name(OTHER_CLOTHING, language), PickClass(OTHER_CLOTHING, answer)),
        action_button(short_name(NO_CLOTHING, language), PickClass(NO_CLOTHING, answer)),
        action_button(short_name(WRONG_OUTLINE, language), WrongOutline(answer)),
    ]
    buttons = [action_button(short_name(label, language), PickClass(label, answer)) for label in range(CLASS_COUNT)]
    back = action_button(texts(language).buttons.back, Back(answer))
    last = buttons.pop()
    rest = [last, beyond[0]] if answer.found_nothing else [last, *beyond]
    return InlineKeyboardMarkup([*rows_of(buttons, _CLASSES_A_ROW), *rows_of(rest, _GARMENTS_A_ROW), [back]])


def outlines_keyboard(answer: Answer, language: Language) -> InlineKeyboardMarkup:
    """The wrong thing is outlined: the other garments, none of them, and a way back."""
    labels = texts(language).buttons
    none = action_button(labels.none_of_them, PickClass(WRONG_OUTLINE, answer))
    return InlineKeyboardMarkup([*_other_garments(answer, language), [none, action_button(labels.back, Back(answer))]])


def consent_keyboard(label: int, answer: Answer, language: Language, *, card: int) -> InlineKeyboardMarkup:
    """Below the question whether the photo may be kept.

    Args:
        label: the class that the person named.
        answer: the answer that it corrects.
        language: of the labels.
        card: the number of our message with that answer.
    """
    labels = texts(language).buttons
    return InlineKeyboardMarkup(
        [
            [action_button(labels.consent_yes, Consent(True, label, answer, card))],
            [action_button(labels.consent_no, Consent(False, label, answer, card))],
        ]
    )


def privacy_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below /privacy after a no: be asked again."""
    return InlineKeyboardMarkup([[action_button(texts(language).buttons.ask_again, AskAgain())]])


def forget_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below the question whether to delete everything: yes, no."""
    labels = texts(language).buttons
    return InlineKeyboardMarkup(
        [[action_button(labels.forget_yes, Forget(True))], [action_button(labels.forget_no, Forget(False))]]
    )


def sample_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a test image: another one."""
    return InlineKeyboardMarkup([[action_button(texts(language).buttons.another_sample, AnotherSample())]])


def gallery_keyboard(gallery: Gallery, language: Language) -> InlineKeyboardMarkup:
    """Below a sheet of test images: its numbers, what to choose the next one from, a new set."""
    labels, choice = texts(language).buttons, gallery.choice
    other = GalleryChoice(not choice.only_wrong, choice.actual if choice.predicted is None else None)
    last = [
        action_button(labels.all_images if choice.only_wrong else labels.only_wrong, NewGallery(other)),
        action_button(labels.by_class, GalleryClasses(gallery)),
        action_button(labels.new_gallery, NewGallery(choice)),
    ]
    return InlineKeyboardMarkup([*_gallery_numbers(gallery), last])


def gallery_item_keyboard(item: GalleryItem, language: Language) -> InlineKeyboardMarkup:
    """Below one image beside its sheet: the sheet's numbers, this one marked, back to the sheet alone, a new set."""
    labels = texts(language).buttons
    last = [
        action_button(labels.back_to_gallery, GallerySheet(item.gallery)),
        action_button(labels.new_gallery, NewGallery(item.gallery.choice)),
    ]
    return InlineKeyboardMarkup([*_gallery_numbers(item.gallery, item.position), last])


def gallery_classes_keyboard(gallery: Gallery, language: Language) -> InlineKeyboardMarkup:
    """Below a sheet: the ten classes, all of them, and a way back."""
    labels, only_wrong = texts(language).buttons, gallery.choice.only_wrong
    classes = (
        action_button(short_name(label, language), NewGallery(GalleryChoice(only_wrong, label)))
        for label in range(CLASS_COUNT)
    )
    last = [
        action_button(labels.all_classes, NewGallery(GalleryChoice(only_wrong))),
        action_button(labels.back, GallerySheet(gallery)),
    ]
    return InlineKeyboardMarkup([*rows_of(classes, _CLASSES_A_ROW - 1), last])


def _gallery_numbers(gallery: Gallery, opened: int | None = None) -> Rows:
    numbers = (
        action_button(_numbered(position, opened), GalleryItem(gallery, position))
        for position in range(len(gallery.images))
    )
    return rows_of(numbers, NUMBERS_A_ROW)


def _numbered(position: int, opened: int | None) -> str:
    return f"▶ {position + 1}" if position == opened else str(position + 1)


def no_images_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below the line that no test image is like that."""
    return InlineKeyboardMarkup([[action_button(texts(language).buttons.all_images, NewGallery())]])


def album_keyboard(items: Sequence[AlbumItem | None], opened: int | None = None) -> InlineKeyboardMarkup | None:
    """Below a contact sheet: a number for each photo that was read; nothing when there is none.

    Args:
        items: one a photo, in order; None for a photo that could not be read.
        opened: the place of the photo whose percentages are shown, which is marked.
    """
    numbers = [action_button(_numbered(item.position, opened), item) for item in items if item is not None]
    return InlineKeyboardMarkup(rows_of(numbers, NUMBERS_A_ROW)) if numbers else None


def album_item_keyboard(item: AlbumItem, items: Sequence[AlbumItem | None], language: Language) -> InlineKeyboardMarkup:
    """The same while one photo's percentages are shown: also its correction, its why, and a way back to the overview.

    Args:
        item: the photo that is shown.
        items: those of the whole album.
        language: of the labels.
    """
    labels = texts(language).buttons
    numbers = album_keyboard(items, item.position)
    own: Rows = []
    if item.offset is not None:
        own = [[action_button(labels.correct, AlbumCorrect(item.offset, item.answer))]]
        if not item.answer.found_nothing:
            own[0].append(action_button(labels.why, AlbumWhy(item.offset, item.answer)))
    back = [action_button(labels.overview, AlbumOverview())]
    return InlineKeyboardMarkup([*own, *(numbers.inline_keyboard if numbers else ()), back])


def album_items(markup: InlineKeyboardMarkup | None) -> tuple[AlbumItem | None, ...]:
    """Read an album back from the buttons below its contact sheet; empty when they are not an album's."""
    found = [action for action in actions_of(markup) if isinstance(action, AlbumItem)]
    if not found:
        return ()
    items: list[AlbumItem | None] = [None] * found[0].count
    for item in found:
        if item.position < len(items):
            items[item.position] = item
    return tuple(items)


def accuracy_keyboard(pairs: Iterable[ConfusedPair], language: Language) -> InlineKeyboardMarkup:
    """Below a confusion matrix: the pairs of classes that are confused most, each opens a sheet; measure again."""
    labels = texts(language).buttons
    buttons = []
    for pair in pairs:
        names = {"actual": short_name(pair.actual, language), "predicted": short_name(pair.predicted, language)}
        choice = GalleryChoice(True, pair.actual, pair.predicted)
        buttons.append(action_button(spaced(labels.confused.format(**names)), NewGallery(choice)))
    again = action_button(labels.measure_again, MeasureAgain())
    return InlineKeyboardMarkup([*rows_of(buttons, _PAIRS_A_ROW), [again]])


def with_share(keyboard: InlineKeyboardMarkup | None, asked: str, language: Language) -> InlineKeyboardMarkup:
    """Add a button that shares what ``asked`` names, beside a button that stands alone in the last row, else below."""
    button = InlineKeyboardButton(texts(language).buttons.share, switch_inline_query=asked)
    rows = [list(row) for row in keyboard.inline_keyboard] if keyboard is not None else []
    if rows and len(rows[-1]) == 1:
        return InlineKeyboardMarkup([*rows[:-1], [*rows[-1], button]])
    return InlineKeyboardMarkup([*rows, [button]])


def link_keyboard(label: str, link: str) -> InlineKeyboardMarkup:
    """One button that opens an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]])


def language_keyboard() -> InlineKeyboardMarkup:
    """The languages, each in its own name."""
    return InlineKeyboardMarkup(
        [[action_button(texts(language).language_name, SetLanguage(language)) for language in Language]]
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
            action_button(labels.accept, Review(ReviewStep.ACCEPT, correction)),
            action_button(labels.reject, Review(ReviewStep.REJECT, correction)),
        ],
        [
            action_button(labels.accept_agreed, Review(ReviewStep.ACCEPT_AGREED, correction)),
            action_button(labels.reject_sender, Review(ReviewStep.REJECT_SENDER, correction)),
        ],
    ]
    browse = []
    if previous is not None:
        browse.append(action_button(labels.previous, Review(ReviewStep.SHOW, previous)))
    if following is not None:
        browse.append(action_button(labels.next, Review(ReviewStep.SHOW, following)))
    return InlineKeyboardMarkup([*rows, browse] if browse else rows)


def action_button(label: str, action: Action) -> InlineKeyboardButton:
    """A button that does something of ours."""
    return InlineKeyboardButton(label, callback_data=encode(action))


def rows_of(buttons: Iterable[InlineKeyboardButton], width: int) -> Rows:
    """Rows of so many buttons; the last one has what is left."""
    every = list(buttons)
    return [every[start : start + width] for start in range(0, len(every), width)]


def actions_of(markup: InlineKeyboardMarkup | None) -> Iterator[Action]:
    """What the buttons below a message stand for, as far as today's code knows."""
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            action = parse(button.callback_data) if isinstance(button.callback_data, str) else None
            if action is not None:
                yield action
