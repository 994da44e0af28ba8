"""A Jupyter notebook as a file: the format's version 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a notebook.

    Attributes:
        name: identifies its cells: 1-50 of ``A-Za-z0-9_-``.
        words: Markdown.
        code: Python.
    """

    name: str
    words: str
    code: str


def notebook(title: str, sections: Sequence[Section], language: str) -> bytes:
    """Write a notebook that has not been run.

    Args:
        title: Markdown of its first cell.
        sections: a cell of words and a cell of code each.
        language: an IETF tag, kept in its metadata.
    """
    cells = [_words("title", title)]
    for section in sections:
        cells += [_words(f"{section.name}-words", section.words), _code(section.name, section.code)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "lang": language,
    }
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _words(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, code: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": code.splitlines(keepends=True),
        "execution_count": None,
        "outputs": [],
    }
