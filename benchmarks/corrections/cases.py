"""The garments that people correct, what is right of each, and what networks answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.corrections.people import said_of, truth, worn
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import open_storage
from bot.storage.types import NewCorrection, Status
from bot.vision.heads import without_heads
from bot.vision.labels import CLASS_COUNT, WRONG_OUTLINE
from bot.vision.outline import packed
from bot.vision.recognizer import name_garments
from training.data.photos import read_photo
from training.data.set_labels import flat_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.corrections.people import People
    from bot.datasets import ListedPhoto
    from bot.vision.recognizer import NamedGarment
    from training.evaluation.network_set import NetworkSet


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A garment that somebody corrected.

    Attributes:
        person: who.
        path: the photo that was sent.
        garment: which of the garments that the bot answered.
        named: that garment.
        outcomes: all that would be right of it.
        said: what the person says.
    """

    person: int
    path: Path
    garment: int
    named: NamedGarment
    outcomes: frozenset[int]
    said: int


def cases(chosen: People, networks: NetworkSet, data_dir: Path) -> Iterator[Case]:
    """All that could be corrected: each one's flat photos, then garments of people in streets, by turns."""
    for person, photos in enumerate(chosen.corrected.values(), start=1):
        for listed in photos:
            path = listed.path(data_dir)
            for named in name_garments(read_photo(path), networks)[:1]:
                outcomes = truth(listed)
                said = said_of(outcomes, named.prediction.said, flat_outcomes(listed.label))
                yield Case(person, path, 0, named, outcomes, said)
    for person, street in zip(cycle(range(1, len(chosen.corrected) + 1)), chosen.streets, strict=False):
        path = street.path(data_dir)
        garments = name_garments(read_photo(path), networks)
        for place, outcomes in worn(street.load_labels(data_dir), [each.garment for each in garments]):
            said = said_of(outcomes, garments[place].prediction.said, outcomes)
            yield Case(person, path, place, garments[place], outcomes, said)


def drawn(every: Sequence[Case], count: int) -> list[Case]:
    """So many of them, the same every time, in their order."""
    return [every[at] for at in np.sort(np.random.default_rng(1).permutation(len(every))[:count])]


def fill(root: Path, corrected: Sequence[Case], poison: float, networks: NetworkSet) -> int:
    """Record corrections in the store of a folder and accept them all.

    Args:
        root: the folder.
        corrected: what people said.
        poison: share that is mislabelled.
        networks: those that answered.

    Returns:
        How many were mislabelled.
    """
    storage, rng = open_storage(None, "k" * 32, root=root), np.random.default_rng(0)
    storage.prepare()
    bad = 0
    try:
        for case in corrected:
            storage.corrections.grant_consent(case.person, "benchmark")
            said = case.said
            if rng.random() < poison:
                said = int(rng.choice([label for label in range(CLASS_COUNT + 2) if label not in case.outcomes]))
                bad += 1
            new = NewCorrection(
                photo=encode_for_keeping(without_heads(read_photo(case.path), networks.networks)),
                right=said,
                prediction=case.named.prediction,
                model_version=networks.version,
                garment=case.garment,
                box=case.named.garment.box,
                outline=packed(case.named.garment.mask),
            )
            storage.corrections.decide(storage.corrections.record_correction(case.person, new), Status.ACCEPTED)
    finally:
        storage.close()
    return bad


def is_right(named: NamedGarment | None, outcomes: frozenset[int]) -> bool:
    """Whether a garment is called what it is; of a wrong outline, whether none of the ten is named."""
    if named is None:
        return min(outcomes) >= CLASS_COUNT
    if outcomes == {WRONG_OUTLINE}:
        return named.prediction.is_refused
    return named.prediction.said in outcomes or (min(outcomes) >= CLASS_COUNT and named.prediction.is_refused)


def right_of_cases(corrected: Sequence[Case], networks: NetworkSet) -> list[bool]:
    """Which corrected garments are answered rightly; one that is named no more counts as no clothing."""

    @lru_cache(maxsize=1)  # the garments of a photo come one after another
    def named_in(path: Path) -> Sequence[NamedGarment]:
        return name_garments(read_photo(path), networks)

    right = []
    for case in corrected:
        same = [each for each in named_in(case.path) if each.garment.box == case.named.garment.box]
        right.append(is_right(next(iter(same), None), case.outcomes))
    return right


def right_of_others(others: Sequence[ListedPhoto], networks: NetworkSet, data_dir: Path) -> list[bool]:
    """Which of the same people's other photos get a right first answer."""
    right = []
    for listed in others:
        garments = name_garments(read_photo(listed.path(data_dir)), networks)
        right.append(is_right(next(iter(garments), None), truth(listed)))
    return right
