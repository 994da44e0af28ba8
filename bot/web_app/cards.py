"""Cards of test images, which Telegram fetches for whoever shares one that it has not been sent before."""

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from bot.card_links import card_signature
from bot.datasets import TestImages, as_pixels
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.cards.sample import sample_card
from bot.replies.texts import Language
from bot.vision.recognizer import Recognizer

_MOST_KEPT: Final = 64


class NoSuchCard(Exception):
    """The bot has not made this address, or another model is live since, or the image is not at hand."""


@dataclass(frozen=True)
class SampleCards:
    """Draws them as /sample does; the latest are kept, since Telegram fetches a small one and a large one.

    Attributes:
        token: of the bot that made the addresses.
        models: which model is live.
        recognizer: asks it.
        test_set: the test images.
        executors: threads for what blocks.
    """

    token: str
    models: ModelStore
    recognizer: Recognizer
    test_set: TestSet
    executors: Executors
    _drawn: OrderedDict[str, bytes] = field(default_factory=OrderedDict, init=False)

    async def draw(self, number: int, language: str, signature: str) -> bytes:
        """The card at an address: JPEG.

        Args:
            number: of the test image, from 1.
            language: of the words in it.
            signature: as :func:`bot.card_links.card_signature` writes it.

        Raises:
            NoSuchCard: there is none.
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        expected = card_signature(self.token, number, language, self.models.live().version)
        if language not in list(Language) or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise NoSuchCard
        if expected not in self._drawn:
            test = await self.test_set.at_hand()
            if not test.has(number - 1):
                raise NoSuchCard
            drawing = partial(self._draw, test, test.place(number - 1), Language(language))
            self._drawn[expected] = await self.executors.draw(drawing)
            if len(self._drawn) > _MOST_KEPT:
                self._drawn.popitem(last=False)
        return self._drawn[expected]

    def _draw(self, test: TestImages, place: int, language: Language) -> bytes:
        """Classify a test image and draw it; blocks."""
        image, actual = test.images[place], int(test.labels[place])
        prediction = self.recognizer.classify_pixels(as_pixels(image))
        return sample_card(image, prediction, actual, int(test.numbers[place]), language)
