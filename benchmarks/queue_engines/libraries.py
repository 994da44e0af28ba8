"""The libraries that are compared: installed once, each into a folder of its own beside ``.venv``.

They are no part of the bot. Each folder comes before the bot's own packages in a replica's ``PYTHONPATH``.
"""

import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from benchmarks.live.errors import LiveError
from bot.settings import PROJECT_ROOT

REQUIREMENTS: Final = {
    "procrastinate": "procrastinate==3.10.0",
    "pgqueuer": "pgqueuer[psycopg]==1.6.0",
    "dbos": "dbos==3.4.0",
}
FOLDER: Final = PROJECT_ROOT / ".venv-queue-engines"


def installed(engine: str) -> Path | None:
    """The folder with an engine's packages, which are fetched when they are not there; None for the bot's own.

    Raises:
        LiveError: they cannot be fetched.
    """
    if engine not in REQUIREMENTS:
        return None
    requirement = REQUIREMENTS[engine]
    folder = FOLDER / re.sub(r"[^a-z0-9.]+", "-", requirement)
    if not folder.is_dir():
        partial = folder.with_suffix(".partial")
        command = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--upgrade"]
        ended = subprocess.run(
            [sys.executable, *command, "--target", str(partial), requirement],
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise LiveError(f"pip install {requirement} failed: {ended.stderr.strip()[-300:]}")
        partial.rename(folder)
    return folder


def megabytes_more(folder: Path | None) -> float:
    """What these packages take on the disk, beyond those that serving has anyway."""
    if folder is None:
        return 0.0
    locked = (PROJECT_ROOT / "requirements.txt").read_text(encoding="utf-8")
    has = {_canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", locked, re.MULTILINE)}
    new = [each for each in distributions(path=[str(folder)]) if _canonical(each.metadata["Name"]) not in has]
    paths = {Path(str(file.locate())) for each in new for file in each.files or ()}
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
