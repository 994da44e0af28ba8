"""/gallery: 25 random test images to look through; what a sheet shows is in its buttons, so restarts change nothing."""

import random
from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from telegram import Message

from bot.dataset import DataError, Split
from bot.handlers.sample import pixels_of
from bot.handlers.sending import Picture, change_picture, indicate_picture, say, show
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import GALLERY_SIZE, Gallery, GalleryItem, GallerySheet, NewGallery, version_tag
from bot.replies.captions import gallery_caption, gallery_item_caption
from bot.replies.cards import gallery_sheet, sample_card
from bot.replies.keyboards import gallery_item_keyboard, gallery_keyboard, no_wrong_keyboard
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognizer

_CHANCE: Final = random.SystemRandom()


async def gallery(services: Services, message: Message) -> None:
    """Show a new sheet."""
    language = await services.languages.of(message.chat, message.from_user)
    services.errands.start(indicate_picture(message))
    try:
        picture = await new_sheet(services, only_wrong=False, language=language)
    except DataError:
        await say(message, texts(language).faults.no_test_images)
    except ModelError:
        await say(message, texts(language).faults.no_model)
    else:
        await show(message, picture)


async def another(services: Services, tap: Tap, asked: NewGallery) -> None:
    """Show a new sheet in the place of the old one, or below a message that is no sheet."""
    preparing = asked.only_wrong and not services.measuring.knows_live
    await tap.answer(tap.texts.test_images.gallery_preparing if preparing else None)
    if asked.only_wrong and not await _wrong_ones(services):
        await say(tap.message, tap.texts.test_images.gallery_none_wrong, no_wrong_keyboard(tap.language))
        return
    picture = await new_sheet(services, only_wrong=asked.only_wrong, language=tap.language)
    await _put(tap, picture)


async def show_sheet(services: Services, tap: Tap, asked: GallerySheet) -> None:
    """Show a sheet again."""
    await tap.answer()
    await _put(tap, await sheet(services, asked.gallery, tap.language))


async def show_item(services: Services, tap: Tap, item: GalleryItem) -> None:
    """Show one image of a sheet large, with what the live model says."""
    await tap.answer()
    test = await services.test_set.images()
    changed = item.gallery.version_tag != version_tag(services.models.live().version)
    draw = partial(drawn_item, services.recognizer, test, item, tap.language, model_changed=changed)
    await _put(tap, await services.workshop.draw(draw))


async def new_sheet(services: Services, *, only_wrong: bool, language: Language) -> Picture:
    """Choose images and draw their sheet.

    Raises:
        DataError: the test images cannot be had.
        ModelError: there is no model.
    """
    test = await services.test_set.images()
    choice = await _wrong_ones(services) if only_wrong else range(len(test))
    images = sorted(_CHANCE.sample(choice, min(GALLERY_SIZE, len(choice))))
    made = Gallery(tuple(images), version_tag(services.models.live().version), only_wrong)
    return await sheet(services, made, language)


async def sheet(services: Services, shown: Gallery, language: Language) -> Picture:
    """Draw the sheet of a gallery."""
    test = await services.test_set.images()
    images = [test.images[index] for index in shown.images]
    image = await services.workshop.draw(partial(gallery_sheet, images, language, only_wrong=shown.only_wrong))
    wrong_in_all = len(await _wrong_ones(services)) if shown.only_wrong else 0
    caption = gallery_caption(shown, language, wrong_in_all=wrong_in_all)
    return Picture(image, caption, gallery_keyboard(shown, language))


def drawn_item(
    recognizer: Recognizer, test: Split, item: GalleryItem, language: Language, *, model_changed: bool
) -> Picture:
    """Classify one image of a sheet and draw it; blocks."""
    index = item.gallery.images[item.position]
    actual = int(test.labels[index])
    prediction = recognizer.classify_pixels(pixels_of(test, index))
    return Picture(
        sample_card(test.images[index], prediction, actual, index, language),
        gallery_item_caption(prediction, actual, index, language, model_changed=model_changed),
        gallery_item_keyboard(item, language),
    )


async def _wrong_ones(services: Services) -> Sequence[int]:
    test = await services.test_set.images()
    measurement = await services.measuring.known()
    wrong: list[int] = np.flatnonzero(measurement.predicted != test.labels).tolist()
    return wrong


async def _put(tap: Tap, picture: Picture) -> None:
    if tap.message.photo:
        await change_picture(tap.message, picture)
    else:
        await show(tap.message, picture)
