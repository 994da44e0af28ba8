"""Tries a network where it can do no harm: ``python -m bot.registry.probe RUNTIME FILE_NAME < classifier.tflite``.

A damaged file can crash an interpreter (tflite-runtime 2.14 does not check what it reads), and the bot with it. So
every network that did not come with the project is first loaded and run in a process of its own.
"""

import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from bot.registry.loaded import KINDS
from bot.vision import child
from bot.vision.interpreter import ModelError, TfliteRuntime

TIMEOUT_S: Final = 30.0
"""Loading takes well below a second; a file that asks for endless memory or time is none of ours."""

MEMORY_BYTES: Final = 4 * 1024**3
"""Address space of the probe: LiteRT maps about 1 GB, models of ours need megabytes."""

PROBE: Final = child.command("bot.registry.probe")

_REFUSED: Final = 3


def probe(
    name: str, model: bytes, runtime: TfliteRuntime, *, timeout_s: float = TIMEOUT_S, command: Sequence[str] = PROBE
) -> None:
    """Load and run a network in a child process.

    Args:
        name: which of the networks of a set it is to be, by file name.
        model: the TFLite file.
        runtime: the interpreter that is to serve it.
        timeout_s: what it may take, in seconds.
        command: the probe's command line, to which runtime and name are appended.

    Raises:
        ModelError: the model is refused, or the probe crashed or hung on it.
    """
    try:
        result = subprocess.run(  # noqa: S603 - our own module, or what a test hands in
            [*command, runtime, name],
            input=model,
            capture_output=True,
            timeout=timeout_s,
            env=child.environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError("the interpreter hangs on this file") from error
    except OSError as error:
        raise ModelError(f"the file cannot be tried: {error.strerror}") from error
    if result.returncode == _REFUSED:
        raise ModelError(result.stdout.decode("utf-8", "replace").strip())
    if result.returncode != 0:
        raise ModelError("the interpreter crashes on this file")


def main() -> int:
    """Load the network on the standard input; what is wrong with it goes to the standard output."""
    try:
        import resource
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        kind = KINDS[sys.argv[2]]
        kind(sys.stdin.buffer.read(), runtime=TfliteRuntime(sys.argv[1]), interpreters=1)
    except ModelError as error:
        print(str(error).encode("ascii", "replace").decode())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
