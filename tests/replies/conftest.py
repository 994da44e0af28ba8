"""Photos, garments and predictions that no model had to make."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from bot.replies.texts import Language
from bot.vision.garment import Garment, Group, whole_photo
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import NamedGarment, Recognition

MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Recognition]


@pytest.fixture(params=list(Language), ids=lambda language: language.value)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="session")
def prediction() -> MakePrediction:
    """Makes predictions: two classes share nearly everything; with ``NO_GARMENT`` none of the ten has most."""

    def make(
        first: int = 4,
        second: int = 2,
        confidence: float = 0.873,
        verdict: Verdict = Verdict.SURE,
        *,
        other_clothing: bool = False,
        likely: bool = False,
    ) -> Prediction:
        outside = 0.6 if verdict is Verdict.NO_GARMENT else 0.1 * (1 - confidence)
        if verdict is Verdict.NO_GARMENT:
            confidence *= 0.3
        rest = (1 - confidence - outside) / 2
        shares = [rest / 8] * 10
        shares[first], shares[second] = confidence, rest
        return Prediction(tuple(shares), verdict, other_clothing, outside, likely)

    return make


@pytest.fixture(scope="session")
def recognition(prediction: MakePrediction) -> MakeRecognition:
    """Makes recognitions: red stripes on gray cloth, found as garments; the first is called as asked."""

    def make(
        said: Prediction | None = None,
        size: tuple[int, int] = (480, 640),
        *,
        quality: float = 0.9,
        others: Sequence[Prediction] = (),
        chosen: int = 0,
        from_data_set: bool = False,
    ) -> Recognition:
        width, height = size
        noise = np.random.default_rng(0).integers(-12, 12, (height, width, 3))
        pixels = np.clip(np.full((height, width, 3), 150) + noise, 0, 255).astype(np.uint8)
        seen = np.zeros((28, 28), np.float32)
        seen[:, 7:21] = 0.6
        predictions = [said or prediction(), *others]
        named = []
        for place, each in enumerate(predictions):
            top = height // 4 + place * (height // 2) // len(predictions)
            bottom = height // 4 + (place + 1) * (height // 2) // len(predictions)
            left, right = width // 4, width - width // 4
            pixels[top:bottom, left:right] = (170, 40, 50)
            mask = np.zeros((height, width), np.float32)
            mask[top:bottom, left:right] = 1
            box = (left, top, max(right, left + 1), max(bottom, top + 1))
            garment = Garment(mask, box, float(mask.mean()), quality, Group.OUTER)
            named.append(NamedGarment(garment, seen, None, each))
        nothing = predictions[0].verdict is Verdict.NO_GARMENT and not predictions[0].other_clothing
        photo = Photo(pixels)
        return Recognition(
            photo=photo,
            garments=() if nothing else tuple(named),
            chosen=0 if nothing else chosen,
            judged=NamedGarment(whole_photo(photo), seen, None, predictions[0]) if nothing else named[chosen],
            from_data_set=from_data_set,
            model_version="standard-2026",
            milliseconds=20.0,
        )

    return make
