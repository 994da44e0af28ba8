"""The command line of training: parse, train, convert, measure, judge, publish, report.

``python -m training`` refreshes the published model; ``--preset`` trains one from scratch; ``runs``, ``rollback`` and
``corrections`` look after what is there. Nothing here imports TensorFlow before something is to be trained.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bot.dataset import DataError, Progress
from bot.settings import PROJECT_ROOT, Settings, SettingsError, load_settings
from training import admin
from training.devices import is_chief, is_shared, is_shared_by_machines
from training.errors import (
    BAD_INPUT,
    DONE,
    INTERRUPTED,
    MissingPackageError,
    RunError,
    TrainingError,
    UnfitModelError,
    explain_os_error,
)
from training.files import check_writable
from training.history import Models
from training.photo_examination import photo_examination
from training.pictures import Pictures, load_pictures
from training.presets import PRESETS, Plan, plan_for
from training.publish import AfterStep
from training.runs import RUNS_DIR, Run, Watcher, latest_resumable

if TYPE_CHECKING:
    from training.measure import PhotoExaminer

INSTALL: Final = "pip install '.[training]'"
TRIAL_EPOCHS: Final = 4
"""Passes of a trial with ``--tune`` unless ``--epochs`` says otherwise: enough to tell good settings from bad."""

_PACKAGES: Final = ("tensorflow", "keras", "matplotlib", "rich")
_SETTINGS_OF_A_RUN: Final = (
    "preset",
    "epochs",
    "target_accuracy",
    "neurons",
    "no_normalise",
    "seed",
    "tune",
    "devices",
)


@dataclass(frozen=True)
class Workshop:
    """What the command line works with; tests put smaller things in.

    Attributes:
        load_pictures: reads Fashion-MNIST.
        photo_examination: makes what scores a model on photos, or None where there are none.
        after_step: called after each step of publishing.
        root: the folder that holds ``bot/``; the SQLite database lies below it.
    """

    load_pictures: Callable[[Path, Progress | None], Pictures] = load_pictures
    photo_examination: Callable[[Path], PhotoExaminer | None] = photo_examination
    after_step: AfterStep = lambda step: None
    root: Path = PROJECT_ROOT


def main(argv: Sequence[str] | None = None, workshop: Workshop | None = None) -> int:
    """Runs one command and returns its exit status; whatever goes wrong is one line on standard error."""
    try:
        return _dispatch(_parse(argv), workshop or Workshop())
    except TrainingError as error:
        return _fail(str(error), error.exit_status)
    except (DataError, SettingsError) as error:
        return _fail(str(error), BAD_INPUT)
    except OSError as error:
        return _fail(explain_os_error(error), BAD_INPUT)
    except MemoryError:
        return _fail("Not enough memory: training needs about 2 GB; the README says more.", BAD_INPUT)
    except KeyboardInterrupt:
        return _fail("Stopped.", INTERRUPTED)


def _dispatch(args: argparse.Namespace, workshop: Workshop) -> int:
    settings = load_settings()
    models_dir = args.models_dir or settings.models_dir
    match args.command:
        case "runs":
            admin.show_runs(args.runs_dir, Models(models_dir))
        case "rollback":
            admin.roll_back_and_say(Models(models_dir), args.version, settings, workshop.root)
        case "corrections":
            admin.corrections(args.action, args.ids, settings, workshop.root)
        case _:
            return _train(args, settings, models_dir, workshop)
    return DONE


def _train(args: argparse.Namespace, settings: Settings, models_dir: Path, workshop: Workshop) -> int:
    require_packages(("keras_tuner",) if args.tune else ())
    if is_chief():
        return _train_here(args, settings, models_dir, workshop)
    with tempfile.TemporaryDirectory(prefix="training-worker-") as scratch:
        args.runs_dir, args.no_publish = Path(scratch), True
        return _train_here(args, settings, models_dir, workshop)


def _train_here(args: argparse.Namespace, settings: Settings, models_dir: Path, workshop: Workshop) -> int:
    from training.console import console, quiet_libraries

    quiet_libraries()
    terminal = console()
    data_dir = args.data_dir or settings.data_dir
    models = Models(models_dir)
    watcher = terminal.watcher()
    resumed = _run_to_resume(args, watcher)
    plan = resumed.plan if resumed else _plan(args, models)
    if plan.trials:
        require_packages(("keras_tuner",))
    if not args.no_publish:
        check_writable(models_dir)
    check_writable(args.runs_dir)
    with terminal.downloads() as progress:
        pictures = workshop.load_pictures(data_dir, progress)
    run = resumed or Run.create(args.runs_dir, plan, command=sys.argv[1:], watcher=watcher)
    from training.console import native_output_to
    from training.workflow import Order, carry_out

    order = Order(
        run=run,
        models=models,
        pictures=pictures,
        data_dir=data_dir,
        settings=settings,
        root=workshop.root,
        photo_examination=workshop.photo_examination,
        after_step=workshop.after_step,
        publish=not args.no_publish,
        force=args.force,
    )
    with native_output_to(run.folder / "native.log"):
        try:
            return carry_out(order)
        except KeyboardInterrupt:
            run.log("interrupted", quietly=True)
            watcher.end()
            return _fail(f"Stopped; go on with: python -m training --resume {run.name}", INTERRUPTED)
        except UnfitModelError as error:
            run.finish({"state": "unfit", "reasons": [str(error)]})
            raise
        finally:
            watcher.end()
            run.close()


def _run_to_resume(args: argparse.Namespace, watcher: Watcher) -> Run | None:
    """The run to go on with; None for a new one."""
    if args.resume is None:
        return None
    named = [name for name in _SETTINGS_OF_A_RUN if getattr(args, name) not in (None, False)]
    if named:
        flags = ", ".join("--" + name.replace("_", "-") for name in named)
        raise TrainingError(f"--resume goes on with the settings of the run; leave out {flags}.")
    if is_shared_by_machines():
        raise TrainingError("--resume does not go together with TF_CONFIG; go on with one machine.")
    folder = _run_folder(args.resume, args.runs_dir)
    if (folder / "outcome.json").exists():
        raise RunError(f"{folder.name} has ended; there is nothing to resume.")
    return Run.open(folder, watcher=watcher)


def _plan(args: argparse.Namespace, models: Models) -> Plan:
    changes: dict[str, Any] = {
        "epochs": args.epochs,
        "seed": args.seed,
        "target_accuracy": args.target_accuracy,
        "neurons": args.neurons,
        "normalise": False if args.no_normalise else None,
        "devices": args.devices,
        "trials": args.tune,
    }
    preset = args.preset or ("standard" if args.tune else None)
    if args.tune and preset != "lesson" and args.epochs is None:
        changes["epochs"] = TRIAL_EPOCHS
    if preset:
        plan = plan_for(preset, **changes)
    else:
        live = models.live()
        if live is None:
            raise TrainingError(
                f"There is no model in {models.folder} to refresh; make one: python -m training --preset standard."
            )
        refreshed = str(live.card.get("preset", "standard"))
        if refreshed == "lesson":
            raise TrainingError(
                "The live model is the course's, which is for teaching and is not refreshed;"
                " make one for photos: python -m training --preset standard."
            )
        plan = plan_for(refreshed, refresh=True, **changes)
    only_lesson = [name for name in ("target_accuracy", "neurons", "no_normalise") if getattr(args, name)]
    if only_lesson and plan.preset != "lesson":
        raise TrainingError(f"--{only_lesson[0].replace('_', '-')} is an experiment of --preset lesson.")
    if is_shared(plan) and plan.preset != "lesson":
        raise TrainingError("--devices and TF_CONFIG share the batches of --preset lesson only.")
    return plan


def _run_folder(named: str, runs_dir: Path) -> Path:
    if not named:
        return latest_resumable(runs_dir)
    folder = Path(named)
    return folder if (folder / "settings.json").exists() else runs_dir / folder.name


def require_packages(more: Sequence[str] = ()) -> None:
    """Makes sure that what training needs is installed.

    Raises:
        MissingPackageError: with the line that installs it.
    """
    for package in (*_PACKAGES, *more):
        if importlib.util.find_spec(package) is None:
            install = "pip install '.[tune]'" if package in more else INSTALL
            raise MissingPackageError(f"{package} is not installed, and training needs it: {install}")


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise TrainingError(f"{message} (see {self.prog} --help)")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _OneLineParser(
        prog="python -m training",
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
    train.add_argument("--seed", type=int, metavar="N", help="of weights, order and augmentation (1)")
    train.add_argument("--resume", nargs="?", const="", metavar="RUN", help="go on with a run, by default the last one")
    train.add_argument("--tune", type=int, metavar="N", help="search hyperparameters with N trials")
    train.add_argument("--devices", type=int, metavar="N", help="share each batch between N devices")
    train.add_argument("--force", action="store_true", help="publish whatever the gate says, and record it")
    train.add_argument("--no-publish", action="store_true", help="train and judge only")
    _add_folders(parser, data=True)

    commands = parser.add_subparsers(dest="command", title="other commands", metavar="")
    runs = commands.add_parser("runs", help="list runs and published models side by side")
    rollback = commands.add_parser("rollback", help="bring an older model back")
    rollback.add_argument("version", nargs="?", help="which one, or 'shipped'; by default the one before the live one")
    corrections = commands.add_parser("corrections", help="list, accept and reject people's corrections")
    corrections.add_argument("action", nargs="?", choices=("list", "accept", "reject"), default="list")
    corrections.add_argument("ids", nargs="*", type=int, metavar="ID", help="numbers from the list")
    for command in (runs, rollback, corrections):
        _add_folders(command, default=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.tune is not None and args.tune < 1:
        parser.error(f"--tune must be at least 1, not {args.tune}")
    return args


def _add_folders(parser: argparse.ArgumentParser, *, default: Any = None, data: bool = False) -> None:
    folders = parser.add_argument_group("folders")
    folders.add_argument("--models-dir", type=Path, metavar="DIR", default=default, help="MODELS_DIR")
    if data:
        folders.add_argument("--data-dir", type=Path, metavar="DIR", help="DATA_DIR")
    runs_dir = RUNS_DIR if default is None else default
    folders.add_argument("--runs-dir", type=Path, metavar="DIR", default=runs_dir, help="where runs are kept (runs/)")


def _fail(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status
