"""How much memory processes take with all that they started: PSS, where what several share is counted once.

The part that belongs to files is told apart: the pages of libraries are divided among all programs of the machine that
map them. So that part grows when some other program ends; besides, the system can drop it at any time. Nothing else of
this environment should run meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def can_be_measured() -> bool:
    """Whether this system tells: Linux does."""
    return (_PROC / "self" / "smaps_rollup").is_file()


@dataclass(frozen=True, slots=True)
class Usage:
    """Memory in bytes.

    Attributes:
        own: PSS without that of mapped files.
        files: PSS of mapped files.
    """

    own: int
    files: int

    @property
    def whole(self) -> int:
        """Both together."""
        return self.own + self.files


def of_trees(roots: Iterable[int]) -> Usage:
    """What processes and their descendants take; one that ends meanwhile counts for nothing."""
    parts = [_usage(number) for root in roots for number in tree(root)]
    return Usage(sum(part.own for part in parts), sum(part.files for part in parts))


def tree(root: int) -> Iterator[int]:
    """The ids of a process and of its descendants."""
    children = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                # The name in parentheses may hold anything; the parent comes second after it.
                children[int((folder / "stat").read_text().rpartition(")")[2].split()[1])].append(int(folder.name))
            except (OSError, IndexError):
                continue
    left = [root]
    while left:
        number = left.pop()
        yield number
        left += children[number]


def _usage(number: int) -> Usage:
    try:
        lines = (_PROC / str(number) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return Usage(0, 0)
    values = {name: 1024 * int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    files = values.get("Pss_File", 0)
    return Usage(values.get("Pss", 0) - files, files)
