"""The committed table of operators, against the interpreters themselves."""

import sys

import pytest

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE, SHIPPED_MODELS
from tests.older_runtime import older_python
from tests.vision.tiny_models import always
from training.errors import UnfitModelError
from training.networks.operators import loadable, operators_of, probe_model, supported, unsupported

TFLITE_RUNTIME = "tflite-runtime 2.14.0"


def test_reads_the_operators_of_a_file() -> None:
    assert operators_of(always(1)) == [("FULLY_CONNECTED", 1), ("RESHAPE", 1), ("SOFTMAX", 1)]
    assert unsupported(always(1)) == []


def test_a_newer_version_or_an_unknown_operator_is_named() -> None:
    fully_connected, stablehlo_scatter = 9, 164
    assert unsupported(probe_model(fully_connected, 12)) == [
        "FULLY_CONNECTED version 12: tflite-runtime 2.14.0 has versions 1 to 10"
    ]
    assert "tflite-runtime 2.14.0 does not have it" in unsupported(probe_model(stablehlo_scatter, 1))[0]


@pytest.mark.parametrize("damaged", [b"", b"TFL3", b"\0" * 100, always(1)[:40]])
def test_what_is_no_model_is_unfit(damaged: bytes) -> None:
    with pytest.raises(UnfitModelError):
        operators_of(damaged)


@pytest.mark.parametrize("file", ["classifier.tflite", SEGMENTER_FILE, COLOR_CLASSIFIER_FILE])
def test_both_interpreters_have_what_the_shipped_networks_use(file: str) -> None:
    assert unsupported((SHIPPED_MODELS / file).read_bytes()) == []


def test_litert_loads_what_the_table_says() -> None:
    """The newest version of each, and none beyond what the older runtime was measured to have."""
    table = supported()["ai-edge-litert"]
    newest = {(name, high) for name, (_, high) in table.items()}
    assert loadable(sys.executable, newest) == newest


@pytest.mark.timeout(600)
def test_tflite_runtime_loads_what_the_table_says_and_no_more() -> None:
    table = supported()[TFLITE_RUNTIME]
    ends = {(name, version) for name, ends in table.items() for version in ends}
    beyond = {(name, high + 1) for name, (_, high) in table.items()}
    assert loadable(str(older_python()), ends | beyond) == ends
