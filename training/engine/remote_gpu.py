"""Let a machine with a GPU do the epochs of ``standard`` or ``best``: on JAX, without TensorFlow, without the photos.

Here, there, and here again with ``runs/NAME`` brought back::

    python -m training.engine.remote_gpu pack --data-dir data --output training-set.npz
    KERAS_BACKEND=jax python -m training.engine.remote_gpu train training-set.npz --preset best
    python -m training --resume NAME --data-dir data

What is packed is pixels: Fashion-MNIST without the test set, and the 28x28 conversions of the training photos. The run
folder that comes back ends at its last epoch; ``--resume`` calibrates, measures, judges and publishes as always. There:
this program, and Python 3.11 or later with jax, keras, numpy, httpx, rich and opencv-python-headless.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.datasets import Split
from training.data.training_set import TrainingSet
from training.errors import BAD_INPUT, DONE, TrainingError
from training.plan import DEFAULT_SEED, PhotoPlan
from training.presets import plan_for
from training.runs.folders import CACHE, RUNS_DIR, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

HELD_OUT_IMAGES, HELD_OUT_LABELS = "held_out_images", "held_out_labels"


def save(path: Path, training_set: TrainingSet, held_out: Split) -> None:
    """Write what a run reads into one file.

    Raises:
        OSError: it cannot be written.
    """
    arrays = {field.name: getattr(training_set, field.name) for field in fields(TrainingSet)}
    np.savez_compressed(
        path, allow_pickle=False, **arrays, **{HELD_OUT_IMAGES: held_out.images, HELD_OUT_LABELS: held_out.labels}
    )


def load(path: Path) -> tuple[TrainingSet, Split]:
    """Read what :func:`save` wrote: what is learnt from, and the held-out pictures.

    Raises:
        TrainingError: it is missing or damaged.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        held_out = Split(arrays.pop(HELD_OUT_IMAGES), arrays.pop(HELD_OUT_LABELS))
        return TrainingSet(**arrays), held_out
    except FileNotFoundError:
        raise TrainingError(f"There is no {path}; make it with `python -m training.engine.remote_gpu pack`.") from None
    except Exception as error:  # zipfile, zlib and NumPy have errors of their own
        raise TrainingError(
            f"{path} is damaged; make it anew with `python -m training.engine.remote_gpu pack`."
        ) from error


def pack(options: argparse.Namespace) -> None:
    """Gather the training set and write it."""
    from bot.registry.layout import SEGMENTER_FILE, SHIPPED_MODELS
    from training.data.fashion_mnist import load_fashion_mnist
    from training.data.gather import gather

    fashion_mnist = load_fashion_mnist(options.data_dir)
    training_set, _ = gather(
        fashion_mnist, options.data_dir, SHIPPED_MODELS / SEGMENTER_FILE, options.runs_dir / CACHE, print
    )
    save(options.output, training_set, fashion_mnist.held_out_split())
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")


def train(options: argparse.Namespace) -> None:
    """Do a run's epochs, from the last whole one."""
    from training.engine.backend import device_name
    from training.engine.fit import fitted
    from training.runs.progress import open_terminal

    training_set, held_out = load(options.training_set)
    plan = plan_for(options.preset, epochs=options.epochs, seed=options.seed)
    listener = open_terminal().listener()
    if options.resume is None:
        run = Run.create(
            options.runs_dir, plan, command=sys.argv, device=device_name(), listener=listener, events=False
        )
    else:
        run = Run.open(options.runs_dir / options.resume, listener=listener, events=False)
    try:
        if not isinstance(run.plan, PhotoPlan):
            raise TrainingError(f"{run.name} is of the lesson, which takes seconds without a GPU.")
        fitted(run.plan, run, training_set, held_out)
    finally:
        listener.end()
        run.close()
    print(f"Bring {run.folder} back and go on with: python -m training --resume {run.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.engine.remote_gpu", description=(__doc__ or "").splitlines()[0]
    )
    commands = parser.add_subparsers(required=True)
    packing = commands.add_parser("pack", help="write what a run learns from into one file")
    packing.add_argument("--data-dir", type=Path, required=True, help="the data folder")
    packing.add_argument("--output", type=Path, required=True, help="the file to write")
    packing.set_defaults(run=pack)
    training = commands.add_parser("train", help="do a run's epochs")
    training.add_argument("training_set", type=Path, help="what `pack` wrote")
    training.add_argument("--preset", choices=("standard", "best"), default="best")
    training.add_argument("--epochs", type=int, help="instead of the preset's")
    training.add_argument("--seed", type=int, default=DEFAULT_SEED)
    training.add_argument("--resume", metavar="NAME", help="a run to go on with")
    training.set_defaults(run=train)
    for each in (packing, training):
        each.add_argument("--runs-dir", type=Path, default=RUNS_DIR, help="where runs are kept (runs/)")
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except (TrainingError, OSError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
