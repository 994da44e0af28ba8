"""The photos that people corrected: parted by person, so that nobody is learnt from and measured on.

They are decoded from the store's bytes and live in memory only; no run folder holds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.corrections.types import AcceptedPhoto

MEASURED_SHARE: Final = 0.2
"""About this share of the people is measured on instead of learnt from."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Accepted corrections.

    Attributes:
        learnt: of the people who are learnt from.
        measured: of the others: how a model does on them before and after tells what the corrections changed.
    """

    learnt: tuple[AcceptedPhoto, ...] = ()
    measured: tuple[AcceptedPhoto, ...] = ()

    def __len__(self) -> int:
        return len(self.learnt) + len(self.measured)


def split_by_person(photos: Iterable[AcceptedPhoto]) -> Corrections:
    """Parts corrections by who sent them; a person stays on one side for good, whoever else comes or goes."""
    learnt: list[AcceptedPhoto] = []
    measured: list[AcceptedPhoto] = []
    for photo in photos:
        (measured if _is_measured(photo.user_group) else learnt).append(photo)
    return Corrections(tuple(learnt), tuple(measured))


def _is_measured(user_group: str) -> bool:
    digest = hashlib.sha256(user_group.encode()).digest()
    return int.from_bytes(digest[:4], "big") < MEASURED_SHARE * 2**32
