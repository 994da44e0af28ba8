"""What a training step spends on its input, and whether both cores are busy meanwhile.

    python -m benchmarks.input_pipeline [--of standard|best|teacher] [--steps N]

Everything that a batch goes through before the network is a part of the step: 192 Fashion-MNIST pictures, 24 photos and
12 outliers are gathered, warped, retoned and cut as whole batches, in TensorFlow. Timed are whole steps, and the same
without the network. The pictures are noise; what they show does not change the time. Processor time counts all threads
and other programs hardly lengthen it; how many cores are busy can be told only on an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from training.data.training_set import TrainingSet
    from training.engine.fit import Trainer

PICTURES: Final = 55_000
PHOTOS: Final = 2_300
VARIANTS: Final = 14
OUTLIERS: Final = 5_000
TEACHER: Final = "teacher"
WARM_UP: Final = 5
"""Steps that are not timed: the first one compiles."""

MOST: Final = 0.1
"""Share of a step's processor time that its input may take."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step costs, seconds.

    Attributes:
        clock: that pass.
        processor: that processors work, all threads together.
    """

    clock: float
    processor: float

    @property
    def cores(self) -> float:
        """How many cores are busy on average."""
        return self.processor / self.clock


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a step's time goes.

    Attributes:
        step: the whole step.
        batch: its input alone.
        draws: choosing what goes into the batch, in Python, between the steps.
        cores: what this process may use.
        load: the machine's load average before; None where the system has none.
        epoch: steps of an epoch.
    """

    step: Cost
    batch: Cost
    draws: Cost
    cores: int
    load: float | None
    epoch: int

    @property
    def share(self) -> float:
        """The input's share of the step's processor time, 0..1."""
        return (self.batch.processor + self.draws.processor) / self.step.processor


def cost(work: Callable[[], object], times: int) -> Cost:
    """Do something many times: the cost of one time."""
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return Cost((time.perf_counter() - clock) / times, (time.process_time() - processor) / times)


def some_world(rng: np.random.Generator) -> TrainingSet:
    """As much to learn from as there really is."""
    from training.data.training_set import TrainingSet, answer_rows, balanced_draw

    answers = answer_rows([[label] for label in rng.integers(10, size=PHOTOS)])
    return TrainingSet(
        images=rng.integers(256, size=(PICTURES, 28, 28), dtype=np.uint8),
        labels=rng.integers(10, size=PICTURES).astype(np.uint8),
        photos=rng.integers(256, size=(PHOTOS, VARIANTS, 28, 28), dtype=np.uint8),
        answers=answers,
        draw=balanced_draw(answers),
        outliers=rng.integers(256, size=(OUTLIERS, 28, 28), dtype=np.uint8),
    )


def profile(steps: int, of: str) -> Profile:
    """Time the steps of a recipe, or of its teacher, as they are trained, and their input by itself."""
    from training.engine.backend import training_policy
    from training.engine.fit import Trainer, build, build_teacher
    from training.presets import BEST, STANDARD

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    rng = np.random.default_rng(0)
    plan, policy = (STANDARD if of == STANDARD.preset else BEST), training_policy()
    network = build_teacher(policy) if of == TEACHER else build(plan.width, policy)
    teacher = build_teacher(policy) if plan.teacher_epochs and of != TEACHER else None
    trainer = Trainer(network, some_world(rng), plan, teacher)
    epoch = trainer.steps_per_epoch
    trainer.steps_per_epoch = WARM_UP
    trainer.epoch(0)
    trainer.steps_per_epoch = steps
    whole = cost(lambda: trainer.epoch(1), 1)
    draws, batch = input_alone(trainer, rng)
    for _ in range(WARM_UP):
        batch()
    return Profile(
        step=Cost(whole.clock / steps, whole.processor / steps),
        batch=cost(batch, steps),
        draws=cost(draws, steps),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        load=load,
        epoch=epoch,
    )


def input_alone(trainer: Trainer, rng: np.random.Generator) -> tuple[Callable[[], object], Callable[[], object]]:
    """What :meth:`training.engine.fit.Trainer.epoch` draws in Python for a step, and what the step does first."""
    from training.engine.backend import compiled

    pictures = rng.integers(PICTURES, size=trainer.plan.clean + trainer.plan.randomised)
    made = compiled(trainer.batch)
    choice = trainer.choose(pictures, 0, rng)

    def batch() -> object:
        pixels, _ = made(trainer.material, choice)
        return np.asarray(pixels)

    return lambda: trainer.choose(pictures, 0, rng), batch


def report(found: Profile) -> str:
    """The figures as lines for a terminal."""
    load = "" if found.load is None else f"; load average before: {found.load:.1f}"
    return "\n".join(
        [
            f"{'':<22}{'by the clock':>14}{'processor':>14}",
            *(
                f"{name:<22}{1000 * each.clock:>11.2f} ms{1000 * each.processor:>11.2f} ms"
                for name, each in (("a step", found.step), ("its input", found.batch), ("choosing it", found.draws))
            ),
            f"the input takes {found.share:.1%} of a step's processor time, at most {MOST:.0%}",
            f"an epoch of {found.epoch} steps takes {found.epoch * found.step.clock:.0f} s",
            f"{found.step.cores:.2f} of {found.cores} cores busy{load}",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.input_pipeline", description=__doc__.splitlines()[0])
    parser.add_argument("--of", choices=("standard", "best", TEACHER), default="standard", help="whose steps")
    parser.add_argument("--steps", type=int, default=150, metavar="N", help="of an epoch's 286")
    options = parser.parse_args(arguments)

    from training.runs.progress import native_output_to, quiet_libraries

    quiet_libraries()
    with native_output_to(Path(os.devnull)):
        found = profile(options.steps, options.of)
    print(report(found))
    return int(found.share > MOST)


if __name__ == "__main__":
    sys.exit(main())
