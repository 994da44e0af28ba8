"""The whole line with the shipped networks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.registry.store import ModelStore
from bot.vision.decoding import decode
from bot.vision.recognizer import Recognizer


class InProcess:
    """Decodes without a worker: the photos are the project's own."""

    decode = staticmethod(decode)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def recognizer(published_model: Path) -> Iterator[Recognizer]:
    store = ModelStore(published_model.parent, try_first=lambda *network: None)
    with Recognizer(InProcess(), store) as recognizer:
        recognizer.check()
        yield recognizer
