"""What corrections bring: people correct garments, an admin accepts all, ``python -m training`` refreshes.

    python -m benchmarks.corrections --data-dir data [--corrections 300] [--poison 0.1]

Through a real store, and the whole of ``python -m training``; its gate judges by the photos of everybody else. What it
says is told, but overruled, so that there always is something to compare. ``--poison`` mislabels a share of the
corrections, and the admin lets it pass. Nothing is written outside a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.corrections.people import people, said_of, truth, worn
from bot.settings import PROJECT_ROOT
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import open_storage
from bot.storage.types import NewCorrection, Status
from bot.vision.heads import without_heads
from bot.vision.labels import CLASS_COUNT, WRONG_OUTLINE
from bot.vision.photo import Photo
from bot.vision.recognizer import name_garments
from training.data.photos import read_photo
from training.data.set_labels import flat_outcomes
from training.engine.comparison import live_set
from training.runs.history import Models

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.vision.recognizer import NamedGarment
    from training.evaluation.network_set import NetworkSet
    from training.runs.history import Entry

LIMIT_S: Final = 600.0
MOST_MIB: Final = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A garment that somebody corrected.

    Attributes:
        person: who.
        photo: as it was sent.
        garment: which of the garments that the bot answered.
        named: that garment.
        outcomes: all that would be right of it.
        said: what the person says.
    """

    person: int
    photo: Photo
    garment: int
    named: NamedGarment
    outcomes: frozenset[int]
    said: int


def cases(networks: NetworkSet, data_dir: Path) -> Iterator[Case]:
    """All that could be corrected: each one's flat photos, then garments of people in streets, by turns."""
    chosen = people()
    for person, photos in enumerate(chosen.corrected.values(), start=1):
        for listed in photos:
            photo = read_photo(listed.path(data_dir))
            for named in name_garments(photo, networks.networks, networks)[:1]:
                outcomes = truth(listed)
                said = said_of(outcomes, named.prediction.said, flat_outcomes(listed.label))
                yield Case(person, photo, 0, named, outcomes, said)
    for person, street in zip(cycle(range(1, len(chosen.corrected) + 1)), chosen.streets, strict=False):
        photo = read_photo(street.path(data_dir))
        garments = name_garments(photo, networks.networks, networks)
        for place, outcomes in worn(street.load_labels(data_dir), [each.garment for each in garments]):
            said = said_of(outcomes, garments[place].prediction.said, outcomes)
            yield Case(person, photo, place, garments[place], outcomes, said)


def fill(root: Path, corrected: Sequence[Case], poison: float, networks: NetworkSet) -> int:
    """Record the corrections and accept them all; returns how many were mislabelled."""
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
                photo=encode_for_keeping(without_heads(case.photo, networks.networks)),
                right=said,
                prediction=case.named.prediction,
                model_version=networks.version,
                garment=case.garment,
                box=case.named.garment.box,
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
    right = []
    looked: dict[int, Sequence[NamedGarment]] = {}
    for case in corrected:
        if id(case.photo) not in looked:
            looked[id(case.photo)] = name_garments(case.photo, networks.networks, networks)
        garments = looked[id(case.photo)]
        same = [each for each in garments if each.garment.box == case.named.garment.box]
        right.append(is_right(next(iter(same), None), case.outcomes))
    return right


def right_of_others(networks: NetworkSet, data_dir: Path) -> list[bool]:
    """Which of the same people's other photos get a right first answer."""
    right = []
    for listed in people().others:
        garments = name_garments(read_photo(listed.path(data_dir)), networks.networks, networks)
        right.append(is_right(next(iter(garments), None), truth(listed)))
    return right


def report(
    before: dict[str, list[bool]], after: dict[str, list[bool]], entry: Entry, told: Sequence[tuple[str, str, str]]
) -> str:
    """The figures as rows of a table."""
    rows = [("", "photos", "before", "after")]
    for name, right in before.items():
        now = after[name]
        rows.append((name, str(len(right)), f"{np.mean(right):.1%}", f"{np.mean(now):.1%}"))
    for figure, old in vars_of(entry.before).items():
        rows.append((f"everybody else: {figure}", "", _share(old), _share(vars_of(entry.figures)[figure])))
    rows += [(name, value, "", note) for name, value, note in told]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def vars_of(figures: object) -> dict[str, float | None]:
    """The figures by name."""
    return {name: getattr(figures, name) for name in figures.__slots__}  # type: ignore[attr-defined]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corrections", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    parser.add_argument("--cache", type=Path, help="where training keeps what it finds in photos, to use it again")
    parser.add_argument("--corrections", type=int, default=300, metavar="N")
    parser.add_argument("--poison", type=float, default=0.0, metavar="SHARE", help="of the corrections are mislabelled")
    options = parser.parse_args(arguments)
    os.environ["DATABASE_URL"] = ""
    with tempfile.TemporaryDirectory(prefix="corrections-") as folder:
        root = Path(folder)
        shutil.copytree(options.models_dir, root / "models", ignore=shutil.ignore_patterns("live", "pictures"))
        runs = (options.cache or root / "runs").resolve()
        models = Models(root / "models")
        old = models.live()
        if old is None:
            print(f"There is no model in {options.models_dir}.", file=sys.stderr)
            return 2
        data_dir, networks = options.data_dir.resolve(), live_set(old)
        every = list(cases(networks, data_dir))
        kept = np.sort(np.random.default_rng(1).permutation(len(every))[: options.corrections])
        corrected = [every[at] for at in kept]
        bad = fill(root, corrected, options.poison, networks)
        print(f"{len(corrected)} corrections, {bad} of them mislabelled", flush=True)
        before = {
            "corrected": [is_right(case.named, case.outcomes) for case in corrected],
            "other photos of the same people": right_of_others(networks, data_dir),
        }
        started = time.monotonic()
        child = [sys.executable, "-m", "benchmarks.corrections.refresh", str(root), "--force"]
        child += ["--models-dir", str(models.folder), "--data-dir", str(data_dir), "--runs-dir", str(runs)]
        if subprocess.run(child, cwd=PROJECT_ROOT, check=False).returncode != 0:
            return 2
        seconds = time.monotonic() - started
        new = models.live()
        assert new is not None
        now = live_set(new)
        after = {
            "corrected": right_of_cases(corrected, now),
            "other photos of the same people": right_of_others(now, data_dir),
        }
        entry = models.history()[-1]
        outcome = _outcome(runs, str(entry.run))
        memory = outcome.get("peak_memory_mib") or 0
        refused = "; ".join(entry.reasons) or "would be published"
        told = [("minutes", f"{seconds / 60:.1f}", ""), ("memory, MiB", str(memory), ""), ("the gate", "", refused)]
        print(report(before, after, entry, told))
        return int(seconds > LIMIT_S or memory > MOST_MIB)


def _outcome(runs: Path, run: str) -> dict[str, int]:
    found: dict[str, int] = json.loads((runs / run / "outcome.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
