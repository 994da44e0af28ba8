"""How right the answers are, where a folder says what is: ``labels.csv`` with the columns ``file`` and ``label``."""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.batch.inputs import STANDARD_INPUT
from bot.batch.lines import columns, padded
from bot.batch.outcomes import Outcome
from bot.replies.numerals import percent
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, class_named
from bot.vision.labels import CLASS_COUNT

FILE: Final = "labels.csv"
_CELL: Final = 5


class LabelsError(Exception):
    """A ``labels.csv`` that cannot be used; ``str()`` says why in one line."""


@dataclass
class Score:
    """Counts right and wrong answers.

    Attributes:
        labels: the true class of each labelled file, by its real path.
        confusion: [10][11] counts; rows are actual; columns predicted classes and, last, none of the ten.
    """

    labels: dict[str, int]
    confusion: list[list[int]] = field(default_factory=lambda: [[0] * (CLASS_COUNT + 1) for _ in range(CLASS_COUNT)])

    def count(self, outcome: Outcome) -> None:
        """Count an answer where its file has a label."""
        actual = self.labels.get(os.path.realpath(outcome.path))
        if actual is not None and outcome.recognition is not None and outcome.path != STANDARD_INPUT:
            self.confusion[actual][min(outcome.recognition.prediction.said, CLASS_COUNT)] += 1

    def report(self, language: Language) -> str:
        """Accuracy and confusion table, several lines; empty where nothing had a label."""
        total = sum(map(sum, self.confusion))
        if not total:
            return ""
        said = texts(language).predict
        right = sum(row[label] for label, row in enumerate(self.confusion))
        lines = [said.accuracy.format(percent=percent(right / total), right=right, total=total)]
        names = [f"{label} {class_name(label, language)}" for label in range(CLASS_COUNT)]
        wide = max(columns(name) for name in (*names, said.table))
        heads = [*map(str, range(CLASS_COUNT)), said.none]
        lines.append(padded(said.table, wide) + "".join(" " * (_CELL - columns(head)) + head for head in heads))
        lines += [
            padded(name, wide) + "".join(f"{number or '·':>{_CELL}}" for number in row)
            for name, row in zip(names, self.confusion, strict=True)
        ]
        return "\n".join(lines)


def labels_in(folders: Iterable[str]) -> dict[str, int]:
    """Read the labels of folders, by the real paths of the files.

    Raises:
        LabelsError: one of them cannot be read, lacks a column, or names a class that there is not.
    """
    labels: dict[str, int] = {}
    for folder in folders:
        path = Path(folder) / FILE
        if not path.is_file():
            continue
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise LabelsError(f"{path} cannot be read: {error}") from error
        for number, row in enumerate(rows, start=2):
            name, label = row.get("file"), row.get("label")
            if not name or label is None:
                raise LabelsError(f"{path}, line {number}: the columns file and label are needed")
            if (known := class_named(label)) is None:
                raise LabelsError(f"{path}, line {number}: {label!r} is no class (0-9, or a name)")
            labels[os.path.realpath(Path(folder) / name)] = known
    return labels
