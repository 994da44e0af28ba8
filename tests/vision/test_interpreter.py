"""Interpreters are made when they are needed, and no more than were asked for."""

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from bot.vision.interpreter import PACKAGES, InterpreterPool, choose_runtime
from tests.vision.tiny_models import tiny_model

PICTURE = np.zeros((28, 28), np.float32)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The interpreters that have unpacked a model."""
    module = importlib.import_module(PACKAGES[choose_runtime()][1])
    ready: list[Any] = []

    class Noted(module.Interpreter):  # type: ignore[misc, name-defined]
        def allocate_tensors(self) -> None:
            super().allocate_tensors()
            ready.append(self)

    monkeypatch.setattr(module, "Interpreter", Noted)
    return ready


def pool(interpreters: int) -> InterpreterPool:
    return InterpreterPool(tiny_model(), input_shape=(1, 28, 28), output_shapes=((1, 10),), interpreters=interpreters)


def test_none_is_made_before_the_first_call_and_one_serves_all_that_follow_each_other(made: list[Any]) -> None:
    several = pool(3)
    assert not made
    for _ in range(3):
        several.run(PICTURE)
    assert len(made) == 1


def test_calls_side_by_side_have_one_each_up_to_the_number_asked_for(
    made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module(PACKAGES[choose_runtime()][1])
    invoke, together = module.Interpreter.invoke, threading.Barrier(2)

    def invoke_together(self: Any) -> None:
        together.wait(30)
        invoke(self)

    monkeypatch.setattr(module.Interpreter, "invoke", invoke_together)
    two = pool(2)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(two.run, [PICTURE] * 6))
    assert len(answers) == 6
    assert len(made) == 2
