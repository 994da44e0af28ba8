"""Let a machine with a GPU do the epochs of ``standard`` or ``best``: on JAX, without TensorFlow, without the photos.

Here, there, and here again with ``runs/NAME`` brought back::

    python -m training.elsewhere pack --data-dir data --output world.npz
    KERAS_BACKEND=jax python -m training.elsewhere train world.npz --preset best
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

from bot.dataset import Split
from training.errors import BAD_INPUT, DONE, TrainingError
from training.presets import DEFAULT_SEED, plan_for
from training.runs import RUNS_DIR, Run
from training.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

HELD_OUT_IMAGES, HELD_OUT_LABELS = "held_out_images", "held_out_labels"


def save(path: Path, world: World, held_out: Split) -> None:
    """Write what a run reads into one file.

    Raises:
        OSError: it cannot be written.
    """
    arrays = {field.name: getattr(world, field.name) for field in fields(World)}
    np.savez_compressed(
        path, allow_pickle=False, **arrays, **{HELD_OUT_IMAGES: held_out.images, HELD_OUT_LABELS: held_out.labels}
    )


def load(path: Path) -> tuple[World, Split]:
    """Read what :func:`save` wrote: what is learnt from, and the held-out pictures.

    Raises:
        TrainingError: it is missing or damaged.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        held_out = Split(arrays.pop(HELD_OUT_IMAGES), arrays.pop(HELD_OUT_LABELS))
        return World(**arrays), held_out
    except FileNotFoundError:
        raise TrainingError(f"There is no {path}; make it with `python -m training.elsewhere pack`.") from None
    except Exception as error:  # zipfile, zlib and NumPy have errors of their own
        raise TrainingError(f"{path} is damaged; make it anew with `python -m training.elsewhere pack`.") from error


def pack(options: argparse.Namespace) -> None:
    """Gather the world and write it."""
    from training.both_worlds import CACHE
    from training.gather import gather
    from training.photo_examination import SEGMENTER
    from training.pictures import load_pictures

    pictures = load_pictures(options.data_dir)
    world, _ = gather(pictures, options.data_dir, SEGMENTER, options.runs_dir / CACHE, print)
    save(options.output, world, pictures.held_out_split())
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")


def train(options: argparse.Namespace) -> None:
    """Do a run's epochs, from the last whole one."""
    from training.backend import device_name
    from training.console import console
    from training.fit import fitted, recipe_for

    world, held_out = load(options.world)
    plan = plan_for(options.preset, epochs=options.epochs, seed=options.seed)
    watcher = console().watcher()
    if options.resume is None:
        run = Run.create(options.runs_dir, plan, command=sys.argv, device=device_name(), watcher=watcher, events=False)
    else:
        run = Run.open(options.runs_dir / options.resume, watcher=watcher, events=False)
    try:
        fitted(run.plan, run, world, held_out, recipe_for(run.plan))
    finally:
        watcher.end()
        run.close()
    print(f"Bring {run.folder} back and go on with: python -m training --resume {run.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.elsewhere", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    packing = commands.add_parser("pack", help="write what a run learns from into one file")
    packing.add_argument("--data-dir", type=Path, required=True, help="the data folder")
    packing.add_argument("--output", type=Path, required=True, help="the file to write")
    packing.set_defaults(run=pack)
    training = commands.add_parser("train", help="do a run's epochs")
    training.add_argument("world", type=Path, help="what `pack` wrote")
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
