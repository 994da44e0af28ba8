"""In which language a chat is answered."""

from sqlalchemy import select

from bot.storage import retention
from bot.storage.schema import languages
from bot.storage.table import PeopleTable


class LanguageTable(PeopleTable):
    """The language that a user or group has chosen, by its code."""

    def of(self, chat: int) -> str | None:
        """What a user or group has chosen; None without a choice.

        Args:
            chat: Telegram id of the user or the group.
        """
        query = select(languages.c.language).where(languages.c.chat_key == self._key.reference(chat))
        with self._database.read() as connection:
            language: str | None = connection.scalar(query)
        return language

    def keep(self, chat: int, language: str) -> None:
        """Keep the choice of a user or group."""
        row = {"language": language, "chosen_at": self._database.now()}
        with self._database.write() as connection:
            self._database.put(connection, languages, {"chat_key": self._key.reference(chat)}, row)

    def expire(self) -> int:
        """Delete what is kept long enough; returns how many rows."""
        until = self._database.now() - retention.LANGUAGE_KEPT
        return self._database.delete(languages, languages.c.chosen_at < until)
