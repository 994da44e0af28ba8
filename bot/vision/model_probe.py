"""Tries a model file where it can do no harm: ``python -m bot.vision.model_probe RUNTIME < classifier.tflite``.

A damaged file can crash an interpreter (tflite-runtime 2.14 does not check what it reads), and the bot with it. So a
file that is not the one its card describes is first loaded in a process of its own.
"""

import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from bot.vision import child
from bot.vision.classifier import Classifier, ModelError, Runtime

TIMEOUT_S: Final = 30.0
"""Loading takes well below a second; a file that asks for endless memory or time is none of ours."""

MEMORY_BYTES: Final = 4 * 1024**3
"""Address space of the probe: LiteRT maps about 1 GB, models of ours need megabytes."""

PROBE: Final = child.command("bot.vision.model_probe")

_REFUSED: Final = 3


def probe(model: bytes, runtime: Runtime, *, timeout_s: float = TIMEOUT_S, command: Sequence[str] = PROBE) -> None:
    """Load and run a model in a child process.

    Args:
        model: the TFLite file.
        runtime: the interpreter that is to serve it.
        timeout_s: what it may take, in seconds.
        command: the probe's command line, to which the runtime is appended.

    Raises:
        ModelError: the model is refused, or the probe crashed or hung on it.
    """
    try:
        result = subprocess.run(  # noqa: S603 - our own module, or what a test hands in
            [*command, runtime],
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
    """Load the model on the standard input; what is wrong with it goes to the standard output."""
    try:
        import resource
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        Classifier(sys.stdin.buffer.read(), runtime=Runtime(sys.argv[1]), interpreters=1)
    except ModelError as error:
        print(str(error).encode("ascii", "replace").decode())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
