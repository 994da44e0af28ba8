"""What accepted corrections mean for a refresh: whether there is anything to learn, and what was gained."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.registry.networks import open_networks
from training.data.corrections import Corrections, as_the_bot_sees, readable, split_by_person
from training.evaluation.corrected_garments import Told, change_sentence, changed, told_of
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


def accepted_corrections(settings: Settings, root: Path) -> Corrections:
    """What people corrected, with consent, and an admin accepted; read from the store and kept nowhere else.

    Args:
        settings: name the database.
        root: relative paths start here.

    Raises:
        TrainingError: the database cannot be used.
    """
    if not has_store(settings, root):
        return Corrections()
    with open_store(settings, root) as storage:
        return split_by_person(readable(storage.corrections.accepted_photos()))


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

    learnt: Sequence[Told]
    measured: Sequence[Told]

    @property
    def right(self) -> int:
        """How many of those to learn from are answered as people said."""
        return sum(each.right for each in self.learnt)


class CorrectionExamination:
    """Asks sets of networks about the same corrected garments, which are found once."""

    def __init__(self, corrections: Corrections, networks_dir: Path) -> None:
        """Find the garments.

        Args:
            corrections: accepted ones; without any no network is needed.
            networks_dir: has the segmenter that serves.
        """
        self._learnt: list[Seen] = []
        self._measured: list[Seen] = []
        if len(corrections):
            segmenter = open_networks(networks_dir)
            self._learnt += as_the_bot_sees(corrections.learnt, segmenter)
            self._measured += as_the_bot_sees(corrections.measured, segmenter)

    def ask(self, networks: NetworkSet) -> CorrectedAnswers:
        """What people would be told."""
        return CorrectedAnswers(told_of(self._learnt, networks), told_of(self._measured, networks))


def nothing_new(corrections: Corrections, live: StoredModel, answers: CorrectedAnswers) -> str:
    """Why a refresh would learn nothing; empty when it would.

    Args:
        corrections: that were accepted.
        live: the set that is live.
        answers: what it says of them.
    """
    count = len(corrections.learnt)
    if not count:
        return "Nothing to learn: there are no accepted corrections. Decide on them: python -m training corrections"
    if live.card.get(LEARNT_FROM) == digest_of(corrections):
        return f"Nothing new to learn: {live.version} has learnt from these {count} corrections already."
    if answers.right == count:
        return f"Nothing to learn: {live.version} answers all {count} corrected photos as people say."
    return ""


def not_gained(before: CorrectedAnswers | None, after: CorrectedAnswers) -> tuple[str, ...]:
    """Why networks that learnt from corrections should not take over all the same."""
    return () if before is None else gains_nothing(before.right, after.right, len(after.learnt))


def correction_note(before: CorrectedAnswers | None, after: CorrectedAnswers) -> str:
    """One line for the report: how many corrections were used, and what that changed."""
    learnt = changed(before.learnt if before else None, after.learnt)
    return change_sentence(learnt, changed(before.measured if before else None, after.measured))
