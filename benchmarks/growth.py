"""How costs grow: with photos at once, their size, the people known, the garments in a photo."""

import secrets
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Growth
from benchmarks.serving.bots import BOT, running
from benchmarks.serving.figures import Plan
from benchmarks.serving.load import chats_of, send
from benchmarks.work.clock import processor_ms
from benchmarks.work.photos import scaled
from bot.handlers.photo_answers import picture_of
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.replies.texts import Language
from bot.storage.schema import languages
from bot.storage.storage import open_storage
from bot.vision.decoding import decode
from bot.vision.garment import CLOTHING, LEAST_SHARE, SIDE, Group
from bot.vision.labels import BAG
from bot.vision.photo import Photo
from bot.vision.recognizer import Recognition, VisionNetworks, name_garments
from training.evaluation.network_set import NetworkSet

AT_ONCE: Final = (1, 4, 16, 64, 256)
SIDES: Final = (90, 320, 800, 1280, 3000, 6000, 12_000)
PEOPLE: Final = (10, 100, 1_000, 10_000, 100_000)
GARMENTS: Final = (1, 2, 3, 4, 5, 6)

_LOOKUPS: Final = 300
_CHUNK: Final = 10_000


async def by_photos_at_once(plan: Plan, sizes: Sequence[int] = AT_ONCE) -> Growth:
    """More and more people who wait for an answer at the same time.

    Raises:
        LiveError: the bot does not start, or does not answer.
    """
    rows = []
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        async with running(plan.python, BOT, Path(name), plan.models_dir) as bot:
            chats = chats_of(bot, max(sizes))
            await send(bot, chats[:8], plan.photos, 32)
            for size in sizes:
                load = await send(bot, chats[:size], plan.photos, max(64, 2 * size))
                rows.append((size, load.per_second, load.processor_ms, load.wait_ms(0.5), load.wait_ms(0.99)))
    return Growth("photos at once", ("photos a second", "processor ms each", "p50 ms", "p99 ms"), rows)


def by_size(models_dir: Path, photo: bytes, sizes: Sequence[int] = SIDES) -> Growth:
    """Larger and larger copies of one photo."""
    recognizer = open_recognizer(models_dir)
    rows = []
    with recognizer:
        for side in sizes:
            (data,) = scaled([photo], side)
            decoding = processor_ms(decode, [data] * 3)
            looking = processor_ms(recognizer.recognize, [data] * 3)
            rows.append((side, len(data) / 1e3, decoding, looking))
    return Growth("longest side in pixels", ("file kB", "decoding ms", "looking ms"), rows)


def by_people(sizes: Sequence[int] = PEOPLE) -> Growth:
    """What asking the store about one person takes, with more and more people in it."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="people-") as name:
        storage = open_storage(f"sqlite:///{Path(name) / 'bot.sqlite3'}", None, root=Path(name))
        storage.prepare()
        database, known = storage._database, 0
        for size in sizes:
            while known < size:
                count = min(_CHUNK, size - known)
                now = database.now()
                people = [{"chat_key": secrets.token_hex(16), "language": "en", "chosen_at": now} for _ in range(count)]
                with database.write() as connection:
                    connection.execute(languages.insert(), people)
                known += count
            asking = processor_ms(storage.languages.of, range(_LOOKUPS))
            choosing = processor_ms(partial(storage.languages.keep, language="en"), range(_LOOKUPS))
            rows.append((size, 1000 * asking, 1000 * choosing))
        storage.close()
    return Growth("people known", ("asking us", "choosing us"), rows)


class _Striped:
    """Real networks that work as ever, but somebody wears so many garments, one below the other, each called a bag."""

    def __init__(self, networks: VisionNetworks, count: int) -> None:
        self._networks = networks
        self._groups = np.full((SIDE, SIDE, len(Group)), 1e-3, np.float32)
        self._groups[..., Group.BACKGROUND] = 0.5
        worn = CLOTHING[:count]
        heights = np.array([LEAST_SHARE[group] + 0.03 for group in worn])  # so that each is large enough to count
        edges = np.round(10 + 140 * np.cumsum([0, *heights / heights.sum()])).astype(int)
        for group, top, bottom in zip((*worn, Group.PERSON), edges, [*edges[1:], 185], strict=True):
            self._groups[top:bottom, 30:130, group] = 1

    def segment(self, pixels: np.ndarray) -> NDArray[np.float32]:
        """Find them."""
        self._networks.segment(pixels)
        return self._groups

    def classify(self, view: np.ndarray) -> NDArray[np.float32]:
        """Name one."""
        seen = np.zeros_like(self._networks.classify(view))
        seen[BAG] = 1
        return np.asarray(seen, np.float32)


def by_garments(models_dir: Path, photo: bytes, sizes: Sequence[int] = GARMENTS) -> Growth:
    """More and more garments in one photo: naming them, and drawing the card."""
    live = ModelStore(models_dir, interpreters=1).live()
    (data,) = scaled([photo], 640)
    seen: Photo = decode(data)
    rows = []
    for size in sizes:
        striped = NetworkSet(live.classifier, _Striped(live.networks, size), live.thresholds)
        named = name_garments(seen, striped)
        found = Recognition(seen, named, 0, named[0], False, live.version, 0.0)
        naming = processor_ms(partial(name_garments, live=striped), [seen] * 5)
        drawing = processor_ms(partial(picture_of, language=Language.ZH_HANT), [found] * 5)
        rows.append((len(named), naming, drawing))
    return Growth("garments", ("naming ms", "card and caption ms"), rows)
