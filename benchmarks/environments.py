"""Virtual environments of what is measured and of what it is compared with, apart from the one of development."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot.settings import PROJECT_ROOT

FOLDER: Final = PROJECT_ROOT / ".venv-bench"

SERVING: Final = ("--require-hashes", "-r", "requirements.txt")
"""What the bot installs where it serves."""

COURSE: Final = ("tensorflow==2.21.0", "matplotlib==3.11.2", "streamlit", "streamlit-clickable-images")
"""What the course's page needs."""

OLDER_RUNTIME: Final = ("--require-hashes", "-r", "requirements-tflite-runtime.txt")

_NOT_OURS: Final = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "__pycache__")
"""What venv puts into every environment."""


class EnvironmentUnavailable(Exception):
    """An environment cannot be made; ``str()`` says why in one line."""


def made(name: str, packages: Sequence[str], say: Callable[[str], None]) -> Path:
    """The interpreter of an environment, which is made unless it is there.

    Raises:
        EnvironmentUnavailable: this Python is too new or too old for a package, or there is no network.
    """
    folder, python = FOLDER / name, python_of(name)
    done = folder / ".done"
    if not done.exists():
        say(f"making the virtual environment {folder.relative_to(PROJECT_ROOT)}")
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], install):
            ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
            if ended.returncode:
                lines = (ended.stderr or ended.stdout).strip().splitlines() or [f"status {ended.returncode}"]
                raise EnvironmentUnavailable(f"{name}: {lines[-1][:200]}")
        done.touch()
    return python


def python_of(name: str) -> Path:
    """Where an environment's interpreter is, or will be."""
    return FOLDER / name / "bin" / "python"


def megabytes(python: Path) -> float:
    """What an environment's packages take on the disk, without what venv itself brings."""
    (packages,) = python.parent.parent.glob("lib/python*/site-packages")
    own = [folder for folder in packages.iterdir() if not folder.name.startswith(_NOT_OURS)]
    files = [path for folder in own for path in ([folder] if folder.is_file() else folder.rglob("*"))]
    return sum(path.lstat().st_blocks for path in files if path.is_file() and not path.is_symlink()) * 512 / 1e6
