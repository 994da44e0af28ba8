"""The command line of training: which command, and what goes wrong in one line.

``python -m training`` refreshes the published model; ``--preset`` trains one from scratch; ``runs``, ``rollback`` and
``corrections`` look after what is there. Nothing here imports TensorFlow before something is to be trained.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.datasets import DataError
from bot.settings import SettingsError, load_settings
from bot.vision.interpreter import ModelError
from training.cli import admin, corrections
from training.cli.arguments import NETWORKS, parse
from training.cli.photo_networks import make_network
from training.cli.run_commands import run_command
from training.cli.train import Dependencies, train
from training.errors import BAD_INPUT, DONE, INTERRUPTED, TrainingError, explain_os_error
from training.runs.history import Models
from training.runs.store import share_with_replicas

__all__ = ["Dependencies", "main"]


def main(argv: Sequence[str] | None = None, dependencies: Dependencies | None = None) -> int:
    """Runs one command and returns its exit status; whatever goes wrong is one line on standard error."""
    dependencies = dependencies or Dependencies()
    try:
        with dependencies.interruption.listening():
            return _dispatch(parse(argv), dependencies)
    except TrainingError as error:
        return _fail(str(error), error.exit_status)
    except (DataError, SettingsError, ModelError) as error:
        return _fail(str(error), BAD_INPUT)
    except OSError as error:
        return _fail(explain_os_error(error), BAD_INPUT)
    except MemoryError:
        return _fail("Not enough memory: training needs about 2 GB; the README says more.", BAD_INPUT)
    except KeyboardInterrupt:
        return _fail("Stopped.", INTERRUPTED)


def _dispatch(args: argparse.Namespace, dependencies: Dependencies) -> int:
    settings = load_settings()
    if args.command in NETWORKS:
        make_network(args, args.data_dir or settings.data_dir)
        return DONE
    models_dir = args.models_dir or settings.models_dir
    if told := share_with_replicas(Models(models_dir), settings, dependencies.root):
        print(told)  # what an earlier command could not finish
    match args.command:
        case "runs":
            run_command(args, Models(models_dir))
        case "rollback":
            admin.roll_back_and_say(Models(models_dir), args.version, settings, dependencies.root)
        case "corrections" if args.action == "list":
            corrections.list_corrections(args.pictures, Models(models_dir), settings, dependencies.root)
        case "corrections":
            if args.pictures is not None:
                raise TrainingError(f"--pictures goes with the list; leave it out to {args.action}.")
            corrections.decide(args.action, args.ids, settings, dependencies.root)
        case _:
            return train(args, settings, models_dir, dependencies)
    return DONE


def _fail(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status
