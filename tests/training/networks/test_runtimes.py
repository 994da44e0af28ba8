"""Every network of a set is tried before it is published."""

from tests.registry.sets import set_of
from tests.vision.tiny_models import tiny_model
from training.networks import runtimes
from training.networks.runtimes import runtime_problems


def test_a_set_that_runs_everywhere_has_none() -> None:
    assert runtime_problems(set_of(3, "v3").networks) == ()


def test_each_network_that_the_bot_would_refuse_is_named() -> None:
    networks = {**set_of(3, "v3").networks, "segmenter.tflite": tiny_model(), "color_classifier.tflite": b"broken"}
    segmenter, color = sorted(runtime_problems(networks), reverse=True)
    assert segmenter.startswith("segmenter.tflite: a model with other inputs")
    assert color == "color_classifier.tflite: not a TFLite file"


def test_operators_that_one_of_both_lacks_are_named(monkeypatch) -> None:
    monkeypatch.setattr(runtimes, "unsupported", lambda data: ["MEAN version 99: tflite-runtime has versions 1 to 2"])
    told = runtime_problems(set_of(3, "v3").networks)
    assert len(told) == 2
    assert all(line.endswith("MEAN version 99: tflite-runtime has versions 1 to 2") for line in told)
