"""The command line over the small data set, in a process of its own that tests interrupt.

``python -m tests.training.small_training [--die-in-epoch N] [--file-limit BYTES] ARGUMENTS...``
"""

import os
import signal
import sys

from tests.training.small import pictures
from training import lesson
from training.cli import Workshop, main


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


def limit_files(size: int) -> None:
    """Makes writing beyond ``size`` bytes fail, as a quota does."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    for option, action in (("--die-in-epoch", die_in_epoch), ("--file-limit", limit_files)):
        if arguments[:1] == [option]:
            action(int(arguments[1]))
            arguments = arguments[2:]
    sys.exit(main(arguments, Workshop(load_pictures=lambda *_: pictures(), photo_examination=lambda _: None)))
