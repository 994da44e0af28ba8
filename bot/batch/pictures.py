"""Pictures of outcomes: masks, in which each garment has its number, and the cards that people get."""

from dataclasses import dataclass, field
from pathlib import Path, PurePath

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.batch.outcomes import Outcome
from bot.replies.texts import Language
from bot.vision.garment import MOST_GARMENTS
from bot.vision.recognizer import Recognition


@dataclass
class Pictures:
    """Writes pictures into folders, each named after its file.

    Attributes:
        masks: folder of ``<stem>.png``; None without masks.
        cards: folder of ``<stem>.jpg``; None without cards.
        language: of the cards.
    """

    masks: Path | None
    cards: Path | None
    language: Language
    _taken: set[str] = field(default_factory=set, init=False)

    def prepare(self) -> None:
        """Make the folders; raises OSError when that fails."""
        for folder in (self.masks, self.cards):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)

    def write(self, outcome: Outcome) -> None:
        """Write what is asked for; raises OSError when that fails. A file without an answer takes its name, too."""
        name = self._name(outcome.path)
        if outcome.recognition is None:
            return
        if self.masks is not None:
            picture = Image.fromarray(numbered_mask(outcome.recognition, outcome.size))
            picture.save(self.masks / f"{name}.png")
        if self.cards is not None:
            from bot.replies.cards.photo import photo_card  # fonts and all, only where cards are asked for

            (self.cards / f"{name}.jpg").write_bytes(photo_card(outcome.recognition, self.language))

    def _name(self, path: str) -> str:
        """The file's stem; a second one of the same stem gets ``-2``."""
        stem = PurePath(path).stem or path
        name, number = stem, 1
        while name in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name)
        return name


def numbered_mask(recognition: Recognition, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Which garment each pixel of the photo belongs to; where two meet, the smaller one has it.

    Args:
        recognition: what was found.
        size: width and height of the result.

    Returns:
        uint8 [height, width]: 0 where nothing is, k where garment k is, counted from 1, the judged one first.
    """
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    found = sorted(recognition.garments, key=lambda each: each is not recognition.judged)[:MOST_GARMENTS]
    numbered = list(enumerate(found, start=1))
    for number, named in sorted(numbered, key=lambda each: -each[1].garment.area):
        soft = np.rint(255 * np.clip(named.garment.mask, 0, 1)).astype(np.uint8)
        mask[cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR) > 127] = number
    return mask
