"""Right, or correct it: what people say about an answer, kept with the photo only when they agree to that.

The buttons hang on messages that reply to the photo, so the photo is fetched again from there; nothing is remembered
in between.
"""

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import InlineKeyboardMarkup, Message, MessageOriginUser, User
from telegram.constants import ChatType
from telegram.error import BadRequest

from bot.handlers import photo_answers
from bot.handlers.images import image_of
from bot.handlers.second_look import SecondLook, album_photo
from bot.handlers.sending import (
    caption_of,
    change_caption,
    change_keyboard,
    change_keyboard_of,
    change_text,
    quote_with_photo,
    quote_with_text,
)
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import AlbumCorrect, Back, Consent, Correct, PickClass, Right, Undo, WrongOutline
from bot.replies.callback_data.answer import Answer
from bot.replies.captions import confirmed_remark, corrected_remark, remarked
from bot.replies.keyboards import (
    classes_keyboard,
    consent_keyboard,
    outlines_keyboard,
    photo_keyboard,
    settled_keyboard,
    undo_keyboard,
)
from bot.replies.messages import consent_text, kept_text
from bot.replies.texts import Language, texts
from bot.storage import retention
from bot.storage.errors import NoConsent, StoreFull, StoreUnavailable
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import Storage
from bot.storage.types import CorrectionId, NewCorrection, Permission
from bot.vision.labels import WRONG_OUTLINE
from bot.vision.recognizer import Recognizer

_LOGGER = logging.getLogger(__name__)
_COMMAND: Final = re.compile(r"(?:^|\s)/[a-z]")


@dataclass(frozen=True)
class CorrectionHandlers:
    """What people say about an answer."""

    storage: Storage
    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    second_look: SecondLook
    detached_tasks: DetachedTasks

    async def right(self, tap: Tap, action: Right) -> None:
        """The answer was right: keep the photo where its sender has agreed to that, else only count; and say so."""
        if not await may_speak(tap):
            return
        correction, label = None, action.answer.prediction.said
        if await self._permission(tap) is Permission.GRANTED and not action.answer.found_nothing:
            correction, _ = await self._keep(tap, label, action.answer)
        else:
            await self._count(action.answer, label)
        toasts = tap.texts.toasts
        await tap.answer(toasts.thanks if correction is None else toasts.kept)
        await _settle(tap, action.answer, confirmed_remark(tap.language), correction)

    async def wrong_outline(self, tap: Tap, action: WrongOutline) -> None:
        """The wrong thing is outlined: ask which other garment it should be; without others that is the answer."""
        if action.answer.garments < 2:
            await self.pick(tap, PickClass(WRONG_OUTLINE, action.answer))
        elif await may_speak(tap):
            await tap.answer(tap.texts.corrections.which)
            await change_keyboard(tap.message, outlines_keyboard(action.answer, tap.language))

    async def pick(self, tap: Tap, action: PickClass) -> None:
        """The right class: keep it with the photo, or only count it; ask first, once, which of the two it shall be."""
        if not await may_speak(tap):
            return
        remark = corrected_remark(action.label, tap.language)
        if action.label == action.answer.prediction.said:  # one of two candidates, or after all
            remark = confirmed_remark(tap.language)
        match await self._permission(tap):
            case None:
                await tap.answer(tap.texts.faults.store_away, alert=True)
            case Permission.UNASKED:
                await tap.answer()
                await _settle(tap, action.answer, remark)
                question = consent_text(action.label, retention.ACCEPTED_KEPT, tap.language)
                keyboard = consent_keyboard(action.label, action.answer, tap.language, card=tap.message.message_id)
                await quote_with_text(photo_message(tap), _here(tap, question), keyboard)
            case Permission.REFUSED:
                await self._count(action.answer, action.label)
                await tap.answer(tap.texts.corrections.counted)
                await _settle(tap, action.answer, remark)
            case Permission.GRANTED:
                await tap.answer(tap.texts.toasts.working)
                correction, thanks = await self._keep(tap, action.label, action.answer)
                await _settle(tap, action.answer, remark, correction)
                await quote_with_text(photo_message(tap), _here(tap, thanks))

    async def consent(self, tap: Tap, action: Consent) -> None:
        """The answer to the question whether the photo may be kept."""
        if not await may_speak(tap):
            return
        try:
            await (self._agree(tap, action) if action.given else self._decline(tap, action))
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)

    async def _agree(self, tap: Tap, action: Consent) -> None:
        store = self.storage.corrections
        await self.storage.run(store.grant_consent, tap.user_id, wording(tap.language))
        await tap.answer(tap.texts.toasts.working)
        correction, thanks = await self._keep(tap, action.label, action.answer)
        keyboard = None
        if correction is not None and not await _offer_undo_on(action.card, tap, action.answer, correction):
            keyboard = undo_keyboard(correction, action.answer, tap.language)
        await change_text(tap.message, _here(tap, thanks), keyboard)

    async def _decline(self, tap: Tap, action: Consent) -> None:
        permission = await self.storage.run(self.storage.corrections.refuse_consent, tap.user_id)
        await self._count(action.answer, action.label)
        words = tap.texts.corrections
        said_no = words.refused if permission is Permission.REFUSED else words.counted
        await change_text(tap.message, _here(tap, said_no))

    async def undo(self, tap: Tap, action: Undo) -> None:
        """Take a correction back: row and picture go."""
        if not await may_speak(tap):
            return
        try:
            store = self.storage.corrections
            undone = await self.storage.run(store.undo, tap.user_id, CorrectionId(int(action.correction)))
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        except ValueError:
            undone = False
        words = tap.texts.corrections
        await tap.answer(tap.texts.toasts.undone if undone else words.nothing_to_undo)
        if tap.message.photo or tap.answer_above is not None:  # our answer; else it is the message that thanks
            keyboard = _shared(tap, action.answer, photo_keyboard(action.answer, tap.language))
            await change_caption(tap.message, remarked(caption_of(tap.message), ""), keyboard)
            if undone:  # where a message said that the photo is kept, it still stands below
                await quote_with_text(photo_message(tap), words.undone)
        else:
            await change_text(tap.message, words.undone if undone else words.nothing_to_undo)

    async def correct_one_of_album(self, tap: Tap, action: AlbumCorrect) -> None:
        """Answer one photo of an album on its own, below that photo, with the choices of a correction."""
        if not await may_speak(tap):
            return
        await tap.answer_saying_if_model_changed(self.models, action.answer)
        async with album_photo(tap, action.offset) as photo:
            recognition = await self.second_look.recognize_in(photo, action.answer.chosen)
        if photo is None or recognition is None:
            await tap.say_that_photo_is_gone()
            return
        changed = not action.answer.is_from(recognition.model_version)
        draw = partial(
            photo_answers.picture_of, recognition, tap.language, model_changed=changed, covered=tap.is_covered
        )
        picture = await self.executors.look(draw)
        choices = classes_keyboard(photo_answers.remembered(recognition), tap.language)
        sent = await quote_with_photo(photo, replace(picture, keyboard=choices))
        if recognition.garments:
            self.detached_tasks.start(keep_answer(self.storage, sent, picture))

    async def _permission(self, tap: Tap) -> Permission | None:
        """What this person said about keeping photos; None while the store is away."""
        try:
            return await self.storage.run(self.storage.corrections.permission, tap.user_id)
        except StoreUnavailable:
            return None

    async def _count(self, answer: Answer, label: int) -> None:
        try:
            store = self.storage.corrections
            await self.storage.run(store.count_answer, answer.prediction.said, label)
        except StoreUnavailable as error:
            _LOGGER.warning("An answer was not counted: %s", error)

    async def _keep(self, tap: Tap, label: int, answer: Answer) -> tuple[str | None, str]:
        """Keep photo and label; the correction's id, if it was kept, and what to say."""
        words = tap.texts.corrections
        recognition = await self.second_look.recognize_again(tap, answer.chosen)
        if recognition is None:
            await self._count(answer, label)
            return None, words.not_stored
        unknown = await self.executors.look(partial(self.recognizer.without_heads, recognition))
        photo = await self.executors.draw(partial(encode_for_keeping, unknown))
        new = NewCorrection(
            photo=photo,
            right=label,
            prediction=answer.prediction,
            model_version=self._version(answer),
            garment=answer.chosen,
            box=recognition.garment.box,
            outline=recognition.outline,
        )
        try:
            store = self.storage.corrections
            correction = await self.storage.run(store.record_correction, tap.user_id, new)
        except NoConsent:  # taken back in the same moment
            return None, words.not_stored
        except StoreFull:
            await self._count(answer, label)
            return None, words.full
        except StoreUnavailable:
            return None, tap.texts.faults.store_away
        return str(correction), kept_text(label, tap.language)

    def _version(self, answer: Answer) -> str:
        live = self.models.live().version
        return live if answer.is_from(live) else f"tag {answer.version_tag}"


async def _settle(tap: Tap, answer: Answer, remark: str, correction: str | None = None) -> None:
    """Write above an answer what its sender said of it, and take the buttons away that asked for it."""
    keyboard = _shared(tap, answer, settled_keyboard(answer, tap.language, correction=correction))
    await change_caption(tap.message, remarked(caption_of(tap.message), remark), keyboard)


async def _offer_undo_on(card: int | None, tap: Tap, answer: Answer, correction: str) -> bool:
    """Put the button that takes a correction back below the answer, whose words say that it was corrected.

    Returns:
        Whether it is there; an answer that was deleted cannot have it, nor one that an old button does not know.
    """
    if card is None:
        return False
    keyboard = _shared(tap, answer, settled_keyboard(answer, tap.language, correction=correction))
    try:
        await change_keyboard_of(tap.message, card, keyboard)
    except BadRequest as error:
        _LOGGER.info("An answer cannot have a button to undo its correction: %s", error)
        return False
    return True


async def correct(tap: Tap, action: Correct) -> None:
    """The answer was wrong: show the ten classes."""
    if await may_speak(tap):
        await tap.answer(tap.texts.corrections.pick)
        await change_keyboard(tap.message, classes_keyboard(action.answer, tap.language))


async def back(tap: Tap, action: Back) -> None:
    """Show the photo's own buttons again."""
    if await may_speak(tap):
        await change_keyboard(tap.message, _shared(tap, action.answer, photo_keyboard(action.answer, tap.language)))


def _shared(tap: Tap, answer: Answer, keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """The same buttons, and the one that shares the answer, as below the answer at first."""
    if answer.found_nothing:
        return keyboard
    return with_answer_shared(tap.message, keyboard, tap.language, covered=tap.is_covered)


async def may_speak(tap: Tap) -> bool:
    """Whether whoever tapped sent the photo; the others are told so, and nobody else sees it.

    Whoever taps does so in their own name, so nobody can be told to have sent what came in the name of a group or a
    channel, nor agree in its place to keeping it.
    """
    if tap.message.chat_id == tap.user_id:  # in private
        return True
    photo = tap.message.reply_to_message
    if photo is None:
        await tap.answer(tap.texts.faults.photo_gone, alert=True)
    elif (sender := _sender_of(photo)) is None:
        await tap.answer(tap.texts.toasts.nobodys, alert=True)
    elif sender.id != tap.user_id:
        await tap.answer(tap.texts.toasts.not_yours, alert=True)
    else:
        return True
    return False


def _sender_of(message: Message) -> User | None:
    """Who sent the photo that a message holds or means; None for a chat, and for somebody who hides their name."""
    if message.external_reply is not None and image_of(message) is None:
        origin = message.external_reply.origin
        return origin.sender_user if isinstance(origin, MessageOriginUser) else None
    return message.from_user if message.sender_chat is None else None


def photo_message(tap: Tap) -> Message:
    """The message with the photo, or ours where that has been deleted."""
    return tap.message.reply_to_message or tap.message


def _here(tap: Tap, text: str) -> str:
    """A text that names commands; in a group it says where they are answered."""
    if tap.message.chat.type == ChatType.PRIVATE or not _COMMAND.search(text):
        return text
    return f"{text}\n\n{tap.texts.corrections.in_private}"


def wording(language: Language) -> str:
    """Which text somebody agreed to: its language and a digest that changes with its words."""
    digest = hashlib.sha256(texts(language).corrections.consent.encode()).hexdigest()[:12]
    return f"{language.value}-{digest}"
