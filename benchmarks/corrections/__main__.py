"""What corrections bring: people correct garments, an admin accepts all, ``python -m training`` refreshes.

    python -m benchmarks.corrections --data-dir data [--part learnt ...] [--folder build/corrections]

| part | what is played |
|---|---|
| ``learnt`` | 30 people correct 300 garments; the gate judges by everybody else's photos |
| ``poisoned`` | the same, with a tenth of the corrections mislabelled, which the admin lets pass |
| ``whole-gate`` | half of those kept for calibration correct, and the gate judges by all validation photos |
| ``in-a-row`` | twenty refreshes of the network in colour, one after the other, each with five corrections more |

The first three go through a real store and the whole of ``python -m training``; what its gate says is told, but
overruled, so that there always is something to compare. What a part found is kept in the folder under a name that
changes with the published set, so that the same command goes on where it was stopped, and prints all tables again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.corrections.whole import RefreshFailedError, Scene, refresh_all, within_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Table = list[list[str]]

POISON: Final = 0.1

PARTS: Final[dict[str, Callable[[Scene, Path], tuple[Table, bool]]]] = {
    "learnt": lambda scene, folder: _limited(refresh_all(scene)),
    "poisoned": lambda scene, folder: _limited(refresh_all(scene, poison=POISON)),
    "whole-gate": lambda scene, folder: _limited(refresh_all(scene, whole_gate=True)),
    "in-a-row": lambda scene, folder: _in_a_row(scene, folder),
}
"""Each gives a table and whether everything is within its limits."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corrections", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    parser.add_argument("--folder", type=Path, default=Path("build/corrections"), help="keeps runs and results")
    parser.add_argument("--corrections", type=int, default=300, metavar="N", help="at most so many (default: 300)")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), help="which (default: all)")
    options = parser.parse_args(arguments)
    os.environ["DATABASE_URL"] = ""
    runs = options.folder.resolve() / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    scene = Scene(options.data_dir.resolve(), options.models_dir.resolve(), runs, options.corrections)
    results = options.folder.resolve() / f"{_name_of(scene.models_dir)}-{scene.corrections}"
    results.mkdir(exist_ok=True)
    try:
        kept = {part: _played(part, scene, results) for part in options.part}
    except RefreshFailedError as error:
        print(error, file=sys.stderr)
        return 2
    for part, (rows, _) in kept.items():
        print(f"\n{part}\n\n{markdown(rows)}")
    return int(not all(within for _, within in kept.values()))


def markdown(rows: Table) -> str:
    """A table, the first row its heading."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def _played(part: str, scene: Scene, results: Path) -> tuple[Table, bool]:
    """What a part found: kept from before, or now."""
    path = results / f"{part}.json"
    if path.is_file():
        rows, within = json.loads(path.read_text(encoding="utf-8"))
        return rows, within
    print(f"{part} ...", flush=True)
    found = PARTS[part](scene, results / part)
    path.write_text(json.dumps(found), encoding="utf-8")
    return found


def _limited(rows: Table) -> tuple[Table, bool]:
    return rows, within_limits(rows)


def _in_a_row(scene: Scene, folder: Path) -> tuple[Table, bool]:
    from benchmarks.corrections.in_a_row import Chain, table_of, within_allowances  # TensorFlow, which is not small

    rounds = Chain(scene, folder).run()
    return table_of(rounds), within_allowances(rounds)


def _name_of(models_dir: Path) -> str:
    """Changes with every file of the set that is shipped."""
    digest = hashlib.sha256()
    for path in sorted([*models_dir.glob("*.tflite"), *models_dir.glob("card.json")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
