"""Photos, garments and predictions that no model had to make."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.replies.texts import Language
from bot.vision.garment import Garment
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict

MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Any]


@pytest.fixture(params=list(Language), ids=lambda language: language.value)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture
def prediction() -> MakePrediction:
    """Makes predictions: two classes share nearly everything."""

    def make(
        first: int = 4,
        second: int = 2,
        confidence: float = 0.873,
        verdict: Verdict = Verdict.SURE,
        *,
        other_clothing: bool = False,
    ) -> Prediction:
        rest = (1 - confidence) / 2
        shares = [rest / 8] * 10
        shares[first], shares[second] = confidence, rest
        return Prediction(tuple(shares), verdict, other_clothing)

    return make


@pytest.fixture
def recognition(prediction: MakePrediction) -> MakeRecognition:
    """Makes recognitions: a red rectangle on gray cloth, found as the garment."""

    def make(
        said: Prediction | None = None,
        size: tuple[int, int] = (480, 640),
        *,
        quality: float = 0.9,
        garments: int = 1,
        chosen: int = 0,
        in_colour: bool = False,
    ) -> Any:
        width, height = size
        noise = np.random.default_rng(0).integers(-12, 12, (height, width, 3))
        pixels = np.clip(np.full((height, width, 3), 150) + noise, 0, 255).astype(np.uint8)
        left, top, right, bottom = width // 4, height // 4, width - width // 4, height - height // 4
        pixels[top:bottom, left:right] = (170, 40, 50)
        mask = np.zeros((height, width), np.float32)
        mask[top:bottom, left:right] = 1
        opinion = np.full(10, 0.1, np.float32) if in_colour else None
        garment = Garment(mask, (left, top, right, bottom), quality, opinion=opinion)
        seen = np.zeros((28, 28), np.float32)
        seen[:, 7:21] = 0.6
        return SimpleNamespace(
            photo=Photo(pixels),
            garments=(garment,) * garments,
            chosen=chosen,
            garment=garment,
            pixels=seen,
            prediction=said or prediction(),
            model_version="standard-2026",
            milliseconds=20.0,
        )

    return make
