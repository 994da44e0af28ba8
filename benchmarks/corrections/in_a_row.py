"""Twenty refreshes in a row, each with five corrections more: small losses must not add up.

The network in colour is refreshed, calibrated, judged by the gate and goes live or does not, as in ``python -m
training``; the 28x28 model stays, so that twenty of them take an hour and not three. What a round made is kept, and a
run that was stopped goes on behind it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import keras

from benchmarks.corrections.asked import Asked
from benchmarks.corrections.cases import cases, drawn, fill
from benchmarks.corrections.people import people
from benchmarks.corrections.refresh import without_their_photos
from bot.registry.history import Figures
from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE
from bot.registry.networks import network_file
from bot.storage.storage import open_storage
from training.data.corrections import as_the_bot_sees, corrected_examples, split_by_person
from training.data.replay import cached_replay
from training.engine.color_refresh import ColorRecipe, refreshed
from training.engine.comparison import live_set
from training.evaluation.corrected_garments import corrected_answers
from training.evaluation.gate import RULES, decide, gains_nothing
from training.runs.folders import CACHE
from training.runs.history import Models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.corrections.cases import Case
    from benchmarks.corrections.whole import Scene
    from bot.storage.types import AcceptedPhoto
    from training.data.corrections import Seen
    from training.data.replay import Replay
    from training.data.views import Example
    from training.evaluation.network_set import NetworkSet

ROUNDS: Final = 20
EACH: Final = 5

_SHIPPED: Final = "shipped"


@dataclass(frozen=True, slots=True)
class Round:
    """What one refresh did.

    Attributes:
        number: counted from 1; 0 is the set to begin with.
        learnt: corrections that it learnt from.
        right: of these answered rightly before.
        right_now: and by the new network.
        reasons: why it did not go live; empty where it did.
        figures: the new set's, on everybody else's photos.
        thresholds: the new set's.
    """

    number: int
    learnt: int
    right: int
    right_now: int
    reasons: Sequence[str]
    figures: Figures
    thresholds: Mapping[str, float] = field(repr=False)

    @property
    def went_live(self) -> bool:
        """Whether people were answered by it."""
        return not self.reasons

    def to_line(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Round:
        """What :meth:`to_line` wrote."""
        values = json.loads(line)
        return cls(**{**values, "figures": Figures(**values["figures"])})


class Chain:
    """Refreshes one after the other; each begins with the set that is live."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        """Find what is corrected and what is asked about.

        Args:
            scene: where.
            folder: keeps the rounds.
        """
        self._folder = folder
        self._cache = scene.runs_dir / CACHE
        folder.mkdir(parents=True, exist_ok=True)
        model = Models(scene.models_dir).live()
        assert model is not None
        networks, chosen = live_set(model), people()
        segmenter = network_file(model.networks_folder, SEGMENTER_FILE).read_bytes()
        self._corrected = _stored(drawn(list(cases(chosen, networks, scene.data_dir)), ROUNDS * EACH), networks)
        self._seen = list(as_the_bot_sees(self._corrected))
        self._examples = list(corrected_examples(self._corrected))
        self._replay: Replay = cached_replay(scene.data_dir, segmenter, self._cache)
        self._asked = Asked(scene.data_dir, model.networks_folder, networks.classifier, chosen.images)
        self._color = network_file(model.networks_folder, COLOR_CLASSIFIER_FILE).read_bytes()
        self._thresholds: Mapping[str, float] = networks.thresholds
        self.rounds: list[Round] = []

    def run(self) -> list[Round]:
        """Play all rounds, those that are kept already aside."""
        with without_their_photos():
            for number in range(ROUNDS + 1):
                path = self._folder / f"{number:02}.json"
                if path.is_file():
                    self._take_up(Round.from_line(path.read_text(encoding="utf-8")))
                else:
                    done, color = self._play(number)
                    self._color_file(number).write_bytes(color)
                    path.write_text(done.to_line(), encoding="utf-8")
                    self._take_up(done)
                print(f"round {number} of {ROUNDS}: {_line(self.rounds[-1])}", flush=True)
        return self.rounds

    def _color_file(self, number: int) -> Path:
        return self._folder / f"{number:02}.tflite"

    def _take_up(self, done: Round) -> None:
        self.rounds.append(done)
        if done.went_live:
            self._color, self._thresholds = self._color_file(done.number).read_bytes(), done.thresholds

    def _play(self, number: int) -> tuple[Round, bytes]:
        if number == 0:
            figures = self._asked.figures(self._color, self._thresholds)
            return Round(0, 0, 0, 0, (), figures, dict(self._thresholds)), self._color
        seen, examples = self._so_far(number)
        right = self._right(seen, self._color, self._thresholds)
        live = last_live(self.rounds)
        if right == len(seen):
            return Round(number, len(seen), right, right, ("nothing to learn",), Figures(), {}), b""
        keras.backend.clear_session()
        color = refreshed(self._color, self._replay, examples, ColorRecipe(), cache=self._cache)
        thresholds = self._asked.thresholds(color)
        figures = self._asked.figures(color, thresholds)
        right_now = self._right(seen, color, thresholds)
        decision = decide(
            "refresh",
            figures,
            live.figures,
            best_of(self.rounds),
            lost=gains_nothing(right, right_now, len(seen)),
        )
        return Round(number, len(seen), right, right_now, decision.reasons, figures, thresholds), color

    def _so_far(self, number: int) -> tuple[list[Seen], list[Example]]:
        """What is learnt from in a round: the corrections of all rounds so far, of those who are not measured on."""
        learnt = {each.id for each in split_by_person(self._corrected[: number * EACH]).learnt}
        places = [place for place, each in enumerate(self._corrected) if each.id in learnt]
        return [self._seen[place] for place in places], [self._examples[place] for place in places]

    def _right(self, seen: Sequence[Seen], color: bytes, thresholds: Mapping[str, float]) -> int:
        return sum(each.right for each in corrected_answers(seen, self._asked.set_of(color, thresholds)))


def best_of(rounds: Sequence[Round]) -> dict[str, tuple[float, str]]:
    """The best of each figure among all sets that went live, with the round that has it."""
    best: dict[str, tuple[float, str]] = {}
    for each in rounds:
        for rule in RULES:
            value = getattr(each.figures, rule.figure) if each.went_live else None
            if value is not None and (rule.figure not in best or rule.loss(value, best[rule.figure][0]) < 0):
                best[rule.figure] = (value, f"round {each.number}" if each.number else _SHIPPED)
    return best


def last_live(rounds: Sequence[Round]) -> Round:
    """The round whose set answers people after these."""
    return next(each for each in reversed(rounds) if each.went_live)


def table_of(rounds: Sequence[Round]) -> list[list[str]]:
    """The rounds as rows, then what may be lost and what was lost by the set that is live at the end."""
    rules = [rule for rule in RULES if getattr(rounds[0].figures, rule.figure) is not None]
    rows = [["round", "learnt from", "right before > now", *(rule.title for rule in rules), "live"]]
    for each in rounds:
        values = [getattr(each.figures, rule.figure) for rule in rules]
        shares = ["" if value is None else f"{value:.3f}" for value in values]
        verdict = "yes" if each.went_live else "no: " + "; ".join(each.reasons)
        rows.append([str(each.number), str(each.learnt), f"{each.right} > {each.right_now}", *shares, verdict])
    live = last_live(rounds)
    losses = [rule.loss(getattr(live.figures, rule.figure), best_of(rounds)[rule.figure][0]) for rule in rules]
    rows.append(["lost at the end", "", "", *(f"{loss:.3f}" for loss in losses), f"round {live.number} is live"])
    rows.append(["allowed", "", "", *(f"{rule.allowance:.3f}" for rule in rules), ""])
    return rows


def within_allowances(rounds: Sequence[Round]) -> bool:
    """Whether no set that went live was further behind the best one until then than one refresh may be."""
    for place, each in enumerate(rounds):
        best = best_of(rounds[: place + 1])
        for rule in RULES:
            value = getattr(each.figures, rule.figure)
            if each.went_live and value is not None and rule.loss(value, best[rule.figure][0]) > rule.allowance + 1e-9:
                return False
    return True


def _stored(corrected: Sequence[Case], networks: NetworkSet) -> list[AcceptedPhoto]:
    """The corrections as a store gives them back."""
    with TemporaryDirectory(prefix="corrections-") as folder:
        fill(Path(folder), corrected, 0.0, networks)
        storage = open_storage(None, "k" * 32, root=Path(folder))
        try:
            return list(storage.corrections.accepted_photos())
        finally:
            storage.close()


def _line(done: Round) -> str:
    return "; ".join(done.reasons) or f"live, {done.right} > {done.right_now} of {done.learnt} right"
