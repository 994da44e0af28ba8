"""A virtual environment with tflite-runtime 2.14 instead of LiteRT, made once and kept beside ``.venv``."""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT, needs

FOLDER = ROOT / ".venv-tflite"
REQUIREMENTS = ROOT / "requirements-tflite-runtime.txt"


def older_python() -> Path:
    """The Python of that environment, which has everything that serving needs.

    It needs Python 3.11, the last that tflite-runtime was built for.
    """
    with _nobody_else_makes_it():
        return _made()


@contextlib.contextmanager
def _nobody_else_makes_it() -> Iterator[None]:
    """Workers share the environment: the second waits until the first has made it."""
    with (ROOT / ".venv-tflite.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _made() -> Path:
    stamp, wanted = FOLDER / "requirements.sha256", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    python = FOLDER / "bin" / "python"
    if stamp.is_file() and stamp.read_text() == wanted and python.is_file():
        return python
    base = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which("python3.11")
    needs(base and sys.platform == "linux", "install Python 3.11 on Linux: tflite-runtime exists for no later one")
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([str(base), "-m", "venv", "--without-pip", str(FOLDER)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    made = subprocess.run(
        [*pip, "install", "--quiet", "--no-compile", "--require-hashes", "--requirement", str(REQUIREMENTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    needs(made.returncode == 0, f"python3.11 -m pip install -r {REQUIREMENTS.name} ({made.stderr.strip()[-300:]})")
    stamp.write_text(wanted)
    return python
