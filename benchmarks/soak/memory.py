"""How much memory a process takes with all that it started: PSS, where what several share is counted once."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def can_be_measured() -> bool:
    """Whether this system tells: Linux does."""
    return (_PROC / "self" / "smaps_rollup").is_file()


def of_tree(root: int) -> int:
    """Bytes of a process and its descendants; one that ends meanwhile counts for nothing."""
    return sum(_pss(number) for number in tree(root))


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


def _pss(number: int) -> int:
    try:
        lines = (_PROC / str(number) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
