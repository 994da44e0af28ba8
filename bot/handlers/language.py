"""/language: which language to answer in."""

from telegram import Message

from bot.handlers.profile import choose_chat_menu
from bot.handlers.sending import change_text, reply_text
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import SetLanguage
from bot.replies.keyboards import language_keyboard
from bot.replies.texts import texts
from bot.storage.errors import StoreUnavailable


async def ask(services: Services, message: Message) -> None:
    """Ask which language."""
    language = await services.languages.of(message.chat, message.from_user)
    await reply_text(message, texts(language).language.choose, language_keyboard())


async def choose(services: Services, tap: Tap, choice: SetLanguage) -> None:
    """Answer in this language from now on."""
    said = texts(choice.language)
    try:
        await services.languages.choose(tap.message.chat, choice.language)
    except StoreUnavailable:
        await tap.answer(said.faults.store_away, alert=True)
        return
    await tap.answer(said.toasts.language)
    await change_text(tap.message, said.language.chosen, language_keyboard())
    services.detached_tasks.start(choose_chat_menu(services, tap.message, choice.language))
