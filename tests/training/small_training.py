"""The command line over the small data set, in a process of its own that tests interrupt.

``python -m tests.training.small_training [--die-in-epoch N] [--swallow-ctrl-c-in-epoch N] [--file-limit BYTES]
[--die-after-step STEP] ARGUMENTS...``
"""

import contextlib
import os
import signal
import sys

from tests.training.small import SMALL_DEPENDENCIES
from training.cli.main import Dependencies, main
from training.engine import lesson


def die_in_epoch(number: int) -> None:
    """Kills the process halfway through an epoch: its steps are done, nothing is recorded."""
    real, done = lesson.Trainer.epoch, []

    def epoch(self: lesson.Trainer, *arguments: object) -> object:
        result = real(self, *arguments)
        done.append(result)
        if len(done) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    lesson.Trainer.epoch = epoch


def swallow_ctrl_c_in_epoch(number: int) -> None:
    """Lets Ctrl-C come while a library calls back, which prints the exception and goes on."""
    real, done = lesson.Trainer.evaluate, []

    def evaluate(self: lesson.Trainer, *arguments: object) -> object:
        done.append(number)
        if len(done) == number:
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        return real(self, *arguments)

    lesson.Trainer.evaluate = evaluate


def limit_files(size: int) -> None:
    """Makes writing beyond ``size`` bytes fail, as a quota does."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    arguments, last_step = sys.argv[1:], ""
    for option, action in (
        ("--die-in-epoch", die_in_epoch),
        ("--swallow-ctrl-c-in-epoch", swallow_ctrl_c_in_epoch),
        ("--file-limit", limit_files),
    ):
        if arguments[:1] == [option]:
            action(int(arguments[1]))
            arguments = arguments[2:]
    if arguments[:1] == ["--die-after-step"]:
        last_step, arguments = arguments[1], arguments[2:]

    def die_after(step: str) -> None:
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    dependencies = Dependencies(**SMALL_DEPENDENCIES, after_step=die_after)
    sys.exit(main(arguments, dependencies))
