"""Right, or correct it: what people say about an answer, kept with the photo only when they agree to that.

The buttons hang on messages that reply to the photo, so the photo is fetched again from there; nothing is remembered
in between.
"""

import hashlib
import logging
import re
from functools import partial
from typing import Final

from telegram import Message
from telegram.constants import ChatType

from bot.corrections import retention
from bot.corrections.errors import NoConsent, StoreFull, StoreUnavailable
from bot.corrections.photos import encode_for_keeping
from bot.corrections.types import CorrectionId, NewCorrection, Permission
from bot.handlers.again import recognise_again
from bot.handlers.sending import change_keyboard, change_text, say_about
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import Answer, Back, Consent, Correct, PickClass, Right, Undo
from bot.replies.keyboards import (
    classes_keyboard,
    consent_keyboard,
    photo_keyboard,
    settled_keyboard,
    undo_keyboard,
)
from bot.replies.messages import consent_text, kept_text
from bot.replies.texts import Language, texts
from bot.vision.prediction import Verdict

_LOGGER = logging.getLogger(__name__)
_COMMAND: Final = re.compile(r"(?:^|\s)/[a-z]")


async def right(services: Services, tap: Tap, said: Right) -> None:
    """The answer was right: keep the photo where its sender has agreed to that, else only count.

    That there is no garment of the ten was right, too, but it names no class to keep or count.
    """
    if not await may_speak(tap):
        return
    correction = None
    if said.answer.verdict is not Verdict.NO_GARMENT:
        label = said.answer.prediction.label
        if await _permission(services, tap) is Permission.GRANTED:
            correction, _ = await _keep(services, tap, label, said.answer)
        else:
            await _count(services, said.answer, label)
    toasts = tap.texts.toasts
    await tap.answer(toasts.thanks if correction is None else toasts.kept)
    await change_keyboard(tap.message, settled_keyboard(said.answer, tap.language, correction=correction))


async def correct(services: Services, tap: Tap, said: Correct) -> None:
    """The answer was wrong: show the ten classes."""
    if await may_speak(tap):
        await tap.answer(tap.texts.corrections.pick)
        await change_keyboard(tap.message, classes_keyboard(said.answer, tap.language))


async def back(services: Services, tap: Tap, said: Back) -> None:
    """Show the photo's own buttons again."""
    if await may_speak(tap):
        await change_keyboard(tap.message, photo_keyboard(said.answer, tap.language))


async def pick(services: Services, tap: Tap, said: PickClass) -> None:
    """The right class: keep it with the photo, or only count it; ask first, once, which of the two it shall be."""
    if not await may_speak(tap):
        return
    match await _permission(services, tap):
        case None:
            await tap.answer(tap.texts.faults.store_away, alert=True)
        case Permission.UNASKED:
            await tap.answer()
            await change_keyboard(tap.message, settled_keyboard(said.answer, tap.language))
            question = consent_text(said.label, retention.ACCEPTED_KEPT, tap.language)
            await say_about(
                photo_message(tap), _here(tap, question), consent_keyboard(said.label, said.answer, tap.language)
            )
        case Permission.REFUSED:
            await _count(services, said.answer, said.label)
            await tap.answer(tap.texts.corrections.counted)
            await change_keyboard(tap.message, settled_keyboard(said.answer, tap.language))
        case Permission.GRANTED:
            await tap.answer(tap.texts.toasts.working)
            correction, thanks = await _keep(services, tap, said.label, said.answer)
            await change_keyboard(tap.message, settled_keyboard(said.answer, tap.language, correction=correction))
            await say_about(photo_message(tap), _here(tap, thanks))


async def consent(services: Services, tap: Tap, said: Consent) -> None:
    """The answer to the question whether the photo may be kept."""
    if not await may_speak(tap):
        return
    try:
        await (_agree if said.given else _decline)(services, tap, said)
    except StoreUnavailable:
        await tap.answer(tap.texts.faults.store_away, alert=True)


async def _agree(services: Services, tap: Tap, said: Consent) -> None:
    store = services.storage.corrections
    await services.storage.run(store.grant_consent, tap.user_id, wording(tap.language))
    await tap.answer(tap.texts.toasts.working)
    correction, thanks = await _keep(services, tap, said.label, said.answer)
    keyboard = None if correction is None else undo_keyboard(correction, said.answer, tap.language)
    await change_text(tap.message, _here(tap, thanks), keyboard)


async def _decline(services: Services, tap: Tap, said: Consent) -> None:
    permission = await services.storage.run(services.storage.corrections.refuse_consent, tap.user_id)
    await _count(services, said.answer, said.label)
    words = tap.texts.corrections
    said_no = words.refused if permission is Permission.REFUSED else words.counted
    await change_text(tap.message, _here(tap, said_no))


async def undo(services: Services, tap: Tap, said: Undo) -> None:
    """Take a correction back: row and picture go."""
    if not await may_speak(tap):
        return
    try:
        store = services.storage.corrections
        undone = await services.storage.run(store.undo, tap.user_id, CorrectionId(int(said.correction)))
    except StoreUnavailable:
        await tap.answer(tap.texts.faults.store_away, alert=True)
        return
    except ValueError:
        undone = False
    words = tap.texts.corrections
    await tap.answer(tap.texts.toasts.undone if undone else words.nothing_to_undo)
    if tap.message.photo:
        await change_keyboard(tap.message, photo_keyboard(said.answer, tap.language))
        if undone:  # where a message said that the photo is kept, it still stands below
            await say_about(photo_message(tap), words.undone)
    else:
        await change_text(tap.message, words.undone if undone else words.nothing_to_undo)


async def may_speak(tap: Tap) -> bool:
    """Whether whoever tapped sent the photo; the others are told so, and nobody else sees it."""
    sender = photo_message(tap).from_user
    private = tap.message.chat_id == tap.user_id
    if private or (tap.message.reply_to_message is not None and sender is not None and sender.id == tap.user_id):
        return True
    await tap.answer(tap.texts.toasts.not_yours, alert=True)
    return False


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


async def _permission(services: Services, tap: Tap) -> Permission | None:
    """What this person said about keeping photos; None while the store is away."""
    try:
        return await services.storage.run(services.storage.corrections.permission, tap.user_id)
    except StoreUnavailable:
        return None


async def _count(services: Services, answer: Answer, label: int) -> None:
    try:
        store = services.storage.corrections
        await services.storage.run(store.count_answer, answer.prediction.label, label)
    except StoreUnavailable as error:
        _LOGGER.warning("An answer was not counted: %s", error)


async def _keep(services: Services, tap: Tap, label: int, answer: Answer) -> tuple[str | None, str]:
    """Keep photo and label; the correction's id, if it was kept, and what to say."""
    words = tap.texts.corrections
    recognition = await recognise_again(services, tap, answer.chosen)
    if recognition is None:
        await _count(services, answer, label)
        return None, words.not_stored
    photo = await services.workshop.draw(partial(encode_for_keeping, recognition.photo))
    new = NewCorrection(
        photo=photo,
        right=label,
        prediction=answer.prediction,
        model_version=_version(services, answer),
        garment=answer.chosen,
        box=recognition.garments[recognition.chosen].box,
    )
    try:
        store = services.storage.corrections
        correction = await services.storage.run(store.record_correction, tap.user_id, new)
    except NoConsent:  # taken back in the same moment
        return None, words.not_stored
    except StoreFull:
        await _count(services, answer, label)
        return None, words.full
    except StoreUnavailable:
        return None, tap.texts.faults.store_away
    return str(correction), kept_text(label, tap.language)


def _version(services: Services, answer: Answer) -> str:
    live = services.models.live().version
    return live if answer.is_from(live) else f"tag {answer.version_tag}"
