"""/language: which language to answer in."""

from dataclasses import dataclass

from telegram import Message

from bot.handlers.languages import Languages
from bot.handlers.profile import ChatMenus
from bot.handlers.sending import change_text, reply_text
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.replies.callback_data.actions import SetLanguage
from bot.replies.keyboards import language_keyboard
from bot.replies.texts import texts
from bot.storage.errors import StoreUnavailable


@dataclass(frozen=True)
class LanguageHandlers:
    """Ask for the language, and keep it."""

    languages: Languages
    chat_menus: ChatMenus
    detached_tasks: DetachedTasks

    async def ask(self, message: Message) -> None:
        """Ask which language."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_text(message, texts(language).language.choose, language_keyboard())

    async def choose(self, tap: Tap, choice: SetLanguage) -> None:
        """Answer in this language from now on."""
        said = texts(choice.language)
        try:
            await self.languages.choose(tap.message.chat, choice.language)
        except StoreUnavailable:
            await tap.answer(said.faults.store_away, alert=True)
            return
        await tap.answer(said.toasts.language)
        await change_text(tap.message, said.language.chosen, language_keyboard())
        self.detached_tasks.start(self.chat_menus.choose_chat_menu(tap.message, choice.language))
