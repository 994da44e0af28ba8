"""Inputs and outputs are read from the file as the interpreter tells them."""

import importlib
import random

import numpy as np
import pytest

from bot.registry.layout import NETWORK_FILES, SHIPPED_MODELS
from bot.vision.interpreter import PACKAGES, choose_runtime
from bot.vision.tflite_file import Tensor, inputs_and_outputs
from tests.vision.tiny_models import tiny_model


@pytest.mark.parametrize("file", NETWORK_FILES)
def test_a_shipped_file_says_what_the_interpreter_says(file: str) -> None:
    model = (SHIPPED_MODELS / file).read_bytes()
    interpreter = importlib.import_module(PACKAGES[choose_runtime()][1]).Interpreter(model_content=model)
    told = tuple(
        [Tensor(each["index"], tuple(each["shape"].tolist()), each["dtype"] is np.float32) for each in details]
        for details in (interpreter.get_input_details(), interpreter.get_output_details())
    )
    assert inputs_and_outputs(model) == told


@pytest.mark.parametrize("file", [b"", b"TFL3", b"\x1c\0\0\0TFL3", b"\xff" * 4 + b"TFL3", tiny_model()[:200]])
def test_what_is_no_network_or_damaged_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match="TFLite file"):
        inputs_and_outputs(file)


def test_damage_is_told_by_one_kind_of_error_at_most() -> None:
    noise, whole, refused = random.Random(1), tiny_model(), 0
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[noise.choice([*range(64), *range(len(whole) - 900, len(whole))])] = noise.randrange(256)
        damaged[4:8] = b"TFL3"
        try:
            inputs_and_outputs(bytes(damaged))
        except ValueError:
            refused += 1
    assert refused
