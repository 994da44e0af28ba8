"""``python -m training``: from a plan to a run, and what becomes of it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.datasets import Progress
from bot.registry.files import check_writable
from bot.registry.history import Entry, Event
from bot.registry.publishing import AfterStep
from bot.settings import PROJECT_ROOT, Settings
from training.cli.plans import check_what_is_taken, plan_of, run_to_resume
from training.data.fashion_mnist import FashionMnist, load_fashion_mnist
from training.engine.devices import is_chief
from training.errors import DONE, INTERRUPTED, MissingPackageError, TrainingError, UnfitModelError
from training.evaluation.photo_examination import check_segmenter, photo_examination
from training.evaluation.worn import examine_worn
from training.plan import PhotoPlan, Plan
from training.runs.folders import Run
from training.runs.history import Models
from training.runs.interruption import Interruption
from training.runs.provenance import data_fingerprint, git_commit

if TYPE_CHECKING:
    from training.engine.job import TrainingJob
    from training.evaluation.measure import PhotoExaminer
    from training.evaluation.worn import WornScores

INSTALL: Final = "pip install '.[training]'"
_PACKAGES: Final = ("tensorflow", "keras", "matplotlib", "rich")


@dataclass(frozen=True)
class Dependencies:
    """What the command line works with; tests put smaller things in.

    Attributes:
        load_fashion_mnist: reads Fashion-MNIST.
        photo_examination: makes what scores a model on photos, or None where there are none.
        worn_examination: scores a set on people in streets and on bags, or gives None where there are no photos.
        after_step: called after each step of publishing.
        root: the folder that holds ``bot/``; the SQLite database lies below it.
        interruption: remembers that somebody asked to stop.
    """

    load_fashion_mnist: Callable[[Path, Progress | None], FashionMnist] = load_fashion_mnist
    photo_examination: Callable[..., PhotoExaminer | None] = photo_examination
    worn_examination: Callable[..., WornScores | None] = examine_worn
    after_step: AfterStep = lambda step: None
    root: Path = PROJECT_ROOT
    interruption: Interruption = field(default_factory=Interruption)


def train(args: argparse.Namespace, settings: Settings, models_dir: Path, dependencies: Dependencies) -> int:
    """Trains, or says what would be trained; returns the exit status.

    Raises:
        TrainingError: bad input or environment, or an unfit model.
    """
    require_packages(("keras_tuner",) if args.tune else ())
    if is_chief():
        return _train_here(args, settings, models_dir, dependencies)
    with tempfile.TemporaryDirectory(prefix="training-worker-") as scratch:
        args.runs_dir, args.no_publish = Path(scratch), True
        return _train_here(args, settings, models_dir, dependencies)


def _train_here(args: argparse.Namespace, settings: Settings, models_dir: Path, dependencies: Dependencies) -> int:
    from training.runs.progress import open_terminal, quiet_libraries

    quiet_libraries()
    terminal = open_terminal()
    data_dir = args.data_dir or settings.data_dir
    models = Models(models_dir)
    listener = terminal.listener()
    resumed = run_to_resume(args, listener, dependencies.interruption)
    check_what_is_taken(models)
    plan = resumed.plan if resumed else plan_of(args, models)
    _check_before_the_work(args, plan, models)
    if args.dry_run:
        print(_dry_run(args, plan, resumed, models, settings, data_dir, dependencies))
        return DONE
    with terminal.downloads() as progress:
        fashion_mnist = dependencies.load_fashion_mnist(data_dir, progress)
    dependencies.interruption.check()
    fingerprint = data_fingerprint(fashion_mnist)
    if resumed and resumed.data and resumed.data != fingerprint:
        parts = ", ".join(part for part, digest in fingerprint.items() if resumed.data.get(part) != digest)
        resumed.log(f"Since {resumed.name} began, its data changed ({parts}): its figures are of the data of today.")
    run = resumed or Run.create(
        args.runs_dir,
        plan,
        command=sys.argv[1:],
        about={"commit": git_commit(), "data": fingerprint},
        listener=listener,
        interruption=dependencies.interruption,
        locked=True,
    )
    from training.engine.job import TrainingJob

    job = TrainingJob(
        run=run,
        models=models,
        fashion_mnist=fashion_mnist,
        data_dir=data_dir,
        settings=settings,
        root=dependencies.root,
        photo_examination=dependencies.photo_examination,
        worn_examination=dependencies.worn_examination,
        after_step=dependencies.after_step,
        publish=not args.no_publish,
        force=args.force,
    )
    return _carry_out(job)


def _check_before_the_work(args: argparse.Namespace, plan: Plan, models: Models) -> None:
    """Finds what would end the work after minutes or hours.

    Raises:
        TrainingError: something is missing, mistyped, broken or foreign.
        OSError: no room, or no permission.
    """
    if plan.trials:
        require_packages(("keras_tuner",))
    if not args.runs_dir.parent.is_dir():
        raise TrainingError(f"There is no folder {args.runs_dir.parent} to keep runs in; is --runs-dir mistyped?")
    if not args.dry_run:
        check_writable(args.runs_dir)
        if not args.no_publish:
            check_writable(models.folder)
    if not isinstance(plan, PhotoPlan):
        return
    check_segmenter(models.networks_folder)
    if plan.refresh and (live := models.live()):
        from training.engine.train import starting_weights
        from training.runs.progress import native_output_to

        with native_output_to(Path(os.devnull)):
            starting_weights(live, plan.width)


def _carry_out(job: TrainingJob) -> int:
    """Does the work; a run that is stopped can be gone on with, and one that came to nothing is told to the admins."""
    from training.engine.workflow import run_job
    from training.runs.progress import native_output_to

    run = job.run
    with native_output_to(run.folder / "native.log"):
        try:
            return run_job(job)
        except KeyboardInterrupt:
            run.log("interrupted", quietly=True)
            run.listener.end()
            print(f"Stopped; go on with: python -m training --resume {run.name}", file=sys.stderr)
            return INTERRUPTED
        except UnfitModelError as error:
            run.finish({"state": "unfit", "reasons": [str(error)]})
            if job.publish:
                job.models.record(
                    Entry(Event.NOT_PUBLISHED, run.name, preset=run.plan.preset, run=run.name, reasons=(str(error),))
                )
            raise
        finally:
            run.listener.end()
            run.close()


def _dry_run(
    args: argparse.Namespace,
    plan: Plan,
    resumed: Run | None,
    models: Models,
    settings: Settings,
    data_dir: Path,
    dependencies: Dependencies,
) -> str:
    from training.cli.dry_run import Intent, told

    intent = Intent(
        plan=plan,
        models=models,
        data_dir=data_dir,
        runs_dir=args.runs_dir,
        settings=settings,
        root=dependencies.root,
        publish=not args.no_publish,
        force=args.force,
        resumed=(resumed.name, resumed.epochs_done()) if resumed else None,
    )
    if resumed:
        resumed.close()
    return told(intent)


def require_packages(more: Sequence[str] = ()) -> None:
    """Makes sure that what training needs is installed.

    Raises:
        MissingPackageError: with the line that installs it.
    """
    for package in (*_PACKAGES, *more):
        if importlib.util.find_spec(package) is None:
            install = "pip install '.[tune]'" if package in more else INSTALL
            raise MissingPackageError(f"{package} is not installed, and training needs it: {install}")
