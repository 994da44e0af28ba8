"""The buttons below messages about a training and about one's own network."""

from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.course.choice import EPOCHS, NEURONS, TARGET_ACCURACY, TrainingChoice, most_epochs
from bot.course.train.words import rate
from bot.replies.callback_data.actions import (
    Action,
    OwnGallery,
    OwnGalleryItem,
    OwnGallerySheet,
    OwnPhoto,
    OwnSample,
    TrainCancel,
    TrainJoin,
    TrainPanel,
    TrainStart,
)
from bot.replies.callback_data.gallery import Gallery
from bot.replies.keyboards import NUMBERS_A_ROW, action_button, rows_of
from bot.replies.numerals import percent
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts


def panel_keyboard(choice: TrainingChoice, language: Language) -> InlineKeyboardMarkup:
    """What can be chosen; every button carries the whole choice that it leads to."""
    labels, target = train_texts(language).buttons, percent(TARGET_ACCURACY, 0)

    def option(label: str, other: TrainingChoice) -> InlineKeyboardButton:
        return action_button(labels.chosen.format(label=label) if other == choice else label, TrainPanel(other))

    normalise = labels.normalise if choice.normalise else labels.not_normalise
    stop = labels.stop if choice.stop_early else labels.not_stop
    return InlineKeyboardMarkup(
        [
            [option(labels.neurons.format(count=width), choice.with_neurons(width)) for width in NEURONS],
            [
                option(labels.epochs.format(count=epochs), replace(choice, epochs=epochs))
                for epochs in EPOCHS
                if epochs <= most_epochs(choice.neurons)
            ],
            [
                action_button(labels.rate.format(rate=rate(choice.learning_rate)), TrainPanel(choice.with_next_rate())),
                action_button(normalise, TrainPanel(replace(choice, normalise=not choice.normalise))),
            ],
            [action_button(stop.format(target=target), TrainPanel(replace(choice, stop_early=not choice.stop_early)))],
            [action_button(labels.start, TrainStart(choice))],
        ]
    )


def running_keyboard(choice: TrainingChoice, language: Language) -> InlineKeyboardMarkup:
    """While it waits or runs."""
    return InlineKeyboardMarkup([[action_button(train_texts(language).buttons.cancel, TrainCancel(choice))]])


def result_keyboard(choice: TrainingChoice, language: Language, *, first: int) -> InlineKeyboardMarkup:
    """Below a network that is kept.

    Args:
        choice: what it was trained with.
        language: of the labels.
        first: the test image to begin with, from 0.
    """
    labels = train_texts(language).buttons
    return InlineKeyboardMarkup(
        [
            [action_button(labels.sample, OwnSample(first)), action_button(labels.gallery, OwnGallery())],
            [action_button(labels.photo, OwnPhoto())],
            [action_button(labels.again, TrainPanel(choice))],
        ]
    )


def again_keyboard(choice: TrainingChoice, language: Language) -> InlineKeyboardMarkup:
    """Below a training that gave no network."""
    return InlineKeyboardMarkup([[action_button(train_texts(language).buttons.again, TrainPanel(choice))]])


def own_sample_keyboard(following: int, language: Language) -> InlineKeyboardMarkup:
    """Below a test image that both were asked about; ``following`` is the next one, from 0."""
    labels = train_texts(language).buttons
    return InlineKeyboardMarkup(
        [
            [action_button(labels.another, OwnSample(following)), action_button(labels.gallery, OwnGallery())],
            [action_button(labels.photo, OwnPhoto())],
        ]
    )


def own_gallery_keyboard(gallery: Gallery, language: Language) -> InlineKeyboardMarkup:
    """Below a sheet: its numbers, the filter, a new set."""
    labels = train_texts(language).buttons
    numbers = [action_button(str(place + 1), OwnGalleryItem(gallery, place)) for place in range(len(gallery.images))]
    only_wrong = gallery.choice.only_wrong
    other = labels.all_images if only_wrong else labels.only_wrong
    last = [
        action_button(other, OwnGallery(not only_wrong)),
        action_button(labels.another_sheet, OwnGallery(only_wrong)),
    ]
    return InlineKeyboardMarkup([*rows_of(numbers, NUMBERS_A_ROW), last])


def own_gallery_item_keyboard(item: OwnGalleryItem, language: Language) -> InlineKeyboardMarkup:
    """Below one image of a sheet: the neighbours, back to the sheet."""
    labels = train_texts(language).buttons
    gallery, total = item.gallery, len(item.gallery.images)
    before, after = (item.position - 1) % total, (item.position + 1) % total
    neighbours = [
        action_button(f"← {before + 1}", OwnGalleryItem(gallery, before)),
        action_button(f"{after + 1} →", OwnGalleryItem(gallery, after)),
    ]
    back = [action_button(labels.back, OwnGallerySheet(gallery))]
    return InlineKeyboardMarkup([neighbours, back] if total > 1 else [back])


def none_wrong_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below the line that one's own network gets nothing wrong."""
    return InlineKeyboardMarkup([[action_button(train_texts(language).buttons.all_images, OwnGallery())]])


def own_photo_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a photo that both were asked about: another one."""
    return InlineKeyboardMarkup([[action_button(train_texts(language).buttons.another_photo, OwnPhoto())]])


def with_own_network(keyboard: InlineKeyboardMarkup | None, action: Action, language: Language) -> InlineKeyboardMarkup:
    """The same buttons, and one that asks one's own network."""
    rows = () if keyboard is None else keyboard.inline_keyboard
    return InlineKeyboardMarkup([*rows, [action_button(train_texts(language).buttons.ask_own, action)]])


def class_table_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a group's table."""
    return InlineKeyboardMarkup([[action_button(train_texts(language).buttons.join, TrainJoin())]])
