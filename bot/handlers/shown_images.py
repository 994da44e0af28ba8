"""Which test images Telegram has already as pictures: without an address, a bot may offer no others elsewhere."""

from collections import OrderedDict
from typing import Final

from telegram import Message

from bot.replies.texts import Language

_MOST_REMEMBERED: Final = 2_000


class ShownImages:
    """The cards of test images that were sent lately; which person saw them is not remembered."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, Language, str], str] = OrderedDict()

    def note(self, number: int, language: Language, version: str, sent: Message) -> None:
        """Remember the card of a test image.

        Args:
            number: of the image, from 0.
            language: of the words in the card.
            version: of the model whose answer it shows.
            sent: the message with the card.
        """
        if not sent.photo:
            return
        self._known[number, language, version] = sent.photo[-1].file_id
        self._known.move_to_end((number, language, version))
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    def of(self, number: int, language: Language, version: str) -> str | None:
        """What Telegram shows the card of a test image for; None when it was not sent lately."""
        return self._known.get((number, language, version))

    def numbers(self, language: Language, version: str) -> frozenset[int]:
        """The images, from 0, that Telegram shows a card of in this language, with what this model says."""
        return frozenset(number for number, *of in self._known if of == [language, version])
