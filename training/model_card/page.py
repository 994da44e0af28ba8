"""Write the model card: ``python -m training.model_card.page --data-dir data [--run runs/NAME] [--answers FILE]``.

The page is ``models/README.md``, its pictures are in ``models/pictures/``, its figures in ``models/page.json``; its
prose is the template ``training/model_card/page.md.j2``. No figure on it is typed: they are measured now, on the
published files, or read from what training recorded. ``--render`` only writes the page anew from its figures, after a
change of the prose.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.datasets import DataError
from bot.registry.files import replace_durably
from bot.settings import PROJECT_ROOT
from bot.vision.interpreter import ModelError
from training.errors import BAD_INPUT, DONE, TrainingError
from training.evaluation.answers import Record
from training.model_card.contents import TRIED, Materials, gather
from training.model_card.examples import draw
from training.model_card.figures import figures_of
from training.model_card.render import render
from training.runs.folders import Run
from training.runs.progress import quiet_libraries

PAGE: Final = "README.md"
FIGURES: Final = "page.json"
PICTURES: Final = "pictures"


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    args = _parser().parse_args(argv)
    quiet_libraries()
    try:
        earlier = read_figures(args.models_dir)
        if args.render:
            if earlier is None:
                raise TrainingError(f"{args.models_dir / FIGURES} is missing: write the page without --render.")
            write_page(earlier, args.models_dir)
        else:
            run = Run.open(args.run, events=False) if args.run else None
            record = Record.read(args.answers) if args.answers else measured_now(args.data_dir, args.models_dir)
            materials = gather(args.data_dir, args.models_dir, record, run)
            figures = figures_of(materials, earlier)
            draw(materials, args.models_dir / PICTURES)
            write_page(figures, args.models_dir)
            _say_what_is_missing(materials, figures)
    except (TrainingError, DataError, ModelError, OSError) as error:
        print(f"model_page: {error}", file=sys.stderr)
        return BAD_INPUT
    print(f"{args.models_dir / PAGE} written")
    return DONE


def write_page(figures: Mapping[str, Any], models_dir: Path) -> None:
    """Write the page and its figures; :func:`training.model_card.examples.draw` draws its pictures."""
    page = render(figures, read_tried(models_dir))
    kept = json.dumps(figures, ensure_ascii=False, indent=2, allow_nan=False)
    replace_durably(models_dir / FIGURES, f"{kept}\n".encode())
    replace_durably(models_dir / PAGE, page.encode())


def read_figures(models_dir: Path) -> dict[str, Any] | None:
    """The figures of the page that is there; None where there are none.

    Raises:
        TrainingError: they cannot be read.
    """
    path = models_dir / FIGURES
    if not path.exists():
        return None
    try:
        figures: dict[str, Any] = json.loads(path.read_bytes())
        figures["card"]["sha256"]
    except (ValueError, TypeError, KeyError) as error:
        raise TrainingError(f"{path} cannot be read ({error}): delete it.") from error
    return figures


def read_tried(models_dir: Path) -> str | None:
    """The table of experiments; None where there is none."""
    path = models_dir / TRIED
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def measured_now(data_dir: Path, models_dir: Path) -> Record:
    """Run the benchmark in a process of its own, which keeps itself on one core.

    Raises:
        TrainingError: it failed, and has said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.json"
        command = [sys.executable, "-m", "benchmarks.photo_answers", "--json", str(path)]
        command += ["--data-dir", str(data_dir.resolve()), "--models-dir", str(models_dir.resolve())]
        if subprocess.run(command, cwd=PROJECT_ROOT, check=False).returncode:  # noqa: S603 - our own module
            raise TrainingError("the answers could not be measured, see above.")
        return Record.read(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.model_card.page", description="Write the model card.")
    parser.add_argument("--data-dir", type=Path, default=PROJECT_ROOT / "data")
    parser.add_argument("--models-dir", type=Path, default=PROJECT_ROOT / "models")
    parser.add_argument("--run", type=Path, help="the run's folder: its curve and its settings")
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="of python -m benchmarks.photo_answers --json; measured now without",
    )
    parser.add_argument("--render", action="store_true", help="measure nothing: write the page anew from its figures")
    return parser


def _say_what_is_missing(materials: Materials, figures: Mapping[str, Any]) -> None:
    for name, missing in (
        ("models/lesson", materials.course is None),
        (TRIED, materials.tried is None),
        ("--run", figures["recipe"]["curve"] is None),
    ):
        if missing:
            print(f"model_page: without {name}, the page says nothing of it", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
