"""/gallery: 25 random test images to look through; what a sheet shows is in its buttons, so restarts change nothing.

Which images the model gets wrong is measured beside everything else (:mod:`bot.jobs.measuring`); a sheet that needs to
know and cannot yet comes when it is known, and holds up nothing in its chat.
"""

import random
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from telegram import Message

from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers.errors import ErrorReporter
from bot.handlers.intake import sender_id
from bot.handlers.languages import Languages
from bot.handlers.links import asked_for
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.page import with_page_button
from bot.handlers.sending import (
    Picture,
    change_keyboard,
    change_picture,
    indicate_picture,
    reply_photo,
    reply_text,
)
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.measuring import Measuring
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import (
    GalleryClasses,
    GalleryItem,
    GallerySheet,
    NewGallery,
    OwnGalleryItem,
    OwnGallerySheet,
)
from bot.replies.callback_data.answer import version_tag
from bot.replies.callback_data.gallery import EVERY_IMAGE, GALLERY_SIZE, Gallery, GalleryChoice
from bot.replies.captions import gallery_caption, gallery_item_caption
from bot.replies.cards.gallery import gallery_item_card, gallery_sheet, gallery_title
from bot.replies.keyboards import (
    actions_of,
    gallery_classes_keyboard,
    gallery_item_keyboard,
    gallery_keyboard,
    no_images_keyboard,
)
from bot.replies.messages import gallery_preparing_toast, no_such_class_text
from bot.replies.texts import Language, texts
from bot.replies.words import class_named
from bot.vision.interpreter import ModelError
from bot.vision.prediction import Prediction
from bot.vision.recognizer import Recognizer

_CHANCE: Final = random.SystemRandom()
_SHEETS: Final = (GalleryItem, GallerySheet, OwnGalleryItem, OwnGallerySheet)


@dataclass(frozen=True)
class _Looked:
    """The images of a sheet, uint8 [28, 28] each, with their true classes and what the live model says of them."""

    images: list[NDArray[np.uint8]]
    actual: list[int]
    predictions: list[Prediction]

    @property
    def right(self) -> list[bool]:
        return [said.label == actual for said, actual in zip(self.predictions, self.actual, strict=True)]


@dataclass(frozen=True)
class GalleryHandlers:
    """Sheets of test images."""

    page_url: str | None
    languages: Languages
    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    measuring: Measuring
    own_network_offer: OwnNetworkOffer
    detached_tasks: DetachedTasks
    errors: ErrorReporter

    async def gallery(self, message: Message) -> None:
        """Show a new sheet, of all classes or of the one named behind the command."""
        language = await self.languages.of(message.chat, message.from_user)
        asked = asked_for(message)
        label = class_named(asked) if asked else None
        if asked and label is None:
            await reply_text(message, no_such_class_text(asked, language))
            return
        self.detached_tasks.start(indicate_picture(message))
        try:
            picture = await self.new_sheet(GalleryChoice(actual=label), language)
        except DataError:
            await reply_text(message, texts(language).faults.no_test_images)
        except ModelError:
            await reply_text(message, texts(language).faults.no_model)
        else:
            if picture is None:
                await reply_text(message, texts(language).test_images.gallery_none, no_images_keyboard(language))
                return
            picture = await self._offered(sender_id(message), picture, language)
            await reply_photo(message, with_page_button(self.page_url, message, picture, language))

    async def another(self, tap: Tap, asked: NewGallery) -> None:
        """Show a new sheet in the place of the old one, or below a message that is no sheet."""
        await self._when_known(tap, asked.choice, self._show_another(tap, asked.choice))

    async def _when_known(self, tap: Tap, choice: GalleryChoice, showing: Coroutine[Any, Any, None]) -> None:
        """Show a sheet at once; one of wrong images when it is known which are, beside what else the chat asks."""
        if not choice.only_wrong or self.measuring.knows_live(await self.test_set.images()):
            await tap.answer()
            await showing
            return
        await tap.answer(gallery_preparing_toast(self.measuring.done, tap.language))
        self.detached_tasks.start(indicate_picture(tap.message))
        self.detached_tasks.start(self.errors.guard(tap.message, showing))

    async def _show_another(self, tap: Tap, choice: GalleryChoice) -> None:
        picture = await self.new_sheet(choice, tap.language)
        if picture is None:
            await reply_text(tap.message, tap.texts.test_images.gallery_none, no_images_keyboard(tap.language))
            return
        picture = await self._offered(tap.user_id, picture, tap.language)
        await _put(tap, with_page_button(self.page_url, tap.message, picture, tap.language))

    async def show_sheet(self, tap: Tap, asked: GallerySheet) -> None:
        """Show a sheet again."""
        if not (await self.test_set.images()).has(*asked.gallery.images):
            await tap.answer(tap.texts.toasts.not_at_hand, alert=True)
            return
        await self._when_known(tap, asked.gallery.choice, self._show_again(tap, asked.gallery))

    async def _show_again(self, tap: Tap, shown: Gallery) -> None:
        picture = await self.sheet(shown, tap.language)
        picture = await self._offered(tap.user_id, picture, tap.language)
        await _put(tap, with_page_button(self.page_url, tap.message, picture, tap.language))

    async def show_item(self, tap: Tap, item: GalleryItem) -> None:
        """Show one image of a sheet large beside it, with what the live model says."""
        test = await self.test_set.images()
        if not test.has(*item.gallery.images):
            await tap.answer(tap.texts.toasts.not_at_hand, alert=True)
            return
        await tap.answer()
        changed = item.gallery.version_tag != version_tag(self.models.live().version)
        draw = partial(drawn_item, self.recognizer, test, item, tap.language, model_changed=changed)
        picture = await self.executors.draw(draw)
        asked_of_own = OwnGalleryItem(replace(item.gallery, choice=EVERY_IMAGE), item.position)
        await _put(tap, await self.own_network_offer.offer(tap.user_id, picture, asked_of_own, tap.language))

    async def new_sheet(self, choice: GalleryChoice, language: Language) -> Picture | None:
        """Choose images and draw their sheet; None where there are none to choose from.

        Raises:
            DataError: the test images cannot be had.
            ModelError: there is no model.
        """
        numbers = await self._chosen_from(choice)
        if not numbers:
            return None
        images = sorted(_CHANCE.sample(numbers, min(GALLERY_SIZE, len(numbers))))
        made = Gallery(tuple(images), version_tag(self.models.live().version), choice)
        return await self.sheet(made, language, found=len(numbers))

    async def sheet(self, shown: Gallery, language: Language, *, found: int | None = None) -> Picture:
        """Draw the sheet of a gallery.

        Args:
            shown: the sheet.
            language: of the words.
            found: how many images it was chosen from, where that is known.

        Raises:
            DataError: one of its images is not at hand.
        """
        test = await self.test_set.images()
        image = await self.executors.draw(partial(drawn_sheet, self.recognizer, test, shown, language))
        if found is None:
            found = len(await self._chosen_from(shown.choice))
        caption = gallery_caption(shown, language, found=found, at_hand=len(test))
        return Picture(image, caption, gallery_keyboard(shown, language))

    async def _chosen_from(self, choice: GalleryChoice) -> list[int]:
        """The numbers of the test images that a choice leaves; waits to know the wrong ones where it is about them."""
        if choice.only_wrong:
            measurement = await self.measuring.known()
            test, fits = measurement.test, measurement.predicted != measurement.test.labels
            if choice.predicted is not None:
                fits &= measurement.predicted == choice.predicted
        else:
            test = await self.test_set.images()
            fits = np.ones(len(test), bool)
        if choice.actual is not None:
            fits &= test.labels == choice.actual
        numbers: list[int] = test.numbers[fits].tolist()
        return numbers

    async def _offered(self, user_id: int, picture: Picture, language: Language) -> Picture:
        """The same sheet for one's own network, to those who have one."""
        shown = next(
            (action.gallery for action in actions_of(picture.keyboard) if isinstance(action, GalleryItem)), None
        )
        if shown is None:
            return picture
        # What the bot's model gets wrong says nothing of another one.
        asked_of_own = OwnGallerySheet(replace(shown, choice=EVERY_IMAGE))
        return await self.own_network_offer.offer(user_id, picture, asked_of_own, language)


async def show_classes(tap: Tap, asked: GalleryClasses) -> None:
    """Show the ten classes below a sheet, to choose the next one by."""
    await tap.answer(tap.texts.test_images.which_class)
    await change_keyboard(tap.message, gallery_classes_keyboard(asked.gallery, tap.language))


def drawn_sheet(recognizer: Recognizer, test: TestImages, shown: Gallery, language: Language) -> bytes:
    """Classify the images of a sheet and draw them; blocks.

    Raises:
        DataError: one of its images is not at hand.
    """
    looked = _look(recognizer, test, shown)
    return gallery_sheet(looked.images, looked.right, gallery_title(shown.choice, language))


def drawn_item(
    recognizer: Recognizer, test: TestImages, item: GalleryItem, language: Language, *, model_changed: bool
) -> Picture:
    """Classify the images of a sheet, and draw one of them large beside it; blocks.

    Raises:
        DataError: one of its images is not at hand.
    """
    looked = _look(recognizer, test, item.gallery)
    prediction, actual = looked.predictions[item.position], looked.actual[item.position]
    return Picture(
        gallery_item_card(looked.images, looked.right, item.position, prediction, actual, language),
        gallery_item_caption(prediction, actual, item, language, model_changed=model_changed, at_hand=len(test)),
        gallery_item_keyboard(item, language),
    )


def _look(recognizer: Recognizer, test: TestImages, shown: Gallery) -> _Looked:
    places = [test.place(number) for number in shown.images]
    return _Looked(
        [test.images[place] for place in places],
        [int(test.labels[place]) for place in places],
        [recognizer.classify_pixels(as_pixels(test.images[place])) for place in places],
    )


async def _put(tap: Tap, picture: Picture) -> None:
    """Change the sheet that was tapped on; below anything else, such as a confusion matrix, show a new one."""
    if tap.message.photo and any(isinstance(each, _SHEETS) for each in actions_of(tap.message.reply_markup)):
        await change_picture(tap.message, picture)
    else:
        await reply_photo(tap.message, picture)
