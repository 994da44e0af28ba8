"""What can be written behind ``python -m training``."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE
from training.cli.run_commands import RUNS_TAKEN
from training.errors import TrainingError
from training.presets import PRESETS
from training.runs.folders import RUNS_DIR


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise TrainingError(f"{message} (see {self.prog} --help)")


@dataclass(frozen=True, slots=True)
class Network:
    """A network for photos that has a command of its own.

    Attributes:
        holds: what it is, in a few words.
        file: its name in a models folder.
        steps: batches that it learns from.
    """

    holds: str
    file: str
    steps: int


NETWORKS: Final = {
    "segmenter": Network("network that finds garments", SEGMENTER_FILE, 5500),
    "color-classifier": Network("network that looks at garments in colour", COLOR_CLASSIFIER_FILE, 2800),
}

PROGRAM: Final = "python -m training"


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Reads the command line.

    Raises:
        TrainingError: it cannot be read.
    """
    parser = _OneLineParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [OPTION ...]\n       {PROGRAM} COMMAND [-h] ...",
        description="Refresh the published model, or train one from scratch with --preset.",
        epilog="Exit status: 0 done (also: no better, so not published), 2 bad input or environment,"
        " 3 the new model is unfit to publish, 130 interrupted and resumable.",
    )
    train = parser.add_argument_group("training")
    train.add_argument("--preset", metavar="|".join(PRESETS), help="train from scratch with this recipe")
    train.add_argument("--epochs", type=int, metavar="N", help="passes over the training set")
    train.add_argument(
        "--target-accuracy", type=float, metavar="X", help="stop after the epoch that passes it (lesson)"
    )
    train.add_argument("--neurons", type=int, metavar="N", help="width of the hidden layer (lesson; 128)")
    train.add_argument("--no-normalise", action="store_true", help="leave pixels at 0..255 (lesson)")
    train.add_argument(
        "--learning-rate", type=float, metavar="X", help="highest of the schedule, instead of the recipe's"
    )
    train.add_argument("--width", type=float, metavar="X", help="multiplies the channels (not lesson)")
    train.add_argument("--augmentation", type=float, metavar="X", help="multiplies its strength (not lesson)")
    train.add_argument(
        "--patience",
        type=int,
        metavar="N",
        help="stop N epochs after the lowest loss on held-out images; keep that epoch",
    )
    train.add_argument(
        "--from-trial", nargs="?", const="best", metavar="RUN/N", help="with what --tune found, by default its best"
    )
    train.add_argument("--seed", type=int, metavar="N", help="of weights, order and augmentation (1)")
    train.add_argument("--resume", nargs="?", const="", metavar="RUN", help="go on with a run, by default the last one")
    train.add_argument("--tune", type=int, metavar="N", help="search hyperparameters with N trials")
    train.add_argument("--devices", type=int, metavar="N", help="share each batch between N devices")
    train.add_argument("--force", action="store_true", help="publish whatever the gate says, and record it")
    train.add_argument("--dry-run", action="store_true", help="say what would be learnt and how long it takes")
    train.add_argument("--no-publish", action="store_true", help="train and judge only")
    _add_folders(parser, data=True)

    commands = parser.add_subparsers(dest="command", title="other commands", metavar="COMMAND", prog=PROGRAM)
    runs = commands.add_parser("runs", help="list runs and published models, show, compare and delete runs")
    runs.add_argument("action", nargs="?", choices=tuple(RUNS_TAKEN), default="list")
    runs.add_argument("names", nargs="*", metavar="RUN", help="names from the list")
    runs.add_argument("--json", action="store_true", help="for programs (list, show, compare)")
    runs.add_argument("--yes", action="store_true", help="delete also what could still be resumed")
    rollback = commands.add_parser("rollback", help="bring an older model back")
    rollback.add_argument("version", nargs="?", help="which one, or 'shipped'; by default the one before the live one")
    corrections = commands.add_parser("corrections", help="list, accept and reject people's corrections")
    corrections.add_argument("action", nargs="?", choices=("list", "accept", "reject"), default="list")
    corrections.add_argument("ids", nargs="*", type=int, metavar="ID", help="numbers from the list")
    corrections.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write the photos of those that wait, what was judged outlined"
    )
    for command in (runs, rollback, corrections):
        _add_folders(command, default=argparse.SUPPRESS)
    for name, network in NETWORKS.items():
        making = commands.add_parser(name, help=f"make the {network.holds}, once in the life of a set of networks")
        making.add_argument("--data-dir", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="DATA_DIR")
        making.add_argument("--output", type=Path, metavar="FILE", default=Path("models") / network.file)
        making.add_argument("--steps", type=int, metavar="N", default=network.steps, help=f"batches ({network.steps})")
        making.add_argument("--minutes", type=float, metavar="M", help="learn for so long, instead of counting batches")
        making.add_argument("--rate", type=float, metavar="X", help="highest learning rate, instead of the usual one")
        making.add_argument(
            "--start-from", type=Path, metavar="FILE", help="go on from a published file, not from ImageNet's weights"
        )
        making.add_argument(
            "--keep",
            type=float,
            metavar="SHARE",
            default=0.0,
            help="of the first weights in those that are written (0)",
        )
        making.add_argument(
            "--weights", type=Path, metavar="FILE", help="ImageNet's, unless their package is installed"
        )
        making.add_argument("--seed", type=int, metavar="N", default=1)
        if name == "segmenter":
            making.add_argument(
                "--teacher", type=Path, metavar="FILE", help="U²-Net's, unless its package is installed"
            )
        asked = "whose word is taken for people without pixel labels" if name == "segmenter" else "that will serve"
        making.add_argument(
            "--segmenter",
            type=Path,
            metavar="FILE",
            default=Path("models") / SEGMENTER_FILE,
            help=f"the one {asked} (models/{SEGMENTER_FILE})",
        )
    args = parser.parse_args(argv)
    for name in ("tune", "patience", "steps"):
        if (value := getattr(args, name, None)) is not None and value < 1:
            parser.error(f"--{name} must be at least 1, not {value}")
    for name in ("minutes", "rate"):
        if (value := getattr(args, name, None)) is not None and not 0 < value < math.inf:
            parser.error(f"--{name} must be more than 0, not {value}")
    if not 0 <= getattr(args, "keep", 0) < 1:
        parser.error(f"--keep must be from 0 up to 1, not {args.keep}")
    return args


def _add_folders(parser: argparse.ArgumentParser, *, default: Any = None, data: bool = False) -> None:
    folders = parser.add_argument_group("folders")
    folders.add_argument("--models-dir", type=Path, metavar="DIR", default=default, help="MODELS_DIR")
    if data:
        folders.add_argument("--data-dir", type=Path, metavar="DIR", help="DATA_DIR")
    runs_dir = RUNS_DIR if default is None else default
    folders.add_argument("--runs-dir", type=Path, metavar="DIR", default=runs_dir, help="where runs are kept (runs/)")
