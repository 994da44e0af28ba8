"""Start, help, privacy, and one helpful line for whatever else somebody sends in private."""

import contextlib

from telegram import Message

from bot.corrections import retention
from bot.corrections.errors import StoreUnavailable
from bot.corrections.types import Permission
from bot.handlers.photos import sender_id
from bot.handlers.profile import give_chat_its_menu
from bot.handlers.sending import change_text, say
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import AskAgain
from bot.replies.keyboards import privacy_keyboard, start_keyboard
from bot.replies.messages import Retention, forgotten_text, help_text, privacy_text, start_text
from bot.replies.texts import texts
from bot.replies.texts.catalogue import Basics

RETENTION = Retention(
    accepted=retention.ACCEPTED_KEPT,
    pending=retention.PENDING_KEPT,
    rejected=retention.REJECTED_KEPT,
    consent=retention.CONSENT_KEPT,
    language=retention.LANGUAGE_KEPT,
    updates=retention.UPDATES_KEPT,
    photos_per_person=retention.MAX_PICTURES_PER_USER,
)


async def start(services: Services, message: Message) -> None:
    """Say what the bot is for."""
    language = await services.languages.of(message.chat, message.from_user)
    await say(message, start_text(language), start_keyboard(language))
    services.errands.start(give_chat_its_menu(services, message, language))


async def show_help(services: Services, message: Message) -> None:
    """Say how to use it."""
    language = await services.languages.of(message.chat, message.from_user)
    await say(message, help_text(language, admin=services.is_admin(sender_id(message))))


async def privacy(services: Services, message: Message) -> None:
    """Say what is kept, and what is kept of this person."""
    language = await services.languages.of(message.chat, message.from_user)
    user_id = sender_id(message)
    store = services.storage.corrections
    permission, photos = None, 0
    with contextlib.suppress(StoreUnavailable):
        photos = await services.storage.run(store.kept, user_id)
        permission = await services.storage.run(store.permission, user_id)
    keyboard = privacy_keyboard(language) if permission is Permission.REFUSED else None
    await say(message, privacy_text(language, RETENTION, permission=permission, photos=photos), keyboard)


async def ask_again(services: Services, tap: Tap, _: AskAgain) -> None:
    """After a no: let the next correction ask once more whether the photo may be kept."""
    store = services.storage.corrections
    try:
        await services.storage.run(store.forget_refusal, tap.user_id)
        permission = await services.storage.run(store.permission, tap.user_id)
        photos = await services.storage.run(store.kept, tap.user_id)
    except StoreUnavailable:
        await tap.answer(tap.texts.faults.store_away, alert=True)
        return
    await tap.answer(tap.texts.toasts.will_ask if permission is Permission.UNASKED else None)
    await change_text(tap.message, privacy_text(tap.language, RETENTION, permission=permission, photos=photos))


async def forget(services: Services, message: Message) -> None:
    """Delete everything of this person."""
    language = await services.languages.of(message.chat, message.from_user)
    try:
        forgotten = await services.storage.run(services.storage.corrections.forget, sender_id(message))
    except StoreUnavailable:
        await say(message, texts(language).faults.store_away)
        return
    services.languages.forget(message.chat)
    await say(message, forgotten_text(forgotten.rows, forgotten.pictures, language))


async def unknown_command(services: Services, message: Message) -> None:
    """Answer a command that there is not, or that is not for this person."""
    language = await services.languages.of(message.chat, message.from_user)
    await say(message, texts(language).basics.unknown_command)


async def anything_else(services: Services, message: Message) -> None:
    """Answer what is no photo with one helpful line."""
    language = await services.languages.of(message.chat, message.from_user)
    await say(message, helpful_line(message, texts(language).basics))


def helpful_line(message: Message, basics: Basics) -> str:
    """What helps the sender of this message to send a photo instead."""
    lines = (
        (message.text, basics.unknown_text),
        (message.sticker, basics.sticker),
        (message.voice or message.audio, basics.voice),
        (message.video or message.video_note, basics.video),
        (message.animation, basics.animation),
    )
    return next((line for found, line in lines if found), basics.other)
