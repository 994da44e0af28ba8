"""Whether every network of a set runs on both interpreters: LiteRT and tflite-runtime 2.14."""

from __future__ import annotations

from collections.abc import Mapping

from bot.registry.layout import MODEL_FILE
from bot.registry.loaded import KINDS
from bot.vision.interpreter import ModelError
from training.networks.operators import unsupported


def runtime_problems(networks: Mapping[str, bytes]) -> tuple[str, ...]:
    """Why networks of a set would not serve, one line each.

    Each is loaded and tried by the interpreter that is installed here, and the operators that it names are looked up
    for both.

    Args:
        networks: TFLite files by name; the classifier is judged in full elsewhere, before it can come here.
    """
    problems: list[str] = []
    for name, data in networks.items():
        if name == MODEL_FILE:
            continue
        try:
            KINDS[name](data, interpreters=1)
        except ModelError as error:
            problems.append(f"{name}: {error}")
        else:
            problems += [f"{name}: {problem}" for problem in unsupported(data)]
    return tuple(problems)
