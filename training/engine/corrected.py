"""What accepted corrections mean for a refresh: whether there is anything to learn, and what was gained."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.registry.networks import open_networks
from training.data.corrections import Corrections, as_the_bot_sees, readable, split_by_person, with_outlines
from training.evaluation.corrected_garments import CorrectedAnswer, change_sentence, changed, corrected_answers
from training.evaluation.gate import gains_nothing
from training.runs.store import has_store, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.registry.folder import StoredModel
    from bot.settings import Settings
    from training.data.corrections import Seen
    from training.evaluation.network_set import NetworkSet

LEARNT_FROM: Final = "learnt_from"
"""In a card: which corrections a refresh has learnt from, as :func:`digest_of` names them."""


def accepted_corrections(settings: Settings, root: Path, networks_dir: Path) -> Corrections:
    """What people corrected, with consent, and an admin accepted; read from the store and kept nowhere else.

    Args:
        settings: name the database.
        root: relative paths start here.
        networks_dir: has the segmenter that serves.

    Raises:
        TrainingError: the database cannot be used.
    """
    if not has_store(settings, root):
        return Corrections()
    with open_store(settings, root) as storage:
        photos = list(readable(storage.corrections.accepted_photos()))
    if not photos:
        return Corrections()
    found = list(with_outlines(photos, open_networks(networks_dir)))
    return replace(split_by_person(found), left_out=len(photos) - len(found))


def digest_of(corrections: Corrections) -> str:
    """Names a set of corrections to learn from: which, and what is said of each."""
    said = sorted(f"{each.id} {each.label}" for each in corrections.learnt)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CorrectedAnswers:
    """What a set of networks says of corrected garments.

    Attributes:
        learnt: of those to learn from.
        measured: of those kept apart.
    """

    learnt: Sequence[CorrectedAnswer]
    measured: Sequence[CorrectedAnswer]

    @property
    def right(self) -> int:
        """How many of those to learn from are answered as people said."""
        return sum(each.right for each in self.learnt)


class CorrectionExamination:
    """Asks sets of networks about the same corrected garments, which are drawn once."""

    def __init__(self, corrections: Corrections) -> None:
        """Draw the garments."""
        self._learnt: list[Seen] = list(as_the_bot_sees(corrections.learnt))
        self._measured: list[Seen] = list(as_the_bot_sees(corrections.measured))

    def ask(self, networks: NetworkSet) -> CorrectedAnswers:
        """What people would be told."""
        return CorrectedAnswers(corrected_answers(self._learnt, networks), corrected_answers(self._measured, networks))


def nothing_new(corrections: Corrections, live: StoredModel, answers: CorrectedAnswers) -> str:
    """Why a refresh would learn nothing; empty when it would.

    Args:
        corrections: that were accepted.
        live: the set that is live.
        answers: what it says of them.
    """
    count = len(corrections.learnt)
    if not count:
        reason = "Nothing to learn: there are no accepted corrections. Decide on them: python -m training corrections"
        return reason + left_out_sentence(corrections.left_out)
    if live.card.get(LEARNT_FROM) == digest_of(corrections):
        return f"Nothing new to learn: {live.version} has learnt from these {count} corrections already."
    if answers.right == count:
        return f"Nothing to learn: {live.version} answers all {count} corrected photos as people say."
    return ""


def not_gained(before: CorrectedAnswers | None, after: CorrectedAnswers) -> tuple[str, ...]:
    """Why networks that learnt from corrections should not take over all the same."""
    return () if before is None else gains_nothing(before.right, after.right, len(after.learnt))


def left_out_sentence(count: int) -> str:
    """Follows how many corrections there are; empty where none is left out."""
    return f" Left out: {count}, whose garment is not found again." if count else ""


def correction_note(before: CorrectedAnswers | None, after: CorrectedAnswers, left_out: int = 0) -> str:
    """One line for the report: how many corrections were used, what that changed, and how many were left out."""
    learnt = changed(before.learnt if before else None, after.learnt)
    measured = changed(before.measured if before else None, after.measured)
    return change_sentence(learnt, measured) + left_out_sentence(left_out)
